/** The books' measured impact of rollouts at an instant, and what it makes of their families. */
import { sum } from "./arithmetic/exact.ts";
import { sharedMs, sharedPart, without } from "./arithmetic/marks.ts";
import { lossesOf } from "./job-marks.ts";
import { bookOfNode, type CountedInterval, type NodeBook } from "./nodes.ts";
import { countedActs, happened } from "./rollouts.ts";
import type {
  ActTruth,
  ClusterTruth,
  Interval,
  RolloutTruth,
  StopTruth,
} from "../setting/history.ts";
import { isMember } from "../truth/fleet/fleet.ts";
import { nodesOf } from "../truth/fleet/place.ts";
import { isEnd, standingOf } from "../truth/rollouts/standing.ts";

interface ImpactBook {
  readonly rollout: string;
  readonly startedAt: number;
  readonly treated: number;
  readonly before: { readonly count: number; readonly exposureMs: number };
  readonly after: { readonly count: number; readonly exposureMs: number };
  readonly outOfService: { readonly nodeMs: number; readonly nodes: number };
  readonly interruptions: number;
  readonly interruptedNodeMs: number;
  readonly lostNodeMs: number;
  /** When the last window after a treatment ends; -Infinity without any. */
  readonly over: number;
  readonly isOver: boolean;
}

const begins: ReadonlySet<string> = new Set([
  "RolloutStarted",
  "RolloutResumed",
  "RolloutProgressed",
]);

/** A node's maintenance for rollouts, as it counts, in the order in which it began. */
interface Stretch extends Interval {
  readonly rollout: string;
  readonly maintenanceId: string;
}

interface Station {
  readonly book: NodeBook;
  readonly stretches: readonly Stretch[];
  readonly memberships: readonly Interval[];
}

/** Of every rollout that had started before the instant, by start, then name; windows are `windowMs` long. */
export function impactsOf(truth: ClusterTruth, at: number, windowMs: number): ImpactBook[] {
  const stations = truth.nodes.map((node): Station => {
    const book = bookOfNode(node);
    const rolloutOf = new Map(node.maintenance.map((each) => [each.maintenanceId, each.rolloutId]));
    const stretches = book.intervals
      .flatMap((each) => stretchOf(each, rolloutOf.get(each.maintenanceId ?? "") ?? null))
      .filter(({ from }) => from < at)
      .sort((a, b) => a.from - b.from || (a.maintenanceId < b.maintenanceId ? -1 : 1));
    return { book, stretches, memberships: node.memberships };
  });
  return truth.rollouts
    .flatMap((each) => {
      const acts = countedActs(each).filter((act) => act.at < at);
      const start = acts.find(({ type }) => begins.has(type));
      return start === undefined
        ? []
        : [impactOf(truth, each, acts, start, { stations, at, windowMs })];
    })
    .sort((a, b) => a.startedAt - b.startedAt || (a.rollout < b.rollout ? -1 : 1));
}

function stretchOf(interval: CountedInterval, rollout: string | null): Stretch[] {
  const { kind, from, to, maintenanceId } = interval;
  if (kind !== "maintenance" || rollout === null || maintenanceId === null) return [];
  return [{ from, to, rollout, maintenanceId }];
}

interface Around {
  readonly stations: readonly Station[];
  readonly at: number;
  readonly windowMs: number;
}

function impactOf(
  cluster: ClusterTruth,
  truth: RolloutTruth,
  acts: readonly ActTruth[],
  start: ActTruth,
  { stations, at, windowMs }: Around,
): ImpactBook {
  const { rollout } = truth;
  const startedAt = start.at;
  const end = acts.find(({ type }) => isEnd(type))?.at ?? null;
  const { isSubmitted } = standingOf(truth, happened(at - 1));
  const wanted = nodesOf(isSubmitted ? truth.targets : null, cluster.nodes, startedAt);
  const members = new Set(
    cluster.nodes
      .filter((node) => isMember(node, startedAt) && (wanted?.has(node.node) ?? true))
      .map(({ node }) => node),
  );
  const treated = stations.flatMap((station): (Interval & { readonly station: Station })[] => {
    const own = station.stretches.filter((each) => each.rollout === rollout);
    const [first, last] = [own[0], own.at(-1)];
    if (first !== undefined && last !== undefined)
      return last.to < at ? [{ station, from: first.from, to: last.to }] : [];
    const { node } = station.book;
    if (!members.has(node)) return [];
    const to = acts.find(({ nodes }) => nodes?.includes(node) === true)?.at ?? end;
    return to === null ? [] : [{ station, from: startedAt, to }];
  });
  const count = (windowOf: (each: Interval) => Interval) => {
    const windows = treated.map((each) => {
      const { from, to } = windowOf(each);
      return { station: each.station, window: { from, to: Math.min(to, at) } };
    });
    return {
      count: sum(
        windows.map(
          ({ station: { book }, window }) =>
            book.faults.filter(({ from }) => window.from <= from && from < window.to).length,
        ),
      ),
      exposureMs: sum(
        windows.flatMap(({ station, window }) =>
          station.memberships.map((each) => sharedMs(each, window)),
        ),
      ),
    };
  };
  return {
    rollout,
    startedAt,
    treated: treated.length,
    before: count(({ from }) => ({ from: from - windowMs, to: from })),
    after: count(({ to }) => ({ from: to, to: to + windowMs })),
    outOfService: outOfService(stations, rollout, at),
    ...stopsOf(cluster, rollout, at),
    over: Math.max(-Infinity, ...treated.map(({ to }) => to + windowMs)),
    isOver: end !== null,
  };
}

/** An instant under maintenance of two rollouts belongs to the one that began first. */
function outOfService(stations: readonly Station[], rollout: string, at: number) {
  const own = stations.filter(({ stretches }) =>
    stretches.some((each) => each.rollout === rollout),
  );
  const nodeMs = own.flatMap(({ book, stretches }) =>
    stretches.flatMap((stretch, i) => {
      if (stretch.rollout !== rollout) return [];
      return without(
        { from: stretch.from, to: Math.min(stretch.to, at) },
        stretches.slice(0, i),
      ).flatMap((free) =>
        book.states
          .filter(({ state }) => state === "maintenance")
          .map((piece) => sharedMs(piece, free)),
      );
    }),
  );
  return { nodeMs: sum(nodeMs), nodes: own.length };
}

function stopsOf({ jobs }: ClusterTruth, rollout: string, at: number) {
  const isOwn = (stop: StopTruth) => stop.rolloutId === rollout && stop.at < at;
  const runs = jobs
    .flatMap((job) => job.runs)
    .map((run) => ({ run, stops: run.stops.filter(isOwn) }))
    .filter(({ stops }) => stops.length > 0);
  const stops = runs.flatMap((each) => each.stops);
  return {
    interruptions: stops.length,
    interruptedNodeMs: sum(
      stops.map((stop) => (Math.min(stop.until, at) - stop.at) * stop.nodeCount),
    ),
    lostNodeMs: sum(
      runs.flatMap(({ run }) =>
        lossesOf(run)
          .filter((loss) => isOwn(loss.stop))
          .flatMap((loss) =>
            run.running.map((piece) => {
              const part = sharedPart(piece, loss);
              return part === null ? 0 : (part.to - part.from) * piece.nodeCount;
            }),
          ),
      ),
    ),
  };
}
