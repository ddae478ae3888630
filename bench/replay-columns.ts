/**
 * NIS and MTTR of every month of every cluster, as of positions that nobody asked for before: `/v1/series`, which sums up
 * integers, beside one query of DuckDB over the same integers, and a plain pass over as many bytes in memory. What both
 * answer is compared.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { duckDbColumns } from "./duckdb-columns.ts";
import type { MonthFigures } from "./duckdb-columns.ts";
import { largeStore } from "./large-store.ts";
import { serveLedger } from "./served-ledger.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { formatTable, median } from "./table.ts";

const restingMs = 40;
/** Some nine hours of the fleet. */
const positionsApart = 10_000;
/** Type, node, time and id. */
const bytesPerEvent = 1 + 4 + 8 + 4;

interface Series {
  readonly asOf: { readonly sequence: number };
  readonly to: string;
  readonly at: readonly number[];
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
}

async function rest(server: ServedLedger): Promise<void> {
  for (;;) {
    const answer = await fetch(`${server.url}/readyz`);
    await answer.arrayBuffer();
    const before = server.cpuMs();
    await sleep(2_000);
    if (answer.ok && server.cpuMs() - before < restingMs) return;
  }
}

async function seriesOf(
  server: ServedLedger,
  cluster: number,
  window: { readonly from: string; readonly to: string },
  asOf: number,
): Promise<Series> {
  const query = new URLSearchParams({
    cluster: `cluster-${cluster}`,
    figures: "nis.raw,mttr.meanMs",
    bucket: "1mo",
    asOf: String(asOf),
    ...window,
  });
  const answer = await fetch(`${server.url}/v1/series?${query.toString()}`);
  if (!answer.ok)
    throw new Error(`the series is answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Series;
}

function assertSame(series: readonly Series[], figures: readonly MonthFigures[][]): void {
  for (const [i, { figures: ofLedger }] of series.entries()) {
    for (const [piece, { nis, meanMs }] of (figures[i] ?? []).entries()) {
      const pair = [ofLedger["nis.raw"]?.[piece], ofLedger["mttr.meanMs"]?.[piece]];
      const other = [Math.round(nis * 1e9) / 1e9, Math.round(meanMs)];
      if (JSON.stringify(pair) === JSON.stringify(other)) continue;
      throw new Error(
        `cluster-${i + 1}, month ${piece}: the ledger says ${JSON.stringify(pair)}, DuckDB ${JSON.stringify(other)}`,
      );
    }
  }
}

/** Milliseconds for one pass over so many bytes. */
function passMs(words: Float64Array): number {
  const begin = performance.now();
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum += words[i] ?? 0;
  const ms = performance.now() - begin;
  if (sum !== words.length) throw new Error("the pass has left something out");
  return ms;
}

/** Whole months, from that of the first event to the last but one that is over. */
function wholeMonths(first: number, now: number): { readonly from: string; readonly to: string } {
  const [begin, end] = [new Date(first), new Date(now)];
  const from = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth()));
  const to = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - 1));
  return { from: from.toISOString(), to: to.toISOString() };
}

const { store, clusters, count, done } = await largeStore();
const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
const duckDb = await duckDbColumns(store, join(folder, "columns.duckdb"));
const server = await serveLedger(store);
await rest(server);
const window = wholeMonths(duckDb.first, Date.now());
const words = new Float64Array(Math.ceil((bytesPerEvent * duckDb.events) / 8)).fill(1);
const [ledgerMs, duckDbMs, passesMs]: number[][] = [[], [], []];
// The first round is not measured: it compiles, and brings the files into memory.
for (let round = 0; round <= count; round++) {
  // A position that nobody has asked for, some hours before the one before.
  const asOf = duckDb.events - positionsApart * (round + 1);
  const begin = performance.now();
  const series: Series[] = [];
  for (let cluster = 1; cluster <= clusters; cluster++)
    series.push(await seriesOf(server, cluster, window, asOf));
  const between = performance.now();
  const edges = [...(series[0]?.at ?? []), Date.parse(series[0]?.to ?? "")];
  const asked = performance.now();
  const figures = await duckDb.figures(edges, asOf);
  const end = performance.now();
  assertSame(series, figures);
  const pass = passMs(words);
  if (round === 0) continue;
  ledgerMs?.push(between - begin);
  duckDbMs?.push(end - asked);
  passesMs?.push(pass);
}
const rateOf = (ms: readonly number[] = []) => (1_000 * duckDb.events) / median(ms);
const of = (name: string, ms: readonly number[] | undefined) => ({
  of: name,
  value: rateOf(ledgerMs) / rateOf(ms),
});
const rows = [
  {
    name: "the ledger, NIS and MTTR of all months over HTTP",
    ratio: { ...of("DuckDB", duckDbMs), aim: 6 },
  },
  { name: "DuckDB on two threads, the same figures", ms: duckDbMs },
  { name: "one pass over as many bytes in memory", ms: passesMs },
].map(({ name, ratio, ms = ledgerMs }) => ({
  name,
  perSecond: rateOf(ms),
  unit: "events/s",
  ...(ratio === undefined ? {} : { ratio }),
}));
const title = `${duckDb.events} events, ${window.from} to ${window.to}, medians of ${count} rounds`;
process.stdout.write(formatTable(title, rows));
await server.stop();
rmSync(folder, { recursive: true });
done();
