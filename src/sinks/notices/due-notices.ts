/** Every notice that is due of a cluster at an instant, whether it has been said or not. */
import type { ClusterView } from "../../../projections/view.ts";
import { nodesAt } from "../../answers/timeline-json.ts";
import type { Steps } from "../../turns.ts";
import { agreementNoticesInSteps } from "./of-agreement.ts";
import { faultNotices, releaseNotices } from "./of-overdue.ts";
import { zoneNotices } from "./of-zones.ts";
import type { DueNotices } from "./notice.ts";

/** `judges`: also whether the terms of the agreement are at risk or missed, which is computed from a month. */
export function* dueNoticesInSteps(
  view: ClusterView,
  at: number,
  judges: boolean,
): Steps<DueNotices> {
  const nodes = nodesAt(view, at);
  yield;
  const zones = zoneNotices(view, at);
  yield;
  const faults = faultNotices(view, nodes, at);
  yield;
  const releases = releaseNotices(view, at);
  const agreement = judges ? yield* agreementNoticesInSteps(view) : [];
  return {
    due: [...zones.due, ...faults.due, ...releases, ...agreement],
    nextAt: Math.min(zones.nextAt, faults.nextAt),
  };
}
