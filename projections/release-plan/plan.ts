/** The release plan: all waiting rollouts in waves that were tested together, keep the target and stop jobs rarely. */
import { at as elementAt } from "../arithmetic/invariants.ts";
import { decimal, exact, fraction, roundAtNinth } from "../arithmetic/ratio.ts";
import type { RolloutsInQueue } from "../co-tests/queued-rollouts.ts";
import { addBits } from "../co-tests/update-sets.ts";
import type { RolloutStatus } from "../rollouts/status.ts";
import { type Fleet, fleetAt } from "./fleet.ts";
import { type Packed, packed } from "./packing.ts";
import { type NodesOfGroups, Stops } from "./stops.ts";
import { type PlanGround, type Planned, Wave } from "./wave.ts";
import type { ClusterView } from "../view.ts";

/** What a wave stops a job. */
interface StoppedJob {
  readonly job: string;
  readonly stops: number;
}

interface PlannedWave {
  /** In queue order. */
  readonly rollouts: readonly string[];
  /** Nodes in service that it takes out. */
  readonly touched: number;
  readonly batches: number;
  readonly stops: number;
  readonly nodeMs: number;
  /** The least share of members in service during the wave; `null` without members. */
  readonly nis: number | null;
  /** Whether one passed test covers all of its updates. */
  readonly testedTogether: boolean;
  /** Most stops first. */
  readonly jobs: readonly StoppedJob[];
}

/** Why a rollout is in no wave. */
export const leftOutReasons = ["failed-alone", "nis-floor"] as const;

interface LeftOut {
  readonly rollout: string;
  readonly because: (typeof leftOutReasons)[number];
}

export interface ReleasePlan {
  readonly members: number;
  readonly inService: number;
  readonly nisTarget: number;
  /** Nodes that may be out of service at once. */
  readonly batch: number;
  readonly waves: readonly PlannedWave[];
  /** In queue order. */
  readonly leftOut: readonly LeftOut[];
  readonly stops: number;
  readonly nodeMs: number;
}

/** For how long a rollout takes a node out of service, in milliseconds. */
export type CostOf = (rollout: string, status: RolloutStatus) => number;

/** Pauses now and then. */
export function* releasePlan(
  view: ClusterView,
  queue: RolloutsInQueue,
  nisTarget: number,
  costOf: CostOf,
): Generator<undefined, ReleasePlan> {
  const fleet = fleetAt(view, queue.at, queue.nodeSets);
  const batch = batchOf(fleet, nisTarget);
  const ground = groundOf(queue, fleet, batch);
  const alone = new Wave(ground);
  const leftOut: LeftOut[] = [];
  const planned: Planned[] = [];
  for (const [place, { rollout, status, set, target }] of queue.rollouts.entries()) {
    const each = { place, set, target, costMs: costOf(rollout, status) };
    if (!alone.admits(each)) leftOut.push({ rollout, because: "failed-alone" });
    else if (batch === 0 && each.costMs > 0 && inServiceOf(each, ground) > 0)
      leftOut.push({ rollout, because: "nis-floor" });
    else planned.push(each);
  }
  const best = yield* bestOf(planned, ground);
  const waves = [...best.waves]
    .map((wave) => [...wave.members].sort((a, b) => a.place - b.place))
    .map((members, i) => ({ members, wave: elementAt(best.waves, i) }))
    .sort((a, b) => elementAt(a.members, 0).place - elementAt(b.members, 0).place)
    .map(({ members, wave }) => waveJson({ members, wave }, { queue, fleet, batch, ground }));
  return {
    members: fleet.members,
    inService: fleet.inService,
    nisTarget,
    batch,
    waves,
    leftOut,
    stops: best.stops,
    nodeMs: waves.reduce((sum, { nodeMs }) => exact(sum + nodeMs, "the cost of a plan"), 0),
  };
}

/** From the queue order, and from that with what takes nodes out of service first; the better result, the first of equals. */
function* bestOf(planned: readonly Planned[], ground: PlanGround): Generator<undefined, Packed> {
  const inOrder = yield* packed(planned, ground);
  const costly = planned.filter(({ costMs }) => costMs > 0);
  const others = planned.filter(({ costMs }) => costMs === 0);
  const costlyFirst = yield* packed([...costly, ...others], ground);
  const isBetter =
    costlyFirst.stops < inOrder.stops ||
    (costlyFirst.stops === inOrder.stops && costlyFirst.waves.length < inOrder.waves.length);
  return isBetter ? costlyFirst : inOrder;
}

/** How many nodes may be out at once so that the target is met. */
function batchOf({ members, inService }: Fleet, nisTarget: number): number {
  const { numerator, denominator } = decimal(nisTarget);
  const floor = (numerator * BigInt(members) + denominator - 1n) / denominator;
  return Math.max(0, inService - Number(floor));
}

function groundOf(queue: RolloutsInQueue, fleet: Fleet, batch: number): PlanGround {
  const { shared } = queue;
  const counts = shared.targetsOfClass.map(() => new Map<number, number>());
  for (let node = 0; node < shared.count; node++) {
    const [ofClass, group] = [elementAt(shared.classOf, node), elementAt(fleet.groupOf, node)];
    if (ofClass < 0 || group < 0) continue;
    const groups = elementAt(counts, ofClass);
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const nodesOfClass = counts.map((ofGroup): NodesOfGroups => {
    const groups = Uint32Array.from(ofGroup.keys()).sort();
    return { groups, counts: Uint32Array.from(groups, (group) => ofGroup.get(group) ?? 0) };
  });
  // Without nodes to take out nothing is cut into batches.
  const stops = new Stops(fleet, Math.max(1, batch));
  return { queue, stops, groups: fleet.groups.length, nodesOfClass, nodesOfTarget: [] };
}

/** Nodes in service in its targets. */
function inServiceOf({ target }: Planned, { queue, nodesOfClass }: PlanGround): number {
  let count = 0;
  for (const each of elementAt(queue.shared.classes, target))
    for (const nodes of elementAt(nodesOfClass, each).counts) count += nodes;
  return count;
}

interface Made {
  readonly members: readonly Planned[];
  readonly wave: Wave;
}

interface Around {
  readonly queue: RolloutsInQueue;
  readonly fleet: Fleet;
  readonly batch: number;
  readonly ground: PlanGround;
}

function waveJson({ members, wave }: Made, { queue, fleet, batch, ground }: Around): PlannedWave {
  const touched = wave.touched.reduce((sum, count) => sum + count, 0);
  const updates = new Uint32Array(queue.sets.words);
  let nodeMs = 0;
  for (const member of members) {
    addBits(updates, queue.sets.bits(member.set));
    nodeMs = exact(nodeMs + member.costMs * inServiceOf(member, ground), "the cost of a wave");
  }
  const jobs = [...ground.stops.byJob(wave.touched)]
    .map(([job, stops]) => ({ job: elementAt(fleet.jobs, job), stops }))
    .sort((a, b) => b.stops - a.stops || (a.job < b.job ? -1 : 1));
  const left = fleet.inService - Math.min(touched, batch);
  return {
    rollouts: members.map(({ place }) => elementAt(queue.rollouts, place).rollout),
    touched,
    batches: touched === 0 ? 0 : Math.ceil(touched / batch),
    stops: wave.stops,
    nodeMs,
    nis: fleet.members === 0 ? null : roundAtNinth(fraction(left, fleet.members)),
    testedTogether: queue.tested.hasPassed(updates),
    jobs,
  };
}
