/** Latencies of a bench, as quantiles for people. */

export interface LatencyRow {
  readonly name: string;
  /** In microseconds, one per call. */
  readonly micros: readonly number[];
  /** What the 99th percentile is to stay below, in microseconds. */
  readonly aim?: number;
}

/** The value that a part of the calls stayed at or below. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function formatLatencies(title: string, rows: readonly LatencyRow[]): string {
  const width = Math.max(...rows.map((row) => row.name.length));
  const lines = rows.map(({ name, micros, aim }) => {
    const p99 = quantile(micros, 0.99);
    const verdict =
      aim === undefined ? "" : `  aim p99 ≤ ${inWords(aim)}: ${p99 <= aim ? "met" : "missed"}`;
    return `  ${name.padEnd(width)}  p50 ${inWords(quantile(micros, 0.5))}  p95 ${inWords(quantile(micros, 0.95))}  p99 ${inWords(p99)}${verdict}`;
  });
  return [title, ...lines, ""].join("\n");
}

function inWords(micros: number): string {
  return micros < 1_000 ? `${micros.toFixed(1)} µs` : `${(micros / 1_000).toFixed(1)} ms`;
}
