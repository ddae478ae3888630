/** Scale requests: may work be scaled onto these nodes? Each node is decided, and the decision recorded in its stream. */
import type { Place } from "../../../projections/nodes/places.ts";
import { type UnschedulableReason, schedulableAt } from "../../../projections/nodes/schedulable.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { maxScaleNodes } from "../../limits/decisions.ts";
import type { Asked } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import type { EventPlace } from "../command/execute.ts";
import { type NodeDecider, type NodeOutcome, decideEachNode, idOfNode } from "./each-node.ts";
import {
  assertCluster,
  assertNotTooMany,
  emptyLists,
  expandedNodes,
  targetedNodes,
} from "./named-nodes.ts";
import { sequenceOf } from "./outcomes.ts";
import { type ScaleDecision, decideScale } from "./scale-decider.ts";
import { knownBefore } from "./seen-node.ts";

interface ScaleBody {
  readonly cluster: string;
  /** Names or hostlists. Either these or targets are given. */
  readonly nodes?: readonly string[] | undefined;
  readonly targets?: Place | undefined;
}

interface ScaledNode {
  readonly node: string;
  readonly allowed: boolean;
  readonly reasons: readonly UnschedulableReason[];
  readonly until: string | null;
  /** `null` for a node that no fact names: there is no stream to record it in. */
  readonly event: EventPlace | null;
}

export interface ScaleAnswer {
  readonly request: string;
  readonly cluster: string;
  /** Whether every node is allowed. */
  readonly allowed: boolean;
  /** `repeated` if all that there was to record had been recorded before. */
  readonly outcome: "appended" | "repeated";
  /** The latest instant of the decisions. */
  readonly at: string;
  readonly asOf: { readonly sequence: number };
  /** By name. */
  readonly nodes: readonly ScaledNode[];
}

export async function requestScale(
  deciding: Deciding,
  asked: Asked,
  body: ScaleBody,
): Promise<ScaleAnswer> {
  return await deciding.telling(asked, body.cluster, () => scaleAnswer(deciding, asked, body));
}

async function scaleAnswer(
  deciding: Deciding,
  asked: Asked,
  body: ScaleBody,
): Promise<ScaleAnswer> {
  const { cluster, targets } = body;
  const errors = emptyLists(targets);
  if (errors.length > 0) {
    const detail = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new LedgerError("invalid-request", detail, { errors });
  }
  const stated = body.nodes === undefined ? null : expandedNodes(body.nodes);
  assertNotTooMany(stated ?? [], maxScaleNodes, "/nodes");
  await assertCluster(deciding, asked, cluster, stated ?? []);
  const nodes = stated ?? targetedNodes(deciding, cluster, targets ?? {});
  assertNotTooMany(nodes, maxScaleNodes, "/targets");
  const decider: NodeDecider<ScaleDecision> = {
    decide: (seen) => decideScale(cluster, asked.id, seen),
    decidedThen: (node, event) => decidedThen(deciding, cluster, node, event),
  };
  const outcomes = await decideEachNode(deciding, asked, { cluster, nodes }, decider);
  if (stated === null) {
    const further = recordedElsewhere(deciding, asked, cluster, outcomes);
    if (further.length > 0) {
      const about = { cluster, nodes: further };
      outcomes.push(...(await decideEachNode(deciding, asked, about, decider)));
      outcomes.sort((a, b) => (a.node < b.node ? -1 : 1));
    }
  }
  return answerOf(deciding, asked, cluster, outcomes);
}

const scaleTypes: ReadonlySet<EventType> = new Set<EventType>([
  "NodeScaleAllowed",
  "NodeScaleDenied",
]);

/**
 * Of a request that was sent before: nodes that its targets stood for then, and no longer do. What was recorded is the
 * answer.
 */
function recordedElsewhere(
  { ledger }: Deciding,
  asked: Asked,
  cluster: string,
  outcomes: readonly NodeOutcome<ScaleDecision>[],
): string[] {
  if (!outcomes.some(({ outcome }) => outcome === "repeated")) return [];
  const known = new Set(outcomes.map(({ node }) => node));
  return ledger
    .eventsOf(scaleTypes, 0, ledger.sequence())
    .filter(({ id, data }) => {
      const about = data as DataOf<"NodeScaleDenied">;
      return (
        about.cluster === cluster &&
        about.request === asked.id &&
        !known.has(about.node) &&
        id === idOfNode(asked.id, about.node)
      );
    })
    .map(({ data }) => (data as DataOf<"NodeScaleDenied">).node);
}

/** The reasons are in the record; until when they hold is found again in what was seen then. */
function decidedThen(
  deciding: Deciding,
  cluster: string,
  node: string,
  event: StoredEvent,
): ScaleDecision {
  const { sequence, occurredAt: at } = event;
  const P = event.attribution.decision?.sequence ?? sequence - 1;
  const { ledger } = deciding;
  const { imminentMs } = rolloutPolicyAt(ledger.view(cluster, P).rolloutPolicies, at);
  const { until } = schedulableAt(knownBefore(ledger, cluster, node, sequence), { at, imminentMs });
  const { reasons = [] } = event.data as { readonly reasons?: UnschedulableReason[] };
  return { found: { reasons, until }, draft: null };
}

function answerOf(
  { ledger }: Deciding,
  asked: Asked,
  cluster: string,
  outcomes: readonly NodeOutcome<ScaleDecision>[],
): ScaleAnswer {
  const wasAppended = outcomes.some(({ outcome }) => outcome === "appended");
  const wasRepeated = outcomes.some(({ outcome }) => outcome === "repeated");
  const at = outcomes.reduce((latest, each) => Math.max(latest, each.at), -Infinity);
  const nodes = outcomes.map(({ node, event, decision: { found } }) => ({
    node,
    allowed: found.reasons.length === 0,
    reasons: found.reasons,
    until: found.until === null ? null : formatInstant(found.until),
    event,
  }));
  return {
    request: asked.id,
    cluster,
    allowed: nodes.every(({ allowed }) => allowed),
    outcome: wasRepeated && !wasAppended ? "repeated" : "appended",
    at: formatInstant(Number.isFinite(at) ? at : Math.floor(ledger.nowMs())),
    asOf: { sequence: sequenceOf(outcomes) ?? ledger.sequence() },
    nodes,
  };
}
