/** How the repair time of closed faults was spent, as far as their events say. */
import type { Interval } from "../../arithmetic/intervals.ts";
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
    const pieces = repairPiecesOf(fault, fault.to);
    if (pieces === null) continue;
    faults++;
    for (const { segment, from, to } of pieces) {
      totalMs[segment] = exact(totalMs[segment] + to - from, "time of a repair segment");
    }
  }
  return { faults, totalMs };
}

export interface RepairPiece extends Interval {
  readonly segment: RepairSegment;
}

/**
 * One fault's repair time in pieces, by time, up to its end or to an instant within it; `null` if its events say nothing
 * of the repair. A phase that begins again is a further piece.
 */
export function repairPiecesOf(
  { from, detectedAt, phases }: Pick<CountedFault, "from" | "detectedAt" | "phases">,
  until: number,
): RepairPiece[] | null {
  if (detectedAt === null && phases.length === 0) return null;
  const within = (at: number) => Math.min(Math.max(at, from), until);
  let reached = within(detectedAt ?? from);
  const pieces: RepairPiece[] = [{ segment: "detect", from, to: reached }];
  let segment: RepairSegment = "wait";
  for (const { phase, at } of phases) {
    const next = Math.max(reached, within(at));
    pieces.push({ segment, from: reached, to: next });
    reached = next;
    segment = phase;
  }
  pieces.push({ segment, from: reached, to: until });
  return pieces.filter((piece) => piece.to > piece.from);
}
