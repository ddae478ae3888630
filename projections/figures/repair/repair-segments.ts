/** How the repair time of closed faults was spent, as far as their events say. */
import type { CountedFault } from "../../nodes/timeline.ts";
import { exact } from "../../arithmetic/ratio.ts";

export const repairSegments = [
  "detect",
  "wait",
  "drain",
  "diagnose",
  "repair",
  "validate",
] as const;
type RepairSegment = (typeof repairSegments)[number];

/**
 * Sums over the faults whose events say something of their repair. The segments add up to these faults' repair time.
 */
export interface RepairSegments {
  /** Closed faults with a detection or a phase of repair. */
  readonly faults: number;
  /**
   * `detect`: until detection; `wait`: from detection to the first phase; then each phase until the next, the last one
   * until the return.
   */
  readonly totalMs: Readonly<Record<RepairSegment, number>>;
}

export function repairSegmentsOf(closed: readonly CountedFault[]): RepairSegments {
  const totalMs: Record<RepairSegment, number> = {
    detect: 0,
    wait: 0,
    drain: 0,
    diagnose: 0,
    repair: 0,
    validate: 0,
  };
  let faults = 0;
  for (const fault of closed) {
    if (fault.detectedAt === null && fault.phases.length === 0) continue;
    faults++;
    const within = (at: number) => Math.min(Math.max(at, fault.from), fault.to);
    let reached = within(fault.detectedAt ?? fault.from);
    totalMs.detect += reached - fault.from;
    let segment: RepairSegment = "wait";
    for (const { phase, at } of fault.phases) {
      const next = Math.max(reached, within(at));
      totalMs[segment] += next - reached;
      reached = next;
      segment = phase;
    }
    totalMs[segment] += fault.to - reached;
    for (const each of repairSegments) exact(totalMs[each], "time of a repair segment");
  }
  return { faults, totalMs };
}
