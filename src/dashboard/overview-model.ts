/** What the overview shows, as of one ledger position. */
import type { ClusterView } from "../../projections/cluster-view.ts";
import type { NodeState } from "../../projections/node-timeline.ts";
import { asPolicy, policyFactOf } from "../../projections/policy.ts";
import type { SlaDocument } from "../../projections/sla-document.ts";
import { blockedQueue } from "../api/blocked-queue.ts";
import type { QueuedRollout } from "../api/blocked-queue.ts";
import { defaultPeriod } from "../api/default-period.ts";
import { slaDocumentOf } from "../api/figures.ts";
import { ledgerErrorOf } from "../api/problem.ts";
import { whyStopped } from "../api/store-status.ts";
import type { StoredEvent } from "../events/envelope.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { formatInstant } from "../time/instant.ts";

/** The last events of the page. */
const shownEvents = 20;

export interface ClusterRow {
  readonly cluster: string;
  readonly name: string | null;
  /** The last full month, or the running one. */
  readonly isFull: boolean;
  readonly period: string;
  readonly zone: string;
  /** The month's figures, or why they cannot be given. */
  readonly document: SlaDocument | string;
  /** Nodes by their state now. */
  readonly states: Readonly<Record<NodeState, number>>;
  readonly openFaults: number;
}

export interface ForceRow {
  readonly cluster: string;
  readonly nfz: string;
  readonly from: string;
  readonly to: string;
  readonly leftMs: number;
  readonly inFlight: string | null;
}

export interface FaultRow {
  readonly cluster: string;
  readonly node: string;
  readonly faultId: string;
  readonly category: string;
  readonly component: string | null;
  readonly since: string;
  readonly ageMs: number;
  readonly targetMs: number;
}

export interface OverviewModel {
  readonly sequence: number;
  /** Ledger time: the last instant at which an event was recorded; `null` in an empty ledger. */
  readonly at: string | null;
  /** Whether an earlier position was asked for. */
  readonly isPast: boolean;
  /** Whether recorded times were kept from elsewhere: notice is then not the ledger's own word. */
  readonly recordedTimesKept: boolean;
  /** Why the mirror that all this is read from has stopped; `null` while it has not. */
  readonly stopped: string | null;
  readonly clusters: readonly ClusterRow[];
  readonly nfz: readonly ForceRow[];
  readonly blocked: readonly QueuedRollout[];
  /** Open faults older than their cluster's target, the oldest first. */
  readonly faults: readonly FaultRow[];
  readonly events: readonly StoredEvent[];
}

export async function overviewModel(
  ledger: Ledger,
  sequence: number,
  isPast: boolean,
): Promise<OverviewModel> {
  const views = ledger.clusters(sequence).map((name) => ledger.view(name, sequence));
  const atMs = views[0]?.headRecordedAt ?? null;
  const events = await ledger.store.query({
    after: Math.max(0, sequence - shownEvents),
    upTo: sequence,
    limit: shownEvents,
  });
  const sections =
    atMs === null
      ? { nfz: [], blocked: [], faults: [] }
      : {
          nfz: views.flatMap((view) => zonesInForce(view, atMs)),
          blocked: blockedQueue(views, atMs),
          faults: views
            .flatMap((view) => overdueFaults(view, atMs))
            .sort((a, b) => b.ageMs - a.ageMs),
        };
  return {
    sequence,
    at: atMs === null ? null : formatInstant(atMs),
    isPast,
    recordedTimesKept: ledger.recordedTimesKept(),
    stopped: whyStopped(ledger.store),
    clusters: views.flatMap(clusterRow),
    ...sections,
    events: events.toReversed(),
  };
}

function clusterRow(view: ClusterView): ClusterRow[] {
  const period = defaultPeriod(view);
  if (period === null) return [];
  const states: Record<NodeState, number> = {
    "in-service": 0,
    down: 0,
    maintenance: 0,
    unknown: 0,
  };
  let openFaults = 0;
  for (const node of view.nodes()) {
    const last = node.segments.at(-1);
    if (last?.to === Infinity) states[last.state]++;
    for (const fault of node.faults) if (fault.to === Infinity) openFaults++;
  }
  return [
    {
      cluster: view.cluster,
      name: view.registrations.at(-1)?.data.name ?? null,
      isFull: period.isFull,
      period: period.label,
      zone: period.zone,
      document: documentOf(view, period.label, period.zone),
      states,
      openFaults,
    },
  ];
}

/** One cluster's figures may be refused (a sum too large, say) without taking the page from the others. */
function documentOf(view: ClusterView, period: string, zone: string): SlaDocument | string {
  try {
    return slaDocumentOf(view, { period, zone });
  } catch (error) {
    const { code, message } = ledgerErrorOf(error);
    if (code === "internal") throw error;
    return message;
  }
}

function zonesInForce(view: ClusterView, atMs: number): ForceRow[] {
  const rows: ForceRow[] = [];
  for (const { nfz, declaration, occurrences } of view.nfzs()) {
    const running = occurrences.find(({ from, to }) => from <= atMs && atMs < to);
    if (running === undefined) continue;
    rows.push({
      cluster: view.cluster,
      nfz,
      from: formatInstant(running.from),
      to: formatInstant(running.to),
      leftMs: running.to - atMs,
      inFlight: declaration?.data.inFlight ?? null,
    });
  }
  return rows;
}

function overdueFaults(view: ClusterView, atMs: number): FaultRow[] {
  const { mttrTargetMs: targetMs } = asPolicy(
    policyFactOf(view.policies, { from: atMs, to: atMs }),
  );
  const rows: FaultRow[] = [];
  for (const { node, faults } of view.nodes()) {
    for (const { faultId, category, component, from, to } of faults) {
      const ageMs = atMs - from;
      if (to !== Infinity || ageMs <= targetMs) continue;
      rows.push({
        cluster: view.cluster,
        node,
        faultId,
        category,
        component,
        since: formatInstant(from),
        ageMs,
        targetMs,
      });
    }
  }
  return rows;
}
