/** Values for cells of a spreadsheet, which cuts what is too long without a word: the rest goes on in rows of its own. */
import { maxCellCharacters } from "../client-limits.ts";

/** A list, its words between blanks, in as many cells as it needs: at least one. */
export function listCells(words: readonly string[]): string[] {
  const cells: string[] = [];
  let cell = "";
  for (const part of words.flatMap(textCells)) {
    if (cell !== "" && cell.length + 1 + part.length > maxCellCharacters) {
      cells.push(cell);
      cell = part;
    } else {
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
    // Not between the two halves of a character beyond the first 65,536.
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to--;
    cells.push(text.slice(from, to));
    from = to;
  }
  return cells.length === 0 ? [""] : cells;
}
