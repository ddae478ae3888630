/** Names the racks beside a picture of node states, and says what a line and a column of it stand for. */
import { ask } from "../page/ask.ts";
import type { Grid } from "./grid.ts";

export interface RowIndex {
  readonly rows: readonly { readonly rack: string | null; readonly nodes: readonly string[] }[];
}

/** What the rows of a picture are, by its address; `null` if it could not be read. */
export async function readRows(picture: string): Promise<RowIndex | null> {
  const address = new URL(picture, location.origin);
  address.searchParams.set("format", "json");
  const answer = await ask(address);
  return answer?.ok === true ? ((await answer.json()) as RowIndex) : null;
}

/** Names closer than this would overlap, in px. */
const leastGap = 13;

/** Whether the page has a place for the names. */
export function hasRackNames(key: string): boolean {
  return document.querySelector(`[data-rack-names="${CSS.escape(key)}"]`) !== null;
}

/** `key` names the picture on its page. */
export function nameRacks(key: string, { rows }: RowIndex, height: number): void {
  const place = document.querySelector<HTMLElement>(`[data-rack-names="${CSS.escape(key)}"]`);
  if (place === null) return;
  let last = -Infinity;
  let rack: string | null = null;
  const names = rows.flatMap((row, i) => {
    const isNew = row.rack !== rack;
    rack = row.rack;
    const top = (i / rows.length) * height;
    if (!isNew || row.rack === null || top - last < leastGap) return [];
    last = top;
    const name = Object.assign(document.createElement("span"), { textContent: row.rack });
    name.style.top = `${Math.min(top, height - leastGap)}px`;
    return [name];
  });
  place.replaceChildren(...names);
}

/** What is drawn is said beside each picture; how a cell is read is said by the legend where `data-brief` is set. */
export function sayScale(key: string, { nodesPerRow, binMs }: Grid): void {
  const place = document.querySelector<HTMLElement>(`[data-states-words="${CSS.escape(key)}"]`);
  if (place === null) return;
  const line = nodesPerRow === 1 ? "a node" : `${nodesPerRow} nodes`;
  const scale = `a line is ${line}, a column ${lengthWords(binMs)}`;
  const isBrief = place.dataset["brief"] !== undefined;
  place.textContent = isBrief ? scale : `${scale}: the worst state in it, deeper the more of it`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
] as const;

/** A length by its largest unit, to a tenth. */
function lengthWords(ms: number): string {
  const [unit, size] = units.find(([, least]) => ms >= least) ?? ["s", 1_000];
  return `${Number((ms / size).toFixed(1))} ${unit}`;
}
