/** The tables that can be exported: every event, and what is derived of nodes and jobs as of a position. */
import { isCrash, jobUptimeIn } from "../../../projections/figures/jobs/job-uptime.ts";
import type { JobTimeline } from "../../../projections/jobs/timeline.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { rowsPerBatch } from "../../limits/sinks.ts";
import type { Column, Row, Table } from "./table.ts";
import { columnsOf, endOf } from "./table.ts";

export const tableNames = ["events", "faults", "node_states", "jobs", "interruptions"] as const;
export type TableName = (typeof tableNames)[number];

interface Derived {
  readonly columns: readonly Column[];
  readonly rows: (view: ClusterView) => Iterable<Row>;
}

/** The table as of a sequence. Derived ones go by cluster, then by name, then by time. */
export function tableOf(ledger: Ledger, name: TableName, sequence: number): Table {
  if (name === "events") return { columns: eventColumns, rows: eventRows(ledger, sequence) };
  const { columns, rows } = derived[name];
  return { columns, rows: derivedRows(ledger, sequence, rows) };
}

const eventColumns = columnsOf(
  "sequence:int id:text type:text schema_version:int cluster:text? stream:text revision:int occurred_at:instant recorded_at:instant actor:text? source:text? reason:text? decision:json? data:json",
);

async function* eventRows(ledger: Ledger, upTo: number): AsyncGenerator<readonly Row[]> {
  for await (const batch of ledger.store.readAll(0, { upTo, batchSize: rowsPerBatch }))
    yield batch.map(eventRow);
}

function eventRow(event: StoredEvent): Row {
  const { actor = null, source = null, reason = null, decision = null } = event.attribution;
  return {
    sequence: event.sequence,
    id: event.id,
    type: event.type,
    schema_version: event.schemaVersion,
    cluster: "cluster" in event.data ? (event.data.cluster ?? null) : null,
    stream: event.stream,
    revision: Number(event.revision),
    occurred_at: event.occurredAt,
    recorded_at: event.recordedAt,
    actor,
    source,
    reason,
    decision,
    data: event.data,
  };
}

async function* derivedRows(
  ledger: Ledger,
  sequence: number,
  rowsOf: Derived["rows"],
): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = [];
  for (const cluster of ledger.clusters(sequence)) {
    for (const row of rowsOf(ledger.view(cluster, sequence))) {
      batch.push(row);
      if (batch.length < rowsPerBatch) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

const derived: Readonly<Record<Exclude<TableName, "events">, Derived>> = {
  faults: {
    columns: columnsOf(
      "cluster:text node:text fault_id:text category:text component:text? rack:text? sku:text? since:instant until:instant? failed_at:instant detected_at:instant? outcome:text how:text? duration_ms:int? event_id:text ended_by:text?",
    ),
    rows: (view) => ofEach(view, "node", faultsOf),
  },
  node_states: {
    columns: columnsOf("cluster:text node:text state:text since:instant until:instant?"),
    rows: (view) => ofEach(view, "node", statesOf),
  },
  jobs: {
    columns: columnsOf(
      "cluster:text job:text started_at:instant? ended_at:instant? outcome:text? runs:int running_ms:int interrupted_ms:int paused_ms:int kept_ms:int checkpointing_ms:int lost_ms:int interruptions:int crashes:int uptime:ratio? ettr:ratio?",
    ),
    rows: jobsOf,
  },
  interruptions: {
    columns: columnsOf(
      "cluster:text job:text since:instant until:instant? resumed_at:instant? kind:text is_crash:flag node_count:int fault_id:text? node:text? rollout_id:text? maintenance_id:text? event_id:text",
    ),
    rows: (view) => ofEach(view, "job", interruptionsOf),
  },
};

function* ofEach<K extends "node" | "job">(
  view: ClusterView,
  kind: K,
  rowsOf: (timeline: K extends "node" ? NodeTimeline : JobTimeline) => readonly Row[],
): Generator<Row> {
  const { cluster } = view;
  for (const timeline of view.entities(kind))
    for (const row of rowsOf(timeline as Parameters<typeof rowsOf>[0])) yield { cluster, ...row };
}

function faultsOf({ faults }: NodeTimeline): Row[] {
  return faults.map((fault) => ({
    node: fault.node,
    fault_id: fault.faultId,
    category: fault.category,
    component: fault.component,
    rack: fault.rack,
    sku: fault.sku,
    since: fault.from,
    until: endOf(fault.to),
    failed_at: fault.failedAt,
    detected_at: fault.detectedAt,
    outcome: fault.outcome,
    how: fault.how,
    duration_ms: fault.to === Infinity ? null : fault.to - fault.from,
    event_id: fault.eventId,
    ended_by: fault.endedBy,
  }));
}

function statesOf({ node, segments }: NodeTimeline): Row[] {
  return Array.from(segments, ({ state, from, to }) => ({
    node,
    state,
    since: from,
    until: endOf(to),
  }));
}

/** Each job's time up to ledger time, as the SLA document has it. */
function* jobsOf(view: ClusterView): Generator<Row> {
  const { cluster } = view;
  const from = view.firstFactAt("job");
  if (from === Infinity) return;
  const window = { from, to: Math.max(view.headRecordedAt ?? from, from + 1) };
  for (const timeline of view.entities("job")) {
    const [figures] = jobUptimeIn([timeline], window, 0).jobs;
    const { runs, job } = timeline;
    const last = runs.at(-1);
    yield {
      cluster,
      job,
      started_at: runs[0]?.from ?? null,
      ended_at: last === undefined ? null : endOf(last.to),
      outcome: last?.outcome ?? null,
      runs: runs.length,
      running_ms: figures?.runningMs ?? 0,
      interrupted_ms: figures?.interruptedMs ?? 0,
      paused_ms: figures?.pausedMs ?? 0,
      kept_ms: figures?.keptMs ?? 0,
      checkpointing_ms: figures?.checkpointingMs ?? 0,
      lost_ms: figures?.lostMs ?? 0,
      interruptions: figures?.interruptions ?? 0,
      crashes: figures?.crashes ?? 0,
      uptime: figures?.uptime ?? null,
      ettr: figures?.ettr ?? null,
    };
  }
}

function interruptionsOf({ job, interruptions }: JobTimeline): Row[] {
  return interruptions.map((each) => ({
    job,
    since: each.from,
    until: endOf(each.to),
    resumed_at: each.resumedAt,
    kind: each.kind,
    is_crash: isCrash(each.kind),
    node_count: each.nodeCount,
    fault_id: each.faultId,
    node: each.node,
    rollout_id: each.rolloutId,
    maintenance_id: each.maintenanceId,
    event_id: each.eventId,
  }));
}
