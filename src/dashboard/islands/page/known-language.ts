/**
 * uPlot makes a format of numbers for the browser's language as it is loaded. A browser that is started without a locale calls its
 * language `en-US@posix`, which is none: it would throw, and the page would have no chart. To be called before any island is loaded.
 */
export function haveKnownLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-GB", configurable: true });
  }
}
