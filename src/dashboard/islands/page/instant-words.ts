/** Instants as islands write them: `2026-03-01 00:34`, in the zone that the page shows times in. */

export function shownZone(): string {
  return document.documentElement.dataset["zone"] ?? "UTC";
}

/** The clock of Sweden is written as ISO 8601 is, but for a blank. */
export function instantWords(ms: number): string {
  return new Date(ms).toLocaleString("sv-SE", {
    timeZone: shownZone(),
    dateStyle: "short",
    timeStyle: "short",
  });
}
