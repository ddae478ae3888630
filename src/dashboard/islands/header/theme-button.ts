/** Light, dark, or as the system has it. */
export function startTheme(): void {
  document.querySelector("#theme")?.addEventListener("click", toggleTheme);
}

export function toggleTheme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset["theme"] === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : root.dataset["theme"] === "dark";
  root.dataset["theme"] = isDark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset["theme"]);
  // Canvases are drawn in the theme's colours.
  document.dispatchEvent(new Event("themechange"));
}
