/** The matrix of co-tests by keyboard: one cell is in the tab order, and arrows go from there. */
import type { Island } from "../page/island.ts";

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
  PageUp: [-Infinity, 0],
  PageDown: [Infinity, 0],
};

export function start(element: HTMLElement): Island {
  const stopped = new AbortController();
  let place: readonly [row: number, column: number] = [0, 0];
  const show = (): void => {
    element.querySelector("table")?.setAttribute("role", "grid");
    for (const [row, cells] of rowsOf(element).entries())
      for (const [column, cell] of cells.entries()) {
        cell.tabIndex = row === place[0] && column === place[1] ? 0 : -1;
        // The place of a cell in the grid survives a round of the page.
        cell.dataset["place"] = `${row} ${column}`;
      }
  };
  const go = (row: number, column: number): void => {
    const rows = rowsOf(element);
    const top = Math.min(Math.max(row, 0), rows.length - 1);
    const left = Math.min(Math.max(column, 0), (rows[top]?.length ?? 1) - 1);
    place = [top, left];
    show();
    rows[top]?.[left]?.focus();
  };
  element.addEventListener(
    "keydown",
    (event) => {
      const step = steps[event.key];
      const from = event.target instanceof HTMLElement ? event.target.dataset["place"] : undefined;
      if (step === undefined || from === undefined) return;
      event.preventDefault();
      const [row = 0, column = 0] = from.split(" ").map(Number);
      go(row + step[0], column + step[1]);
    },
    { signal: stopped.signal },
  );
  show();
  return {
    update: (fresh) => {
      const hadFocus = element.contains(document.activeElement);
      element.replaceChildren(...fresh.childNodes);
      if (hadFocus) go(...place);
      else show();
    },
    stop: () => stopped.abort(),
  };
}

/** All cells of a row of the body, so that columns are the same in each. */
function rowsOf(element: HTMLElement): HTMLElement[][] {
  return [...element.querySelectorAll("tbody tr")].map((row) => [
    ...row.querySelectorAll<HTMLElement>("td"),
  ]);
}
