/** NIS by buckets, as `/v1/series` gives it. */
import type { ShownWindow } from "./shown-window.ts";

export interface Series {
  /** Milliseconds since the epoch: one more than buckets. */
  readonly edges: readonly number[];
  readonly contractual: readonly (number | null)[];
  readonly raw: readonly (number | null)[];
  readonly complete: readonly boolean[];
}

interface Answer {
  readonly to: string;
  readonly at: readonly number[];
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
  readonly complete: readonly boolean[];
}

const hourMs = 3_600_000;
const buckets = [
  ["1h", hourMs],
  ["3h", 3 * hourMs],
  ["6h", 6 * hourMs],
  ["12h", 12 * hourMs],
  ["1d", 24 * hourMs],
  ["1w", 7 * 24 * hourMs],
] as const;

/** The interface's own limit. */
const mostBuckets = 1_500;
/** Narrower steps cannot be told apart, in px. */
const leastStep = 6;

/** The shortest calendar bucket that a chart of this width can show. */
function bucketFor({ from, to }: ShownWindow, width: number): string {
  const most = Math.min(mostBuckets, Math.max(1, width / leastStep));
  return buckets.find(([, ms]) => (to - from) / ms + 2 <= most)?.[0] ?? "1mo";
}

export async function fetchSeries(
  source: string,
  window: ShownWindow,
  width: number,
  signal: AbortSignal,
): Promise<Series> {
  const address = new URL(source, location.origin);
  address.searchParams.set("from", new Date(window.from).toISOString());
  address.searchParams.set("to", new Date(window.to).toISOString());
  address.searchParams.set("bucket", bucketFor(window, width));
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`the ledger answered ${answer.status}`);
  const { at, to, figures, complete } = (await answer.json()) as Answer;
  return {
    edges: [...at, Date.parse(to)],
    contractual: figures["nis.contractual"] ?? [],
    raw: figures["nis.raw"] ?? [],
    complete,
  };
}
