/** The blocked queue over several clusters, as answers show it. */
import { blockedQueueAt } from "../../projections/figures/blocked-queue.ts";
import type { SlaDocument } from "../../projections/document/catalogue.ts";
import type { ClusterView } from "../../projections/view.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { instantOrNull } from "./look-back.ts";

type BlockedRow = SlaDocument["rollouts"]["blocked"][number];

/**
 * A blocked rollout as in the document, with its cluster; `nextRelease` is `null` if none of its no-fly zones has a
 * known end.
 */
interface QueuedRollout extends Omit<BlockedRow, "nextRelease"> {
  readonly cluster: string;
  readonly nextRelease: string | null;
}

/** The rollouts that wait in the cluster at the instant, by the facts before it. */
export function queueOf(view: ClusterView, at: number): QueuedRollout[] {
  return blockedQueueAt(view, at).map((each) => ({
    cluster: view.cluster,
    ...each,
    since: formatInstant(each.since),
    nextRelease: instantOrNull(each.nextRelease),
  }));
}
