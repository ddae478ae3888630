/** Progress against an order to pause: the current step may end, but no other may begin. */
import type { Interval } from "../../arithmetic/intervals.ts";
import { noStatus, statusAfter } from "../../rollouts/status.ts";
import type { RolloutTimeline } from "../../rollouts/timeline.ts";
import type { ClusterView } from "../../view.ts";
import { type Violation, isWithin } from "./violation.ts";

/** Progress during the ledger's own pause, with more nodes done than in the first report after the pause. */
export function progressViolations(view: ClusterView, window: Interval): Violation[] {
  const violations: Violation[] = [];
  for (const timeline of view.within(window).entities("rollout"))
    for (const violation of ofRollout(timeline))
      if (isWithin(window, violation.fact.occurredAt)) violations.push(violation);
  return violations;
}

function* ofRollout({ rollout, applied }: RolloutTimeline): Generator<Violation> {
  let status = noStatus;
  let pause: { readonly nfzs: readonly string[]; allowed: number | null } | null = null;
  for (const fact of applied) {
    status = statusAfter(status, fact);
    if (status.state !== "paused") pause = null;
    else if (fact.type === "RolloutPaused" && fact.decision?.command === "sweep") {
      pause = { nfzs: (fact.data.nfzIds ?? []).toSorted(), allowed: null };
    } else if (fact.type === "RolloutProgressed" && pause !== null) {
      const { nodesDone } = fact.data;
      pause.allowed ??= nodesDone;
      if (nodesDone <= pause.allowed) continue;
      const { nfzs } = pause;
      yield { kind: "progress", rollout, node: null, fact, nfzs, isRightWithReason: false };
    }
  }
}
