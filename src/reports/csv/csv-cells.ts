/**
 * Splits values over spreadsheet cells, because a spreadsheet silently cuts a text that is too long: the rest continues
 * in further rows. The marks that keep a spreadsheet from running a text as a formula count towards the length.
 */
import { maxCellCharacters } from "../../limits/reports.ts";

/** A list in as many cells as it needs, at least one; its words are separated by blanks. */
export function listCells(words: readonly string[]): string[] {
  const cells: string[] = [];
  let cell = "";
  let length = 0;
  for (const part of words.flatMap(textCells)) {
    // After other words in a cell, a word has no more marks than by itself.
    const own = withoutFormulas(part).length;
    if (cell !== "" && length + 1 + own > maxCellCharacters) {
      cells.push(cell);
      cell = part;
      length = own;
    } else {
      length += cell === "" ? own : 1 + own;
      cell = cell === "" ? part : `${cell} ${part}`;
    }
  }
  return [...cells, cell];
}

/** A text in as many cells as it needs, cut between characters. */
export function textCells(text: string): string[] {
  const cells: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + maxCellCharacters, text.length);
    // Each character removed shortens the marked text by at least one character.
    to -= Math.max(0, withoutFormulas(text.slice(from, to)).length - maxCellCharacters);
    // Never between the two halves of a surrogate pair.
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to--;
    cells.push(text.slice(from, to));
    from = to;
  }
  return cells.length === 0 ? [""] : cells;
}

const plainNumber = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;
/** Where a cell begins: at the start, and after what some spreadsheets take for the end of a cell or row. */
const cellStart = /(^|[;\t\r\n])([\s\p{Cc}\p{Cf}]*)(\P{Cc})/gu;

/** One cell that no spreadsheet takes for a formula (OWASP, CSV injection); a number stays a number. */
export function field(text: string): string {
  const cell = plainNumber.test(text) ? text : withoutFormulas(text);
  return /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Puts an apostrophe before what would begin a formula, also in full-width forms and after blanks. */
export function withoutFormulas(text: string): string {
  // Most cells begin with an ASCII letter or digit, and nothing in them begins another cell.
  if (/^[A-Za-z0-9][^;\t\r\n]*$/.test(text)) return text;
  const marked = text.replace(cellStart, (found, before: string, blanks: string, first: string) => {
    const begins = /^[=+\-@]/.test(first.normalize("NFKC"));
    return begins ? `${before}${blanks}'${first}` : found;
  });
  return /^[\t\r\n]/.test(marked) ? `'${marked}` : marked;
}
