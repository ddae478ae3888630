/** Admission of pods onto nodes, as a Kubernetes API server asks: the question of a scale request, about one node. */
import { schedulableAt } from "../../../projections/nodes/schedulable.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { nodeName } from "../../events/fields/fields.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxDecisionAttempts } from "../../limits/decisions.ts";
import { maxReadWaitMs } from "../../limits/requests.ts";
import { type Caller, maySee } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import { draft } from "../command/drafts.ts";
import {
  type AdmissionAnswer,
  type AdmissionQuestion,
  type AdmissionReview,
  reviewAnswer,
} from "./admission-review.ts";
import { type NodeDecider, type NodeDecision, decideEachNode, recordedOf } from "./each-node.ts";
import { type SeenNode, knownBefore, nodeStream, seenNodes } from "./seen-node.ts";

/** Ids of what a kubernetes source tells of a cordon: its own name, then the series. */
const ownCordon = /^[a-z0-9-]{1,32}:cordon@/;

interface AdmissionDecision extends NodeDecision {
  readonly isNamed: boolean;
  /** Why it is denied, in words; `null` if it is allowed. */
  readonly denial: string | null;
}

/** A cluster, and the part of the address that names it, as a JSON pointer. */
export interface NamedCluster {
  readonly cluster: string;
  readonly path: string;
}

/** Records a denial, unless it is a dry run. Throws `not-found` for a cluster that is not there or not seen. */
export async function admit(
  deciding: Deciding,
  caller: Caller,
  { cluster, path }: NamedCluster,
  review: AdmissionReview,
): Promise<AdmissionAnswer> {
  const { ledger } = deciding;
  const { uid, question, isDryRun } = review;
  if (!maySee(caller, cluster) || !ledger.view(cluster, ledger.sequence()).known)
    throw new LedgerError("not-found", `there is no cluster ${cluster}`, {
      errors: [{ path, message: "is not known" }],
    });
  if (question === null) return reviewAnswer(uid, null);
  const { node } = question;
  const unknown = [`fleetledger knows no node ${node.slice(0, 128)} in cluster ${cluster}`];
  if (!nodeName.safeParse(node).success) return reviewAnswer(uid, null, unknown);
  const asked = { command: "admission", caller, said: {}, id: uid, request: null, minSequence: 0 };
  const decider: NodeDecider<AdmissionDecision> = {
    decide: (seen) => decideAdmission(cluster, uid, question, seen),
    decidedThen: (_node, event) => deniedThen(ledger, cluster, event),
  };
  const before = (await recordedOf(deciding, asked, [node])).get(node);
  if (before !== undefined) return reviewAnswer(uid, decider.decidedThen(node, before).denial);
  // Most are allowed, which needs no turn of the writer: only a denial is recorded.
  const first = decider.decide(await look(deciding, cluster, node));
  if (!first.isNamed) return reviewAnswer(uid, null, unknown);
  if (first.denial === null || isDryRun) return reviewAnswer(uid, first.denial);
  const { decision } = await deciding.telling(asked, node, async () => {
    const [outcome] = await decideEachNode(deciding, asked, { cluster, nodes: [node] }, decider);
    if (outcome === undefined) throw new LedgerError("internal", "a review was not decided");
    return outcome;
  });
  return reviewAnswer(uid, decision.denial);
}

/** The node by all that the store holds of it. Throws `overloaded` and `store-unavailable`. */
async function look(deciding: Deciding, cluster: string, node: string): Promise<SeenNode> {
  const { ledger } = deciding;
  for (let attempt = 1; attempt <= maxDecisionAttempts; attempt++) {
    const stream = nodeStream(cluster, node);
    await ledger.store.reachEnd?.(stream, performance.now() + maxReadWaitMs);
    const { sequence } = await ledger.store.head();
    await ledger.waitFor(sequence, maxReadWaitMs);
    const [found] = await seenNodes(deciding, cluster, [node], sequence);
    if (found !== undefined) return found.seen;
  }
  throw new LedgerError("overloaded", `${nodeStream(cluster, node)} changes all the time`);
}

function decideAdmission(
  cluster: string,
  uid: string,
  { asks }: AdmissionQuestion,
  { node, isNamed, known, at, policy: { imminentMs } }: SeenNode,
): AdmissionDecision {
  const isDisregarded = (id: string): boolean => asks === "uncordon" && ownCordon.test(id);
  const { reasons, until } = schedulableAt(known, { at, imminentMs, isDisregarded });
  if (!isNamed || reasons.length === 0) return { isNamed, denial: null, draft: null };
  const data = { cluster, node, request: uid, reasons: [...reasons] };
  const denial = wordsOf(node, reasons, until);
  return { isNamed, denial, draft: draft("NodeScaleDenied", data) };
}

/** A review that is sent again is answered by its record. */
function deniedThen(
  ledger: Ledger,
  cluster: string,
  { data, sequence, occurredAt: at, attribution }: StoredEvent,
): AdmissionDecision {
  const { node, reasons = [] } = data as DataOf<"NodeScaleDenied">;
  const P = attribution.decision?.sequence ?? sequence - 1;
  const { imminentMs } = rolloutPolicyAt(ledger.view(cluster, P).rolloutPolicies, at);
  const { until } = schedulableAt(knownBefore(ledger, cluster, node, sequence), { at, imminentMs });
  return { isNamed: true, denial: wordsOf(node, reasons, until), draft: null };
}

function wordsOf(node: string, reasons: readonly string[], until: number | null): string {
  const when = until === null ? "" : `; maintenance is planned until ${formatInstant(until)}`;
  return `fleetledger: node ${node} is not schedulable: ${reasons.join(", ")}${when}`;
}
