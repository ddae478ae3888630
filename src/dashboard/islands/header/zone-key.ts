/** Opens the choice of time zones, from the key or the button. */
export function openZones(): void {
  document.querySelector<HTMLButtonElement>("#zone")?.click();
}
