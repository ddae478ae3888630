/** The measured impact of a rollout, held against what it declared. */
import type { Interval } from "../arithmetic/intervals.ts";
import { type Exposed, hasRisen } from "../arithmetic/rate-ratio.ts";
import { exact } from "../arithmetic/ratio.ts";
import { declaredMs } from "../rollouts/declared.ts";
import type { Fleet } from "./fleet.ts";
import { causedBy } from "./interruptions.ts";
import { type OutOfService, outOfServiceBy } from "./out-of-service.ts";
import { type StandingRollout, type Treatment, treatmentsBy } from "./treatment.ts";

export const verdicts = ["missed", "pending", "as-declared"] as const;
export const missReasons = [
  "failure-rate",
  "out-of-service",
  "job-interrupted",
  "longer-than-declared",
] as const;

type MissReason = (typeof missReasons)[number];

/** Times in milliseconds. */
export interface Impact extends StandingRollout {
  /** The first fact that put it in progress; `null` if it never started. */
  readonly startedAt: number | null;
  /** How long the windows before and after the treatment of a node are. */
  readonly windowMs: number;
  /** Also those whose treatment is not over. */
  readonly treatments: readonly Treatment[];
  /** Nodes whose treatment is over: only these count below. */
  readonly treated: number;
  /** Faults that began on them before and after, over their member node-time there. */
  readonly before: Exposed;
  readonly after: Exposed;
  readonly outOfService: OutOfService;
  readonly interruptions: number;
  /** `null` if it never started. */
  readonly verdict: (typeof verdicts)[number] | null;
  /** Why it missed what it declared; empty otherwise. */
  readonly reasons: readonly MissReason[];
}

export function impactOf(fleet: Fleet, standing: StandingRollout, windowMs: number): Impact {
  const treatments = treatmentsBy(fleet, standing);
  const exposed = exposedBy(fleet, treatments, windowMs);
  const outOfService = outOfServiceBy(fleet, standing.rollout);
  const interruptions = causedBy(fleet, standing.rollout).length;
  const measured = { ...exposed, outOfService, interruptions };
  return {
    ...standing,
    startedAt: standing.status.startedBy?.occurredAt ?? null,
    windowMs,
    treatments,
    ...measured,
    ...verdictOf(fleet, standing, measured),
  };
}

export function windowBefore({ from }: Treatment, windowMs: number): Interval {
  return { from: from - windowMs, to: from };
}

/** `to` must be known. */
export function windowAfter(to: number, windowMs: number): Interval {
  return { from: to, to: to + windowMs };
}

interface ExposedNodes extends Pick<Impact, "treated" | "before" | "after"> {
  /** When the last window after a treatment ends; -Infinity without any. */
  readonly over: number;
}

function exposedBy(fleet: Fleet, treatments: readonly Treatment[], windowMs: number): ExposedNodes {
  const before = { count: 0, exposureMs: 0 };
  const after = { count: 0, exposureMs: 0 };
  let [treated, over] = [0, -Infinity];
  for (const { node, from, to } of treatments) {
    if (to === null) continue;
    treated++;
    over = Math.max(over, to + windowMs);
    before.exposureMs += fleet.exposureMs(node, from - windowMs, from);
    after.exposureMs += fleet.exposureMs(node, to, to + windowMs);
    before.count += fleet.faultsIn(node, from - windowMs, from).length;
    after.count += fleet.faultsIn(node, to, to + windowMs).length;
  }
  exact(before.exposureMs, "node-time before a rollout");
  exact(after.exposureMs, "node-time after a rollout");
  return { treated, before, after, over };
}

type Measured = ExposedNodes & Pick<Impact, "outOfService" | "interruptions">;

function verdictOf(
  { seen }: Fleet,
  { status }: StandingRollout,
  measured: Measured,
): Pick<Impact, "verdict" | "reasons"> {
  if (status.startedBy === null) return { verdict: null, reasons: [] };
  const reasons = reasonsOf(status.submission?.data.impact, measured);
  if (reasons.length > 0) return { verdict: "missed", reasons };
  const isOver = status.endedBy !== null && measured.over <= seen.at;
  return { verdict: isOver ? "as-declared" : "pending", reasons: [] };
}

function reasonsOf(
  declared: NonNullable<StandingRollout["status"]["submission"]>["data"]["impact"] | undefined,
  { before, after, outOfService, interruptions }: Measured,
): MissReason[] {
  const reasons: MissReason[] = [];
  if (hasRisen(before, after)) reasons.push("failure-rate");
  if (declared?.kind === "impactless") {
    if (outOfService.nodeMs > 0) reasons.push("out-of-service");
    if (interruptions > 0) reasons.push("job-interrupted");
  } else if (declared?.kind === "impactful" && isLonger(outOfService, declaredMs(declared))) {
    reasons.push("longer-than-declared");
  }
  return reasons;
}

/** By more than a quarter. In whole numbers of any size, so that nothing is rounded. */
function isLonger({ nodeMs, nodes }: OutOfService, declared: number): boolean {
  return 4n * BigInt(nodeMs) > 5n * BigInt(declared) * BigInt(nodes);
}
