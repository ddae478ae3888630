/** Windows that can be shown, and what a bucket says in words. */
import { spanWords } from "../page/instant-words.ts";
import type { Series } from "./series.ts";
import type { ShownWindow } from "./shown-window.ts";

const minuteMs = 60_000;
const leastMs = 60 * minuteMs;

/** The window cut to what is known, in whole minutes; `null` if hardly an hour of it is left. */
export function zoomed({ from, to }: ShownWindow, known: ShownWindow): ShownWindow | null {
  const begin = Math.max(Math.round(from / minuteMs) * minuteMs, known.from);
  const end = Math.min(Math.round(to / minuteMs) * minuteMs, known.to);
  if (end - begin >= leastMs) return { from: begin, to: end };
  const middle = Math.round((begin + end) / 2 / minuteMs) * minuteMs;
  const wider = {
    from: Math.max(known.from, middle - leastMs / 2),
    to: Math.min(known.to, middle + leastMs / 2),
  };
  return wider.to - wider.from >= minuteMs ? wider : null;
}

/** `null` where there is no such bucket. */
export function told(series: Series, bucket: number): readonly string[] | null {
  const [from, to] = [series.edges[bucket], series.edges[bucket + 1]];
  if (from === undefined || to === undefined) return null;
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? "no data" : `${(value * 100).toFixed(3)} %`;
  const isCut = series.complete[bucket] === false;
  return [
    `${spanWords(from, to)}${isCut ? ", cut" : ""}`,
    `contractual ${percent(series.contractual[bucket])}`,
    `raw ${percent(series.raw[bucket])}`,
  ];
}
