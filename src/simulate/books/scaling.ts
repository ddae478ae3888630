/** The books' scale requests: what the ledger said, and what was recorded of it. */
import type { ClusterTruth, Interval, ScaleRequestTruth } from "../setting/history.ts";
import { iso } from "../setting/setting.ts";

export interface ScalingBook {
  readonly requests: number;
  /** Of these, the ones that were allowed on every node that was asked for. */
  readonly requestsAllowed: number;
  /** As they are recorded: a node that nobody had told of has no record. */
  readonly nodesAllowed: number;
  readonly nodesDenied: number;
  /** A node may be denied for several; reasons that did not occur are left out. */
  readonly byReason: Readonly<Record<string, number>>;
}

/** Of the requests within the window. */
export function scalingOf(
  { scaleRequests }: Pick<ClusterTruth, "scaleRequests">,
  { from, to }: Interval,
): ScalingBook {
  const requests = scaleRequests.filter(({ at }) => from <= at && at < to);
  const recorded = requests.flatMap(({ nodes }) => nodes.filter(({ event }) => event !== null));
  const denied = recorded.filter(({ reasons }) => reasons.length > 0);
  const byReason: Record<string, number> = {};
  for (const reason of denied.flatMap(({ reasons }) => reasons))
    byReason[reason] = (byReason[reason] ?? 0) + 1;
  return {
    requests: requests.length,
    requestsAllowed: requests.filter(isAllowed).length,
    nodesAllowed: recorded.length - denied.length,
    nodesDenied: denied.length,
    byReason,
  };
}

function isAllowed({ nodes }: Pick<ScaleRequestTruth, "nodes">): boolean {
  return nodes.every(({ reasons }) => reasons.length === 0);
}

/** The answer to a request, as the ledger gives it again when it is sent again. */
export function answerOf({ id, at, nodes }: ScaleRequestTruth) {
  return {
    request: id,
    at: iso(at),
    allowed: isAllowed({ nodes }),
    nodes: nodes.map(({ node, reasons, until }) => ({
      node,
      allowed: reasons.length === 0,
      reasons,
      until: until === null ? null : iso(until),
    })),
  };
}
