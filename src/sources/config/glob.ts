/**
 * Globs: `*` stands for any text, every other character for itself; case is ignored, unless it is said to count. Matching is linear in the text for
 * each star and never backtracks further, so that no text can hold the process.
 */

/** Whether the whole text fits the glob. */
export function globFits(
  glob: string,
  text: string,
  counts: "case" | "letters" = "letters",
): boolean {
  const plain = (words: string) => (counts === "case" ? words : words.toLowerCase());
  const [first = "", ...rest] = plain(glob).split("*");
  const lower = plain(text);
  if (rest.length === 0) return lower === first;
  if (!lower.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const piece of rest) {
    // The earliest place leaves the most for the pieces that follow: another one need never be tried.
    const found = lower.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return lower.length - last.length >= at && lower.endsWith(last);
}
