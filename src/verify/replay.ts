/**
 * Replay: everything again from the raw events, by the plain fold and nothing that is kept, compared
 * with what the live projections say, entity by entity, document by document and byte by byte. Entities
 * are folded in passes, so that memory does not grow with the history (ADR 0059).
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { kindNames, nameOf } from "../../projections/kinds.ts";
import type { KindName } from "../../projections/kinds.ts";
import type { Interval } from "../../projections/arithmetic/intervals.ts";
import type { ClusterView } from "../../projections/view.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { maxHeldTimelineBytes, maxWaitingFactBytes } from "../limits/replay.ts";
import type { FigureDifference } from "../reports/restated/difference.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { zonesInForce } from "../zones/zones.ts";
import { EntityComparison, type EntityDifference } from "./passes/compare-entities.ts";
import { FactsByEntity } from "./passes/facts-by-entity.ts";
import { PassView, windowAsked } from "./passes/pass-view.ts";
import { namedByAmendments, readFacts } from "./passes/read-history.ts";
import {
  type Digests,
  digestsOf,
  documentOf,
  firstDifference,
  periodsOf,
} from "./replay-documents.ts";

/** Some milliseconds of folding. */
const entitiesPerTurn = 100;

interface ReplayOptions {
  /** The position. Default: the live projections' own. */
  readonly to?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Default: those of limits/replay.ts. No finding depends on them; tests make them small. */
  readonly sizes?: ReplaySizes | undefined;
}

interface ReplaySizes {
  readonly maxWaitingFactBytes: number;
  readonly maxHeldTimelineBytes: number;
}

type OnProgress = (step: ReplayStep, done: number, of: number) => void;

type ReplayStep = "reading raw events" | "folding entities" | "comparing documents";

/** Where the two part. */
interface ReplayDifference {
  readonly cluster: string;
  /** A period, or an entity of which no document differs; `null` if the one knows the cluster and the other does not. */
  readonly where: string | null;
  readonly first: FigureDifference;
}

export interface Replay {
  readonly sequence: number;
  readonly clusters: number;
  readonly documents: number;
  /** The first one; `null` if everything is equal to the byte. */
  readonly difference: ReplayDifference | null;
}

interface ClusterWork {
  readonly cluster: string;
  /** `null` for a cluster that no raw event names. */
  readonly plain: PassView | null;
  readonly periods: readonly string[];
}

/** Throws `corrupt-event` for a raw event that cannot be read, naming its sequence. */
export async function replay(
  ledger: Ledger,
  store: LeafStore,
  options: ReplayOptions = {},
): Promise<Replay> {
  const P = options.to ?? ledger.sequence();
  const sizes = options.sizes ?? { maxWaitingFactBytes, maxHeldTimelineBytes };
  const facts = new FactsByEntity(await namedByAmendments(store, P), sizes.maxWaitingFactBytes);
  try {
    const headRecordedAt = await readFacts(store, P, facts, (events) =>
      options.onProgress?.("reading raw events", events, P),
    );
    const known = new Set(facts.clusters());
    const work = [...new Set([...known, ...ledger.clusters(P)])].sort().map((cluster) => {
      if (!known.has(cluster)) return { cluster, plain: null, periods: [] };
      const its = facts.of(cluster);
      const position = { cluster, sequence: P, headRecordedAt };
      const plain = new PassView(its, position, sizes.maxHeldTimelineBytes);
      return { cluster, plain, periods: its.span === null ? [] : periodsOf(its.span) };
    });
    return await compare(ledger, P, work, options.onProgress);
  } finally {
    facts.close();
  }
}

async function compare(
  ledger: Ledger,
  P: number,
  work: readonly ClusterWork[],
  onProgress: OnProgress | undefined,
): Promise<Replay> {
  const total = work.reduce((sum, { periods }) => sum + periods.length, 0);
  let documents = 0;
  const result = (difference: ReplayDifference | null): Replay => {
    return { sequence: P, clusters: work.length, documents, difference };
  };
  // The plain folds come first: they keep nothing when they are done, while the live projections keep what they fold.
  const folded = new Map<string, PlainFold>();
  for (const { cluster, plain, periods } of work) {
    const live = ledger.view(cluster, P);
    if (plain !== null) folded.set(cluster, await foldInPasses(plain, live, periods, onProgress));
  }
  for (const { cluster, plain, periods } of work) {
    if (plain === null) return result(unknown(cluster, ledger.view(cluster, P)));
    const { digests, first: ofEntity } = folded.get(cluster) ?? { digests: [], first: null };
    for (const [i, period] of periods.entries()) {
      const digest = digests[i] ?? null;
      // Where nothing is said of a document, it follows from the timelines: it is made if one of them differs.
      const isEqual =
        digest === null
          ? ofEntity === null
          : isSame(await ledger.answer(cluster, P, (view) => digestsOf(view, period)), digest);
      if (!isEqual) {
        const document = await ledger.answer(cluster, P, (view) => documentOf(view, period));
        const first = firstDifference(document, documentOf(plain, period));
        if (first !== null) return result({ cluster, where: period, first });
      }
      documents++;
      onProgress?.("comparing documents", documents, total);
    }
    if (ofEntity !== null)
      return result({ cluster, where: ofEntity.entity, first: ofEntity.first });
    plain.letGo();
  }
  return result(null);
}

interface PlainFold {
  /** Of each period; `null` for one whose timelines do not fit into the memory. */
  readonly digests: readonly (Digests | null)[];
  /** The first entity whose whole timeline is not that of the live projections. */
  readonly first: EntityDifference | null;
}

/** Passes over the entities, as many as the windows of the documents need; the first compares each entity. */
async function foldInPasses(
  plain: PassView,
  live: ClusterView,
  periods: readonly string[],
  onProgress: OnProgress | undefined,
): Promise<PlainFold> {
  const zones = () => zonesInForce(plain.zoneTable);
  const digests = new Map<string, Digests>();
  const comparison = new EntityComparison(live, plain);
  const entities = kindNames.reduce((sum, kind) => sum + plain.names(kind).length, 0);
  let rest = periods.map((period) => ({ period, window: windowAsked(plain, { period }, zones) }));
  for (let pass = 0; rest.length > 0; pass++) {
    const windows = rest.flatMap(({ window }) => (window === null ? [] : [window]));
    const onFolded = (kind: KindName, timeline: object) => {
      if (pass === 0) comparison.take(kind, nameOf(kind, timeline), timeline);
    };
    let folded = 0;
    for (const work = plain.hold(windows, onFolded); work.next().done !== true;) {
      folded++;
      if (folded % entitiesPerTurn > 0) continue;
      onProgress?.("folding entities", folded, entities);
      await nextTurn();
    }
    const isHeld = ({ window }: { window: Interval | null }) =>
      window === null || plain.holds(window);
    for (const { period } of rest.filter(isHeld)) {
      digests.set(period, digestsOf(plain, period));
      await nextTurn();
    }
    rest = rest.filter((each) => !isHeld(each));
    // What is left is all of the time, beside which no month had room.
    if (rest.length === 1 && rest[0]?.period === periods.at(-1)) break;
  }
  comparison.end();
  plain.letGo();
  return { digests: periods.map((period) => digests.get(period) ?? null), first: comparison.first };
}

function isSame(a: Digests, b: Digests): boolean {
  return a.length === b.length && a.every((digest, i) => digest === b[i]);
}

function unknown(cluster: string, live: ClusterView): ReplayDifference {
  return { cluster, where: null, first: { figure: "known", before: live.known, after: false } };
}
