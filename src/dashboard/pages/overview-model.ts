/** What the overview shows, as of one ledger position. */
import type { ClusterView } from "../../../projections/view.ts";
import { findingsOf, newestFindings } from "./overview-findings.ts";
import type { ClusterFindings, NewestFindings } from "./overview-findings.ts";
import type { NodeState } from "../../../projections/nodes/timeline.ts";
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { occurrencesAt } from "../../../projections/nfz/kind.ts";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import type { InstantQuery } from "../../answers/asked-instant.ts";
import { lastEventOf } from "../../answers/last-event.ts";
import type { LastEvent } from "../../answers/last-event.ts";
import { isLookBack } from "../../answers/look-back.ts";
import { nodeStateAt, nodesAt } from "../../answers/timeline-json.ts";
import { longestFirst, queueOf } from "../../answers/blocked-queue.ts";
import { ofEachInSteps } from "../../answers/known-cluster.ts";
import type { QueuedRollout } from "../../answers/blocked-queue.ts";
import { defaultPeriod } from "../../reports/default-period.ts";
import { slaDocumentInSteps } from "../../reports/figures.ts";
import { whyStopped } from "../../answers/store-status.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { clockWarning } from "../../ledger/clock-state.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { FigureTooLarge } from "../../../projections/arithmetic/ratio.ts";
import { isLedgerError } from "../../errors.ts";
import type { Steps } from "../../turns.ts";
import { formatInstant } from "../../../projections/time/instant.ts";

/** How many of the last events the page shows. */
const shownEvents = 20;

export interface ClusterRow {
  readonly cluster: string;
  readonly name: string | null;
  /** Whether it is the last full month; otherwise the current one. */
  readonly isFull: boolean;
  readonly period: string;
  readonly zone: string;
  /** The month's figures, or the reason why there are none. */
  readonly document: SlaDocument | string;
  /** The number of nodes in each state at the page's instant. */
  readonly states: Readonly<Record<NodeState, number>>;
  readonly openFaults: number;
}

interface ForceRow {
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

export interface OverviewModel extends NewestFindings {
  readonly sequence: number;
  /** The page's instant; `null` only if it looks back to an empty ledger. */
  readonly at: string | null;
  /** The last event at the position; `null` in an empty ledger. */
  readonly lastEvent: LastEvent | null;
  /** Whether an earlier position was requested. */
  readonly isPast: boolean;
  /** Whether recorded times were preserved from another ledger; if so, this ledger does not prove how early a maintenance was announced. */
  readonly timestampsPreserved: boolean;
  /** Why the mirror that everything is read from has stopped; `null` while it runs. */
  readonly stopped: string | null;
  /** How ledger time and the server's clock disagree; `null` if they agree. */
  readonly clock: string | null;
  readonly clusters: readonly ClusterRow[];
  readonly nfz: readonly ForceRow[];
  readonly blocked: readonly QueuedRollout[];
  /** Open faults older than their cluster's target, oldest first. */
  readonly faults: readonly FaultRow[];
  readonly events: readonly StoredEvent[];
}

export async function overviewModel(
  ledger: Ledger,
  sequence: number,
  query: InstantQuery,
): Promise<OverviewModel> {
  const atMs = askedInstant(ledger, query, sequence);
  const events = await ledger.store.query({
    after: Math.max(0, sequence - shownEvents),
    upTo: sequence,
    limit: shownEvents,
  });
  const parts = await ofEachInSteps(ledger, sequence, (view) => clusterPart(view, atMs));
  return {
    sequence,
    at: atJson(atMs),
    lastEvent: lastEventOf(ledger, query, sequence),
    isPast: isLookBack(query),
    timestampsPreserved: ledger.timestampsPreserved(),
    stopped: whyStopped(ledger.store),
    clock: clockWarning(await ledger.clockState()),
    clusters: parts.flatMap(({ row }) => row),
    nfz: parts.flatMap(({ nfz }) => nfz),
    blocked: longestFirst(parts.flatMap(({ blocked }) => blocked)),
    faults: parts.flatMap(({ faults }) => faults).sort((a, b) => b.ageMs - a.ageMs),
    ...newestFindings(parts.map(({ findings }) => findings)),
    events: events.toReversed(),
  };
}

interface ClusterPart {
  readonly row: readonly ClusterRow[];
  readonly nfz: readonly ForceRow[];
  readonly blocked: readonly QueuedRollout[];
  readonly faults: readonly FaultRow[];
  readonly findings: ClusterFindings | null;
}

/** What the page shows of one cluster. */
function* clusterPart(view: ClusterView, atMs: number | null): Steps<ClusterPart> {
  const row = yield* clusterRow(view, atMs);
  if (atMs === null) return { row, nfz: [], blocked: [], faults: [], findings: null };
  const nfz = zonesInForce(view, atMs);
  const blocked = queueOf(view, atMs);
  yield;
  const faults = overdueFaults(view, atMs);
  yield;
  return { row, nfz, blocked, faults, findings: findingsOf(view, atMs) };
}

function* clusterRow(view: ClusterView, atMs: number | null): Steps<ClusterRow[]> {
  const period = yield* periodOf(view);
  yield;
  if (period === null || atMs === null) return [];
  const states: Record<NodeState, number> = {
    "in-service": 0,
    down: 0,
    maintenance: 0,
    unknown: 0,
  };
  let openFaults = 0;
  for (const node of nodesAt(view, atMs)) {
    const state = nodeStateAt(node, atMs);
    if (state !== null) states[state]++;
    for (const { from, to } of node.faults) if (from <= atMs && atMs < to) openFaults++;
  }
  return [
    {
      cluster: view.cluster,
      name: view.registrations.at(-1)?.data.name ?? null,
      ...period,
      states,
      openFaults,
    },
  ];
}

/** The month that the row shows, with its figures or the reason why there are none; `null` in an empty ledger. */
function* periodOf(
  view: ClusterView,
): Steps<Pick<ClusterRow, "isFull" | "period" | "zone" | "document"> | null> {
  try {
    const period = defaultPeriod(view);
    if (period === null) return null;
    const { isFull, label, zone } = period;
    return { isFull, period: label, zone, document: yield* documentOf(view, label, zone) };
  } catch (error) {
    // The ledger's own zone table may lack the policy's zone.
    if (!(error instanceof RefusedRequest)) throw error;
    return { isFull: false, period: "", zone: "", document: error.message };
  }
}

/** Whether the figures themselves were refused: the period, the zone, or a sum that is too large. */
function isRefusal(error: unknown): error is Error {
  return error instanceof RefusedRequest || error instanceof FigureTooLarge || isLedgerError(error);
}

/** If one cluster's figures are refused (because a sum is too large, say), the page still shows the others. */
function* documentOf(view: ClusterView, period: string, zone: string): Steps<SlaDocument | string> {
  try {
    return yield* slaDocumentInSteps(view, { period, zone });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.message;
  }
}

function zonesInForce(view: ClusterView, atMs: number): ForceRow[] {
  const rows: ForceRow[] = [];
  for (const timeline of view.entities("nfz")) {
    const running = occurrencesAt(timeline, atMs).find(({ from, to }) => from <= atMs && atMs < to);
    if (running === undefined) continue;
    rows.push({
      cluster: view.cluster,
      nfz: timeline.nfz,
      from: formatInstant(running.from),
      to: formatInstant(running.to),
      leftMs: running.to - atMs,
      inFlight: timeline.declaration?.data.inFlight ?? null,
    });
  }
  return rows;
}

function overdueFaults(view: ClusterView, atMs: number): FaultRow[] {
  const { mttrTargetMs: targetMs } = asPolicy(
    policyFactOf(view.policies, { from: atMs, to: atMs }),
  );
  const rows: FaultRow[] = [];
  for (const { node, faults } of nodesAt(view, atMs)) {
    for (const { faultId, category, component, from, to } of faults) {
      const ageMs = atMs - from;
      if (to <= atMs || ageMs <= targetMs) continue;
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
