/**
 * uPlot makes a format of numbers for the browser's language as it is loaded. A browser that is started without a locale calls its
 * language `en-US@posix`, which is none: it would throw, and the page would have no chart. It must be imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-GB", configurable: true });
}
