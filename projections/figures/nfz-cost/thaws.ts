/** What happened in the day after no-fly zones ended, beside the day before they began. */
import type { Interval } from "../../arithmetic/intervals.ts";
import { Fleet } from "../../impact/fleet.ts";
import { nodesOfRollout, standingOf } from "../../impact/treatment.ts";
import type { JobTimeline } from "../../jobs/timeline.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import type { RolloutTimeline } from "../../rollouts/timeline.ts";
import type { ClusterView } from "../../view.ts";

/** Counts within a day. */
interface CountsOfDay {
  /** Rollouts that were released from the queue. */
  readonly released: number;
  /** Rollouts that started. */
  readonly started: number;
  /** Interruptions of jobs by rollouts or maintenance. */
  readonly interruptions: number;
  /** Counted faults that began on the nodes of the rollouts that started in that day. */
  readonly faults: number;
}

/** An end of the time in which any zone was in force. */
export interface Thaw {
  readonly at: number;
  /** When the first of these zones came into force. */
  readonly since: number;
  readonly after: CountsOfDay;
  readonly before: CountsOfDay;
}

const dayMs = 86_400_000;

/** `inForce` are the intervals in which any zone was in force. Thaws are those whose end lies in the window. */
export function thawsIn(
  view: ClusterView,
  rollouts: readonly RolloutTimeline[],
  inForce: readonly Interval[],
  window: Interval,
): Thaw[] {
  const ended = inForce.filter(({ to }) => window.from <= to && to < window.to);
  const [first, last] = [ended[0], ended.at(-1)];
  if (first === undefined || last === undefined) return [];
  const around = { from: first.from - dayMs, to: last.to + dayMs };
  const jobs = [...view.within(around).entities("job")];
  const seen = { at: Infinity, factsBefore: Infinity };
  const days = new Days(new Fleet(view, seen), rollouts, jobs);
  return ended.map(({ from, to }) => ({
    at: to,
    since: from,
    after: days.count({ from: to, to: to + dayMs }),
    before: days.count({ from: from - dayMs, to: from }),
  }));
}

class Days {
  readonly #fleet: Fleet;
  readonly #rollouts: readonly RolloutTimeline[];
  readonly #jobs: readonly JobTimeline[];

  constructor(fleet: Fleet, rollouts: readonly RolloutTimeline[], jobs: readonly JobTimeline[]) {
    this.#fleet = fleet;
    this.#rollouts = rollouts;
    this.#jobs = jobs;
  }

  count(day: Interval): CountsOfDay {
    const isIn = (at: number | undefined) => at !== undefined && day.from <= at && at < day.to;
    const started = this.#rollouts.filter(({ status }) => isIn(status.startedBy?.occurredAt));
    const nodes = new Set<NodeTimeline>();
    for (const timeline of started)
      for (const node of nodesOfRollout(this.#fleet, standingOf(timeline, this.#fleet)))
        nodes.add(node);
    let [released, interruptions, faults] = [0, 0, 0];
    for (const { applied } of this.#rollouts)
      for (const { type, occurredAt } of applied)
        if (type === "RolloutUnblocked" && isIn(occurredAt)) released++;
    for (const job of this.#jobs)
      for (const { kind, from } of job.interruptions)
        if ((kind === "rollout" || kind === "maintenance") && isIn(from)) interruptions++;
    for (const node of nodes) faults += this.#fleet.faultsIn(node, day.from, day.to).length;
    return { released, started: started.length, interruptions, faults };
  }
}
