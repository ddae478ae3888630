/**
 * Globs: `*` stands for any text, every other character for itself. Matching is linear in the text for
 * each star and never backtracks further, so that no text can hold the process.
 */

/** Whether the whole text fits the glob, whatever the case. */
export function globFits(glob: string, text: string): boolean {
  return globFitsExactly(glob.toLowerCase(), text.toLowerCase());
}

/** As `globFits`, where case counts. */
export function globFitsExactly(glob: string, text: string): boolean {
  const [first = "", ...rest] = glob.split("*");
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const piece of rest) {
    // The earliest place leaves the most for the pieces that follow: another one need never be tried.
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
