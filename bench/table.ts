/** Bench results as data, and as a table for people. */

export interface BenchRow {
  readonly name: string;
  /** Median over the rounds. */
  readonly perSecond: number;
  readonly unit: string;
  /** What it is compared with: the other's name, and this one's rate over the other's. */
  readonly ratio?: { readonly of: string; readonly value: number; readonly aim?: number };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function formatTable(title: string, rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    `${Math.round(row.perSecond).toLocaleString("en-US")} ${row.unit}`,
    row.ratio === undefined ? "" : `${row.ratio.value.toFixed(2)} × ${row.ratio.of}`,
    row.ratio?.aim === undefined ? "" : verdict(row.ratio.value, row.ratio.aim),
  ]);
  const widths = [0, 1, 2].map((at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const lines = cells.map(([name = "", rate = "", ratio = "", aim = ""]) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${rate.padStart(widths[1] ?? 0)}  ${ratio.padEnd(widths[2] ?? 0)}  ${aim}`.trimEnd(),
  );
  return [title, ...lines, ""].join("\n");
}

function verdict(value: number, aim: number): string {
  return value >= aim ? `aim ${aim}: met` : `aim ${aim}: missed`;
}
