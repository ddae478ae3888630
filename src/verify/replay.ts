/**
 * Replay: everything again from the raw events, by the plain fold and nothing that is kept, held
 * against what the live projections say, document by document and byte by byte.
 */
import type { ClusterView } from "../../projections/view.ts";
import {
  effectiveFacts,
  isSystemEvent,
  type RawEvent,
} from "../../projections/facts/effective-facts.ts";
import type { Fact } from "../../projections/facts/fact.ts";
import { clusterOf, plainClusterView } from "../../projections/plain-view.ts";
import { FigureTooLarge } from "../../projections/arithmetic/ratio.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { zonesInForce } from "../zones/zones.ts";
import { differences } from "../reports/difference.ts";
import type { FigureDifference, Json } from "../reports/difference.ts";
import { checkedLeaf } from "../tree/leaf.ts";

interface ReplayOptions {
  /** The position. Default: the live projections' own. */
  readonly to?: number | undefined;
  readonly onProgress?: ((step: ReplayStep, done: number, of: number) => void) | undefined;
}

type ReplayStep = "reading raw events" | "comparing documents";

/** Where the two part. */
interface ReplayDifference {
  readonly cluster: string;
  /** `null` if the one knows the cluster and the other does not. */
  readonly period: string | null;
  readonly first: FigureDifference;
}

export interface Replay {
  readonly sequence: number;
  readonly clusters: number;
  readonly documents: number;
  /** The first one; `null` if everything is equal to the byte. */
  readonly difference: ReplayDifference | null;
}

/** Throws `corrupt-event` for a raw event that cannot be read, naming its sequence. */
export async function replay(
  ledger: Ledger,
  store: LeafStore,
  options: ReplayOptions = {},
): Promise<Replay> {
  const P = options.to ?? ledger.sequence();
  const events: RawEvent[] = [];
  for await (const batch of store.readLeaves(0, { upTo: P })) {
    for (const leaf of batch) {
      // A stored event is one shape for all types, a raw event is one for each.
      events.push(checkedLeaf(leaf, events.length + 1) as unknown as RawEvent);
    }
    options.onProgress?.("reading raw events", events.length, P);
  }
  const plain = plainViews(events, P);
  const clusters = [...new Set([...plain.keys(), ...ledger.clusters(P)])].sort();
  const work = clusters.map((cluster) => ({ cluster, view: plain.get(cluster) ?? null }));
  const periods = work.map(({ cluster }) => periodsOf(events, P, cluster));
  const total = periods.reduce((sum, { length }) => sum + length, 0);
  let documents = 0;
  for (const [i, { cluster, view }] of work.entries()) {
    const live = ledger.view(cluster, P);
    if (view === null) return { ...counts(), difference: unknown(cluster, live) };
    for (const period of periods[i] ?? []) {
      const first = firstDifference(documentOf(live, period), documentOf(view, period));
      if (first !== null) return { ...counts(), difference: { cluster, period, first } };
      documents++;
      options.onProgress?.("comparing documents", documents, total);
      await new Promise((resume) => setImmediate(resume));
    }
  }
  return { ...counts(), difference: null };

  function counts() {
    return { sequence: P, clusters: clusters.length, documents };
  }
}

function unknown(cluster: string, live: ClusterView): ReplayDifference {
  return { cluster, period: null, first: { figure: "known", before: live.known, after: false } };
}

function plainViews(events: readonly RawEvent[], P: number): Map<string, ClusterView> {
  const facts = effectiveFacts(events, P);
  const byCluster = new Map<string, Fact[]>();
  const ofAll: Fact[] = [];
  for (const fact of facts) {
    const cluster = clusterOf(fact);
    if (cluster === null) {
      ofAll.push(fact);
      continue;
    }
    const list = byCluster.get(cluster);
    if (list === undefined) byCluster.set(cluster, [fact]);
    else list.push(fact);
  }
  let headRecordedAt = -Infinity;
  for (const { recordedAt } of events) headRecordedAt = Math.max(headRecordedAt, recordedAt);
  const views = new Map<string, ClusterView>();
  for (const [cluster, its] of byCluster) {
    views.set(cluster, plainClusterView([...ofAll, ...its], cluster, P, headRecordedAt));
  }
  return views;
}

/** The months that a cluster's facts lie in, and all of them as one. */
function periodsOf(events: readonly RawEvent[], P: number, cluster: string): string[] {
  let first = Infinity;
  let last = -Infinity;
  for (const fact of effectiveFacts(events, P)) {
    if (clusterOf(fact) !== cluster || isSystemEvent(fact.type)) continue;
    first = Math.min(first, fact.occurredAt);
    last = Math.max(last, fact.occurredAt);
  }
  if (first > last) return [];
  const months: string[] = [];
  const begin = new Date(first);
  let at = Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth());
  const from = at;
  while (at <= last) {
    const text = formatInstant(at);
    months.push(text.slice(0, 7));
    at = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
  }
  return [...months, `${formatInstant(from)}/${formatInstant(at)}`];
}

/** The document, or why there is none: both sides must refuse alike too. */
function documentOf(view: ClusterView, period: string): Json {
  try {
    const document = slaDocument(view, { period }, zonesInForce(view.zoneTable));
    // In the document's own order: what comes first is what the rest follows from.
    return JSON.parse(JSON.stringify(document)) as Json;
  } catch (error) {
    if (!(error instanceof RefusedRequest) && !(error instanceof FigureTooLarge)) throw error;
    return { refused: error.message };
  }
}

function firstDifference(live: Json, plain: Json): FigureDifference | null {
  const [before, after] = [canonicalJson(live), canonicalJson(plain)];
  if (before === after) return null;
  return differences(live, plain)[0] ?? { figure: "document", before, after };
}
