/**
 * Replay of a million events to NIS and MTTR: from the read model's columns by the folds themselves,
 * against JSON.parse of the same events as lines, and against DuckDB over the same events in its own
 * columns. Rounds are interleaved; the figures must be equal.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { mttrIn } from "../projections/mttr.ts";
import { nodeTimeIn } from "../projections/nis.ts";
import type { EventSegment } from "../src/projector/event-columns.ts";
import { LiveModel } from "../src/projector/live-model.ts";
import {
  cluster,
  historyBeginMs,
  makeNodeEvents,
  nodeEventCodes,
  storedNodeEvent,
} from "./node-history.ts";
import type { NodeEvent } from "./node-history.ts";
import type { BenchRow } from "./table.ts";
import { formatTable, median } from "./table.ts";

const targetMs = 172_800_000;

interface Figures {
  readonly memberNodeMs: number;
  readonly inServiceNodeMs: number;
  readonly faultsClosed: number;
  readonly meanMs: number | null;
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** The last week is left out, so that something is open at the end. */
function windowOf(events: readonly NodeEvent[]): Window {
  const end = events.at(-1)?.at ?? historyBeginMs;
  return { from: historyBeginMs + 7 * 86_400_000, to: end - 7 * 86_400_000 };
}

function segmentsOf(events: readonly NodeEvent[]): readonly EventSegment[] {
  const model = new LiveModel({ segmentEvents: events.length });
  model.apply(events.map(storedNodeEvent));
  return model.fullSegments;
}

function replayColumns(segments: readonly EventSegment[], count: number, window: Window): Figures {
  const model = new LiveModel({ segmentEvents: count });
  for (const segment of segments) model.applySegment(segment);
  const view = model.view(cluster);
  const { memberNodeMs, inServiceNodeMs } = nodeTimeIn(view.nodes(), window);
  const { faultsClosed, meanMs } = mttrIn(view.nodes(), window, targetMs);
  return { memberNodeMs, inServiceNodeMs, faultsClosed, meanMs };
}

async function openDuckDb(events: readonly NodeEvent[]): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run(
    "CREATE TABLE events (type UTINYINT, node USMALLINT, t BIGINT, item INTEGER)",
  );
  const appender = await connection.createAppender("events");
  for (const { type, node, at, item } of events) {
    appender.appendUTinyInt(nodeEventCodes[type]);
    appender.appendUSmallInt(node);
    appender.appendBigInt(BigInt(at));
    appender.appendInteger(item);
    appender.endRow();
  }
  appender.closeSync();
  return connection;
}

/** Down wins over maintenance, that over unknown: each node's time between two changes of what is open. */
function sqlOf({ from, to }: Window): string {
  return `
    WITH deltas AS (
      SELECT node, t,
        sum(CASE type WHEN 0 THEN 1 ELSE 0 END) AS member,
        sum(CASE WHEN type IN (1, 3, 5) THEN 1 WHEN type IN (2, 4, 6) THEN -1 ELSE 0 END) AS away
      FROM events GROUP BY node, t
    ), states AS (
      SELECT t, sum(member) OVER w AS member, sum(away) OVER w AS away,
        coalesce(lead(t) OVER w, ${to}) AS until
      FROM deltas WINDOW w AS (PARTITION BY node ORDER BY t)
    ), pieces AS (
      SELECT member, away, least(until, ${to}) - greatest(t, ${from}) AS ms FROM states
    ), repairs AS (
      SELECT back.t - failure.t AS ms
      FROM events back JOIN events failure ON failure.item = back.item AND failure.type = 1
      WHERE back.type = 2 AND back.t >= ${from} AND back.t < ${to}
    )
    SELECT
      (SELECT sum(ms)::BIGINT FROM pieces WHERE ms > 0 AND member > 0) AS member,
      (SELECT sum(ms)::BIGINT FROM pieces WHERE ms > 0 AND member > 0 AND away = 0) AS in_service,
      (SELECT count(*)::BIGINT FROM repairs) AS closed,
      (SELECT floor(avg(ms) + 0.5)::BIGINT FROM repairs) AS mean`;
}

async function askDuckDb(connection: DuckDBConnection, sql: string): Promise<Figures> {
  const [row] = (await connection.runAndReadAll(sql)).getRows();
  const [memberNodeMs = 0, inServiceNodeMs = 0, faultsClosed = 0, meanMs = 0] =
    row?.map(Number) ?? [];
  return { memberNodeMs, inServiceNodeMs, faultsClosed, meanMs };
}

function parseLines(text: Buffer): number {
  let count = 0;
  for (let begin = 0; begin < text.length;) {
    const end = text.indexOf(0x0a, begin);
    const event = JSON.parse(text.toString("utf8", begin, end)) as { sequence: number };
    if (event.sequence > 0) count++;
    begin = end + 1;
  }
  return count;
}

function linesOf(events: readonly NodeEvent[]): Buffer {
  const lines = events.map((event, place) => {
    const { revision, ...stored } = storedNodeEvent(event, place);
    return `${JSON.stringify({ ...stored, revision: Number(revision) })}\n`;
  });
  return Buffer.from(lines.join(""));
}

async function timed<T>(call: () => T | Promise<T>): Promise<{ elapsedMs: number; result: T }> {
  const begin = performance.now();
  const result = await call();
  return { elapsedMs: performance.now() - begin, result };
}

function expectEqual(a: Figures, b: Figures): void {
  if (JSON.stringify(a) === JSON.stringify(b)) return;
  throw new Error(`replay says ${JSON.stringify(a)}, DuckDB ${JSON.stringify(b)}`);
}

/** Medians of interleaved rounds. */
export async function benchReplay(rounds = 5, wanted = 1_000_000): Promise<BenchRow[]> {
  const events = makeNodeEvents(wanted, 2_000);
  const count = events.length;
  const window = windowOf(events);
  const segments = segmentsOf(events);
  const lines = linesOf(events);
  const connection = await openDuckDb(events);
  const sql = sqlOf(window);
  const elapsed = { replay: [] as number[], parse: [] as number[], duckDb: [] as number[] };
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const replay = await timed(() => replayColumns(segments, count, window));
    const parse = await timed(() => parseLines(lines));
    const duckDb = await timed(() => askDuckDb(connection, sql));
    expectEqual(replay.result, duckDb.result);
    if (round === 0) continue;
    elapsed.replay.push(replay.elapsedMs);
    elapsed.parse.push(parse.elapsedMs);
    elapsed.duckDb.push(duckDb.elapsedMs);
  }
  connection.closeSync();
  const rate = (values: readonly number[]): number => count / (median(values) / 1_000);
  const unit = "events/s";
  const replay = rate(elapsed.replay);
  return [
    { name: "JSON.parse of the lines", perSecond: rate(elapsed.parse), unit },
    { name: "DuckDB SQL, two threads", perSecond: rate(elapsed.duckDb), unit },
    {
      name: "replay from columns, every timeline kept",
      perSecond: replay,
      unit,
      ratio: { of: "JSON.parse of the lines", value: replay / rate(elapsed.parse) },
    },
    {
      name: "the same",
      perSecond: replay,
      unit,
      ratio: { of: "DuckDB SQL", value: replay / rate(elapsed.duckDb) },
    },
    {
      name: "the same",
      perSecond: replay,
      unit,
      ratio: { of: "two million events/s", value: replay / 2_000_000, aim: 1 },
    },
  ];
}

if (import.meta.main) {
  const title = "Replay of a million events to NIS and MTTR";
  process.stdout.write(formatTable(title, await benchReplay()));
}
