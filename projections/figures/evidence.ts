/** The events that a period's figures were computed from: faults and interruptions, by id. */
import { type Interval, firstEndingAfter, touching } from "../arithmetic/intervals.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";
import type { JobTimeline } from "../jobs/timeline.ts";

/** Ids of the events that first stated them, sorted, without duplicates. */
interface Evidence {
  /** Failures of every fault that was opened, closed, open or censored in the window. */
  readonly faults: readonly string[];
  /** Interruptions that began in the window, lasted into it, or lost running time of it. */
  readonly interruptions: readonly string[];
}

export function evidenceIn(
  nodes: Iterable<NodeTimeline>,
  jobs: Iterable<JobTimeline>,
  window: Interval,
): Evidence {
  const faults: string[] = [];
  for (const node of nodes) {
    // Instants are whole, so what ended at the window's start ended after the millisecond before.
    for (const fault of touching(node.faults, window.from - 1, window.to)) {
      faults.push(fault.eventId);
    }
  }
  const interruptions = new Set<string>();
  for (const job of jobs) addInterruptions(job, window, interruptions);
  return { faults: faults.sort(), interruptions: [...interruptions].sort() };
}

function addInterruptions(job: JobTimeline, { from, to }: Interval, into: Set<string>): void {
  const { interruptions, lost } = job;
  // Instants are whole, so what ended at the window's start ended after the millisecond before.
  for (let i = firstEndingAfter(interruptions, from - 1); i < interruptions.length; i++) {
    const each = interruptions[i];
    if (each === undefined || each.from >= to) break;
    const isCounted = each.from >= from || (each.resumedAt !== null && each.resumedAt >= from);
    if (isCounted || each.to > from) into.add(each.eventId);
  }
  // An interruption after the window may have lost running time of the window.
  for (let i = firstEndingAfter(lost, from); i < lost.length; i++) {
    const piece = lost[i];
    if (piece === undefined || piece.from >= to) break;
    const lostBy = interruptions[piece.interruption];
    if (lostBy !== undefined) into.add(lostBy.eventId);
  }
}
