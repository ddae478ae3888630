/**
 * What NIS and MTTR need of a node, in columns: its changes of state and its repairs. Sums over a window
 * come from them without a timeline.
 */
import type { NodeTime } from "./nis.ts";
import type { NodeTimeline } from "./node-timeline.ts";
import type { Window } from "./period.ts";
import { exact, mean } from "./ratio.ts";
import { noMember, stateAfter } from "./state-change-chunks.ts";
import { stateChangesOf } from "./state-changes.ts";
import type { StateChanges } from "./state-changes.ts";

/** When each repair began and ended; by the end, then the beginning. */
export interface Repairs {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export interface NodeColumns {
  readonly changes: StateChanges;
  readonly repairs: Repairs;
}

/** The columns of a timeline. */
export function nodeColumnsOf(timeline: NodeTimeline): NodeColumns {
  const repaired = timeline.faults
    .filter((fault) => fault.outcome === "repaired")
    .sort((a, b) => a.to - b.to || a.from - b.from);
  const repairs = {
    from: Float64Array.from(repaired, (fault) => fault.from),
    to: Float64Array.from(repaired, (fault) => fault.to),
  };
  return { changes: stateChangesOf(timeline), repairs };
}

/** As `nodeTimeIn`, of the same nodes. Throws FigureTooLarge past 2^53 - 1. */
export function nodeTimeOf(nodes: Iterable<NodeColumns>, window: Window): NodeTime {
  const sums = new Float64Array(noMember);
  let memberNodeMs = 0;
  for (const { changes } of nodes) {
    memberNodeMs += addStates(changes, window, sums);
    exact(memberNodeMs, "member node-time");
  }
  const [inServiceNodeMs = 0, downNodeMs = 0, maintenanceNodeMs = 0, unknownNodeMs = 0] = sums;
  return { memberNodeMs, inServiceNodeMs, downNodeMs, maintenanceNodeMs, unknownNodeMs };
}

/** Adds the time of one node in each state; gives its time as a member. */
function addStates(
  { times, codes }: StateChanges,
  { from, to }: Window,
  sums: Float64Array,
): number {
  let memberMs = 0;
  for (let i = 0; i < times.length; i++) {
    const begin = Math.max(times[i] ?? Infinity, from);
    if (begin >= to) break;
    const end = Math.min(times[i + 1] ?? Infinity, to);
    const state = stateAfter(codes[i] ?? 0);
    if (end <= begin || state === noMember) continue;
    sums[state] = (sums[state] ?? 0) + (end - begin);
    memberMs += end - begin;
  }
  return memberMs;
}

/** What MTTR says of the repairs that ended in a window. */
export interface RepairTime {
  readonly faultsClosed: number;
  readonly meanMs: number | null;
}

/** As `mttrIn` says it, of the same nodes. Throws FigureTooLarge past 2^53 - 1. */
export function repairTimeOf(nodes: Iterable<NodeColumns>, window: Window): RepairTime {
  let faultsClosed = 0;
  let totalMs = 0;
  for (const { repairs } of nodes) {
    for (let i = 0; i < repairs.to.length; i++) {
      const to = repairs.to[i] ?? Infinity;
      if (to < window.from || to >= window.to) continue;
      faultsClosed++;
      totalMs = exact(totalMs + to - (repairs.from[i] ?? to), "total repair time");
    }
  }
  return { faultsClosed, meanMs: mean(totalMs, faultsClosed, "mean repair time") };
}
