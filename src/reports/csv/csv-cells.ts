/**
 * Values for cells of a spreadsheet, which silently cuts what is too long: the rest continues in further rows. What
 * is put before a text so that no spreadsheet runs it counts too.
 */
import { maxCellCharacters } from "../../limits/reports.ts";

/** A list, its words between blanks, in as many cells as it needs: at least one. */
export function listCells(words: readonly string[]): string[] {
  const cells: string[] = [];
  let cell = "";
  let length = 0;
  for (const part of words.flatMap(textCells)) {
    // In a cell behind others it has no more marks than by itself.
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
    // A character less is a character less with its marks too, at least.
    to -= Math.max(0, withoutFormulas(text.slice(from, to)).length - maxCellCharacters);
    // Not between the two halves of a character beyond the first 65,536.
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to--;
    cells.push(text.slice(from, to));
    from = to;
  }
  return cells.length === 0 ? [""] : cells;
}

const plainNumber = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;
/** Where a cell begins: at the beginning, and behind what some spreadsheets take for the end of a cell or a row. */
const cellStart = /(^|[;\t\r\n])([\s\p{Cc}\p{Cf}]*)(\P{Cc})/gu;

/** One cell, which no spreadsheet takes for a formula (OWASP, CSV injection); a number stays one. */
export function field(text: string): string {
  const cell = plainNumber.test(text) ? text : withoutFormulas(text);
  return /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** An apostrophe before what would begin a formula makes it text. Forms of other widths count, and blanks before it do not. */
function withoutFormulas(text: string): string {
  // Most cells: one letter or figure begins them, and nothing in them begins another.
  if (/^[A-Za-z0-9][^;\t\r\n]*$/.test(text)) return text;
  const marked = text.replace(cellStart, (found, before: string, blanks: string, first: string) => {
    const begins = /^[=+\-@]/.test(first.normalize("NFKC"));
    return begins ? `${before}${blanks}'${first}` : found;
  });
  return /^[\t\r\n]/.test(marked) ? `'${marked}` : marked;
}
