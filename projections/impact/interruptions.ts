/** The interruptions of jobs that a rollout caused, with what they cost. */
import { overlapMs } from "../arithmetic/intervals.ts";
import { exact } from "../arithmetic/ratio.ts";
import { type Fact } from "../facts/fact.ts";
import { foldEntity } from "../facts/entity-kind.ts";
import { jobKind } from "../jobs/kind.ts";
import type { Interruption, JobTimeline } from "../jobs/timeline.ts";
import { parseHostlist, partNames } from "../nodes/hostlist.ts";
import type { Fleet, NamedInterruption, RolloutStretch } from "./fleet.ts";

/** The facts about a job, by `occurredAt`, then id. */
export type FactsOfJob = (job: string) => readonly Fact[];

/** By instant, then job. Node-time in milliseconds, up to the instant of the answer. */
interface CausedInterruption {
  readonly job: string;
  readonly at: number;
  readonly eventId: string;
  readonly interruptedNodeMs: number;
  readonly lostNodeMs: number;
}

/** Those whose cause names the rollout, or one of its stretches of maintenance on the node of the cause. */
export function causedBy(fleet: Fleet, rollout: string): NamedInterruption[] {
  const found = new Map<Interruption, NamedInterruption>();
  for (const each of fleet.interruptionsBy("rollout", rollout)) found.set(each.interruption, each);
  const stretches = Map.groupBy(fleet.stretchesOf(rollout), ({ maintenanceId }) => maintenanceId);
  for (const [maintenanceId, ofId] of stretches)
    for (const each of fleet.interruptionsBy("maintenance", maintenanceId))
      if (isOnNodeOf(each, ofId)) found.set(each.interruption, each);
  return [...found.values()].sort(
    (a, b) =>
      a.interruption.from - b.interruption.from ||
      (a.job.job < b.job.job ? -1 : a.job.job > b.job.job ? 1 : 0),
  );
}

/** A cause that names no node means any node that the job held. */
function isOnNodeOf(
  { interruption }: NamedInterruption,
  stretches: readonly RolloutStretch[],
): boolean {
  const { node: named, held } = interruption;
  if (named !== null) return stretches.some(({ node }) => node.node === named);
  const parts = held.flatMap((list) => parseHostlist(list) ?? []);
  return stretches.some(({ node }) => parts.some((part) => partNames(part, node.node)));
}

/** What interruptions cost, by the facts that the answer sees. */
export class JobCosts {
  readonly #fleet: Fleet;
  readonly #factsOf: FactsOfJob;
  readonly #seen = new Map<JobTimeline, JobTimeline>();

  constructor(fleet: Fleet, factsOf: FactsOfJob) {
    this.#fleet = fleet;
    this.#factsOf = factsOf;
  }

  of({ job, interruption }: NamedInterruption): CausedInterruption {
    const { eventId } = interruption;
    const seen = this.#asSeen(job);
    const index = seen.interruptions.findIndex((each) => each.eventId === eventId);
    const own = seen.interruptions[index];
    if (own === undefined) throw new RangeError(`${eventId} interrupts ${job.job} no more`);
    const { at } = this.#fleet.seen;
    let lostNodeMs = 0;
    for (const each of seen.lost)
      if (each.interruption === index)
        lostNodeMs = exact(
          lostNodeMs + overlapMs(each, -Infinity, at) * each.nodeCount,
          "lost time",
        );
    const interruptedNodeMs = exact(
      overlapMs(own, -Infinity, at) * own.nodeCount,
      "interrupted time",
    );
    return { job: job.job, at: own.from, eventId, interruptedNodeMs, lostNodeMs };
  }

  /** A resume that the answer does not see may have lost more time, or hidden a failed finish. */
  #asSeen(job: JobTimeline): JobTimeline {
    const known = this.#seen.get(job);
    if (known !== undefined) return known;
    const facts = this.#factsOf(job.job);
    const { factsBefore } = this.#fleet.seen;
    const isWhole = (facts.at(-1)?.occurredAt ?? -Infinity) < factsBefore;
    const made = isWhole
      ? job
      : foldEntity(
          jobKind,
          job.job,
          facts.filter(({ occurredAt }) => occurredAt < factsBefore),
        );
    this.#seen.set(job, made);
    return made;
  }
}
