/**
 * Outage logs: each row is a series of its own, named by the columns that identify it or by its position. What a later
 * file says of a row, its node, its times, its cause, replaces what an earlier one said; what a file lacks says nothing.
 */
import { formatInstant } from "../../../projections/time/instant.ts";
import { futureError } from "../../events/check/check.ts";
import { streamOf } from "../../events/stream.ts";
import { maxFutureSkewMs } from "../../limits/events.ts";
import type { SourceOf } from "../config/sources-file.ts";
import type { Draft } from "../reconcile/drafts.ts";
import { eventIdOf } from "../reconcile/kind-types.ts";
import { claimName, exportName } from "../reconcile/names.ts";
import { seriesName } from "../reconcile/observation.ts";
import { Seen, notOfForm } from "../reconcile/seen.ts";
import { stateOnce } from "../reconcile/stated-once.ts";
import { timeForm } from "./local-time.ts";
import type { TimeForm } from "./local-time.ts";
import { membershipDrafts } from "./membership.ts";
import { MemberCollector, NodeCount } from "./outage-members.ts";
import { readOutage } from "./outage-row.ts";
import type { Outage } from "./outage-row.ts";
import { type OutageRow, outageRows } from "./outage-rows.ts";

type Source = SourceOf<"csv">;

/** Where earlier files have put a row, and when the latest of them was written. */
export interface KnownPlace {
  readonly cluster: string;
  readonly node: string;
  readonly toldIn: number | null;
}

interface Circumstances {
  readonly nowMs: number;
  /** When the file was written. */
  readonly exportedAt: number;
  /** By series, as ids name it. */
  readonly places: ReadonlyMap<string, readonly KnownPlace[]>;
}

/** Throws `invalid-request` if the map does not fit the file. */
export function seeOutages(source: Source, body: unknown, circumstances: Circumstances): Seen {
  if (typeof body !== "string") throw notOfForm("an outage log in CSV");
  const seen = new Seen(source.name, circumstances.nowMs);
  const form = timeForm(source);
  const collector = new MemberCollector(source);
  for (const row of outageRows(body, source)) collector.add(row);
  const members = collector.finish();
  for (const { path, stream, drafts } of membershipDrafts(source, body, members, form, seen))
    seen.tasks.push({ stream, path, settle: (events) => stateOnce(events, drafts) });
  const identities = new Set<string>();
  const count = new NodeCount();
  for (const row of outageRows(body, source)) {
    seen.total++;
    const path = `/rows/${row.number}`;
    const outage = readOutage(row, source, form, members);
    const error = typeof outage === "string" ? outage : tooLate(outage, row, source, circumstances);
    if (typeof outage === "string" || error !== null) {
      seen.refuse(path, error ?? "");
      continue;
    }
    const series = seriesOf(source, row);
    if (identities.has(series)) {
      const named = (source.row ?? []).map((name) => `${name} "${row.cells.get(name) ?? ""}"`);
      seen.refuse(path, `${named.join(", ")}: an earlier row of the file has the same`);
      continue;
    }
    identities.add(series);
    count.add(outage.nodes.length);
    for (const { kind, text } of outage.notes) seen.notes.push({ path, kind, detail: text });
    addOutage(source, seen, { path, series, outage, form }, circumstances);
  }
  return seen;
}

function seriesOf({ row: columns }: Source, { number, cells }: OutageRow): string {
  if (columns === undefined) return `row-${number}`;
  const [first = "", ...more] = columns.map((name) => cells.get(name) ?? "");
  if (more.length === 0) return `row:${first}`;
  // A cell may hold the separator: two rows must not look like one.
  return `row:${[first, ...more].map((cell) => cell.replaceAll(/[\\|]/g, "\\$&")).join("|")}`;
}

/** The column and the value of an instant that has not come yet. */
function tooLate(
  { failedAt, returnedAt }: Outage,
  { cells }: OutageRow,
  { start, end, duration }: Source,
  { nowMs }: Circumstances,
): string | null {
  const isStart = failedAt > nowMs + maxFutureSkewMs;
  const column = isStart ? start : (end ?? duration?.column ?? start);
  const value = `${column}: "${(cells.get(column) ?? "").slice(0, 60)}"`;
  return futureError(isStart ? failedAt : (returnedAt ?? failedAt), nowMs, value)?.message ?? null;
}

interface ReadRow {
  readonly path: string;
  readonly series: string;
  readonly outage: Outage;
  readonly form: TimeForm;
}

function addOutage(
  source: Source,
  seen: Seen,
  { path, series, outage }: ReadRow,
  { exportedAt, places, nowMs }: Circumstances,
): void {
  const { cluster, nodes, kind, failedAt, returnedAt, announcedAt, category, component } = outage;
  const correlationId = exportName(exportedAt);
  const others = (places.get(seriesName(series)) ?? []).filter(
    (each) => each.cluster !== cluster || !nodes.includes(each.node),
  );
  // A later file has already put the row elsewhere.
  if (others.some(({ toldIn }) => toldIn !== null && toldIn > exportedAt)) {
    seen.absorbed++;
    return;
  }
  const says = { category, ...(component === null ? {} : { component }) };
  for (const [i, node] of nodes.entries()) {
    const place = { path, cluster, node, correlationId, series };
    const weight = i === 0 ? 1 : 0;
    const times = { from: failedAt, to: returnedAt };
    const row = { isFinal: true, isWhole: true };
    seen.add({ is: "started", ...place, kind, ...times, says, weight, ...row });
    if (announcedAt !== null)
      announce(source, seen, place, { announcedAt, from: failedAt, to: returnedAt, nowMs });
  }
  for (const { cluster: itsCluster, node } of others)
    seen.add({
      is: "withdrawn",
      path,
      cluster: itsCluster,
      node,
      correlationId,
      series,
      kinds: ["fault", "maintenance"],
      from: null,
      weight: 0,
    });
}

/** An announcement is stated once: a later file may announce another time, but nothing takes the first one back. */
function announce(
  source: Source,
  seen: Seen,
  { path, cluster, node, correlationId, series }: Place,
  { announcedAt, from, to, nowMs }: Announced,
): void {
  if (announcedAt > nowMs || announcedAt >= from) return;
  const maintenanceId = claimName(source.name, seriesName(series), from);
  const plannedTo = to !== null && to > from ? to : from + unknownLengthMs;
  const type = "NodeMaintenanceAnnounced";
  const draft: Draft = {
    id: eventIdOf({ source: source.name, cluster, node }, type, maintenanceId, announcedAt),
    type,
    occurredAt: formatInstant(announcedAt),
    data: {
      cluster,
      node,
      maintenanceId,
      plannedFrom: formatInstant(from),
      plannedTo: formatInstant(plannedTo),
    },
    correlationId,
  };
  seen.tasks.push({
    stream: streamOf(type, { cluster, node }) ?? "",
    path,
    settle: (events) => stateOnce(events, [draft]),
  });
}

/** What is planned where the log does not say when it ends: a day. */
const unknownLengthMs = 86_400_000;

interface Place {
  readonly path: string;
  readonly cluster: string;
  readonly node: string;
  readonly correlationId: string;
  readonly series: string;
}

interface Announced {
  readonly announcedAt: number;
  readonly from: number;
  readonly to: number | null;
  readonly nowMs: number;
}
