/**
 * Replay of a million events to NIS and MTTR from the read model's columns: by one pass over them, and
 * by the folds that keep every timeline; against JSON.parse of the same events as lines, and against
 * DuckDB over the same events in its own columns. Rounds are interleaved; the figures must be equal.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { mttrIn } from "../projections/mttr.ts";
import { nodeTimeIn } from "../projections/nis.ts";
import { nodeTimeOf, repairTimeOf } from "../projections/node-columns.ts";
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

function modelOf(segments: readonly EventSegment[], count: number): LiveModel {
  const model = new LiveModel({ segmentEvents: count });
  for (const segment of segments) model.applySegment(segment);
  return model;
}

/** Brings a read model up, and asks it for the columns of its nodes. */
function replayColumns(segments: readonly EventSegment[], count: number, window: Window): Figures {
  const nodes = [...modelOf(segments, count).nodeColumns(cluster).values()];
  const { memberNodeMs, inServiceNodeMs } = nodeTimeOf(nodes, window);
  return { memberNodeMs, inServiceNodeMs, ...repairTimeOf(nodes, window) };
}

/** Brings a read model up, and folds every node. */
function replayTimelines(
  segments: readonly EventSegment[],
  count: number,
  window: Window,
): Figures {
  const view = modelOf(segments, count).view(cluster);
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

function expectEqual(...all: readonly Figures[]): void {
  const texts = all.map((figures) => JSON.stringify(figures));
  if (new Set(texts).size > 1) throw new Error(`figures differ: ${texts.join(", ")}`);
}

interface Prepared {
  readonly count: number;
  readonly window: Window;
  readonly segments: readonly EventSegment[];
  readonly lines: Buffer;
  readonly connection: DuckDBConnection;
}

/** The events in every form; as objects they are dropped. */
async function prepare(wanted: number): Promise<Prepared> {
  const events = makeNodeEvents(wanted, 2_000);
  const connection = await openDuckDb(events);
  const [window, segments, lines] = [windowOf(events), segmentsOf(events), linesOf(events)];
  return { count: events.length, window, segments, lines, connection };
}

/** Medians of interleaved rounds. */
export async function benchReplay(rounds = 5, wanted = 1_000_000): Promise<BenchRow[]> {
  const { count, window, segments, lines, connection } = await prepare(wanted);
  const sql = sqlOf(window);
  const ways = {
    columns: () => replayColumns(segments, count, window),
    timelines: () => replayTimelines(segments, count, window),
    parse: () => parseLines(lines),
    duckDb: () => askDuckDb(connection, sql),
  };
  const elapsed = { columns: [], timelines: [], parse: [], duckDb: [] } as Record<Way, number[]>;
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const columns = await timed(ways.columns);
    const timelines = await timed(ways.timelines);
    const parse = await timed(ways.parse);
    const duckDb = await timed(ways.duckDb);
    expectEqual(columns.result, timelines.result, duckDb.result);
    if (round === 0) continue;
    elapsed.columns.push(columns.elapsedMs);
    elapsed.timelines.push(timelines.elapsedMs);
    elapsed.parse.push(parse.elapsedMs);
    elapsed.duckDb.push(duckDb.elapsedMs);
  }
  connection.closeSync();
  return rowsOf((way) => count / (median(elapsed[way]) / 1_000));
}

type Way = "columns" | "timelines" | "parse" | "duckDb";

function rowsOf(rateOf: (way: Way) => number): BenchRow[] {
  const unit = "events/s";
  const row = (name: string, way: Way, ratio?: BenchRow["ratio"]): BenchRow => ({
    name,
    perSecond: rateOf(way),
    unit,
    ...(ratio === undefined ? {} : { ratio }),
  });
  const against = (of: string, way: Way, rate: number): BenchRow["ratio"] => ({
    of,
    value: rateOf(way) / rate,
  });
  return [
    row("JSON.parse of the lines", "parse"),
    row("DuckDB SQL, two threads", "duckDb"),
    row("replay, one pass over the columns", "columns", {
      of: "two million events/s",
      value: rateOf("columns") / 2_000_000,
      aim: 1,
    }),
    row("the same", "columns", against("DuckDB SQL", "columns", rateOf("duckDb"))),
    row("the same", "columns", against("JSON.parse of the lines", "columns", rateOf("parse"))),
    row(
      "replay, every timeline folded and kept",
      "timelines",
      against("DuckDB SQL", "timelines", rateOf("duckDb")),
    ),
  ];
}

if (import.meta.main) {
  const title = "Replay of a million events to NIS and MTTR";
  process.stdout.write(formatTable(title, await benchReplay()));
}
