/**
 * Executes a command on many nodes: each is decided and recorded by itself, in its own stream at the exact revision that
 * was read, under an id made of the command's and the node's name. A command that stopped half-way and is sent again finds
 * what it recorded, and decides the rest.
 */
import { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import { maxDecisionAttempts, nodesPerTurn } from "../../limits/decisions.ts";
import type { Asked } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import type { Draft } from "../command/drafts.ts";
import { type EventPlace, assertSame, decidedEvent, placeOf } from "../command/execute.ts";
import { type SeenNode, nodeStream, seenNodes } from "./seen-node.ts";

/** What a decider says of one node. */
export interface NodeDecision {
  /** What is to be recorded; `null` for nothing. */
  readonly draft: Draft | null;
}

export interface NodeOutcome<D extends NodeDecision> {
  readonly node: string;
  /** `already`: there was nothing to record. */
  readonly outcome: "appended" | "already" | "repeated";
  /** The instant of the decision, and the position up to which facts of others were seen. */
  readonly at: number;
  readonly P: number;
  readonly event: EventPlace | null;
  readonly decision: D;
}

export interface NodeDecider<D extends NodeDecision> {
  readonly decide: (seen: SeenNode) => D;
  /** What was decided when the event was recorded. */
  readonly decidedThen: (node: string, event: StoredEvent) => D;
}

/** The id of a command's event about a node. */
export function idOfNode(id: string, node: string): string {
  return stableId([id, node]);
}

/** The outcome for each of the nodes, in their order. Throws `id-conflict` and `overloaded`. */
export async function decideEachNode<D extends NodeDecision>(
  deciding: Deciding,
  asked: Asked,
  { cluster, nodes }: { readonly cluster: string; readonly nodes: readonly string[] },
  decider: NodeDecider<D>,
): Promise<NodeOutcome<D>[]> {
  const outcomes = new Map<string, NodeOutcome<D>>();
  for (let i = 0; i < nodes.length; i += nodesPerTurn) {
    let open = nodes.slice(i, i + nodesPerTurn);
    for (let attempt = 1; open.length > 0; attempt++) {
      if (attempt > maxDecisionAttempts) throw movedOnTooOften(cluster, open);
      for (const each of await tryOnce(deciding, asked, { cluster, nodes: open }, decider))
        outcomes.set(each.node, each);
      open = open.filter((node) => !outcomes.has(node));
    }
  }
  return nodes.flatMap((node) => outcomes.get(node) ?? []);
}

function movedOnTooOften(cluster: string, [node = ""]: readonly string[]): LedgerError {
  const detail = `${nodeStream(cluster, node)} was changed by others ${maxDecisionAttempts} times while it was decided about; ask again with the same id`;
  return new LedgerError("overloaded", detail);
}

interface Planned<D> {
  readonly node: string;
  readonly at: number;
  readonly decision: D;
}

interface Turn<D extends NodeDecision> {
  readonly P: number;
  /** Of nodes about which nothing is to be appended. */
  readonly settled: readonly NodeOutcome<D>[];
  /** In the order of what is appended. */
  readonly planned: readonly Planned<D>[];
}

/** The outcomes of the nodes that nobody else changed meanwhile. */
async function tryOnce<D extends NodeDecision>(
  deciding: Deciding,
  asked: Asked,
  about: { readonly cluster: string; readonly nodes: readonly string[] },
  decider: NodeDecider<D>,
): Promise<NodeOutcome<D>[]> {
  const { ledger } = deciding;
  const turns: Turn<D>[] = [];
  const streams = about.nodes.map((node) => nodeStream(about.cluster, node));
  const submissions = await ledger.submitDecided(streams, async (P) => {
    const { revisions, inputs, ...turn } = await takeTurn(deciding, asked, about, decider, P);
    turns.push(turn);
    return { inputs, revisions };
  });
  const [turn] = turns;
  if (turn === undefined) throw whyNoTurn(submissions);
  const appended = turn.planned.flatMap((each, i) => {
    const event = appendedPlace(submissions[i], each);
    if (event === null) return [];
    deciding.onDecided(each.at);
    return [{ ...each, outcome: "appended" as const, P: turn.P, event }];
  });
  return [...turn.settled, ...appended];
}

/** It was turned away while it waited: the store does not answer, or is slow. */
function whyNoTurn(submissions: readonly Submission[]): LedgerError {
  const refusal = submissions.find((each) => each.status === "refused");
  return refusal?.error ?? new LedgerError("internal", "a command had no turn");
}

async function takeTurn<D extends NodeDecision>(
  deciding: Deciding,
  asked: Asked,
  { cluster, nodes }: { readonly cluster: string; readonly nodes: readonly string[] },
  decider: NodeDecider<D>,
  P: number,
): Promise<Turn<D> & { inputs: object[]; revisions: Map<string, bigint | null> }> {
  const before = await recordedOf(deciding, asked, nodes);
  const settled: NodeOutcome<D>[] = [];
  for (const [node, event] of before) settled.push(repeated(node, event, decider));
  const undecided = nodes.filter((node) => !before.has(node));
  const planned: Planned<D>[] = [];
  const inputs: object[] = [];
  const revisions = new Map<string, bigint | null>();
  for (const { seen, revision } of await seenNodes(deciding, cluster, undecided, P)) {
    const { node, at } = seen;
    const decision = decider.decide(seen);
    if (decision.draft === null) {
      settled.push({ node, outcome: "already", at, P, event: null, decision });
      continue;
    }
    planned.push({ node, at, decision });
    inputs.push(decidedEvent(decision.draft, idOfNode(asked.id, node), { asked, at, P }));
    revisions.set(nodeStream(cluster, node), revision);
  }
  return { P, settled, planned, inputs, revisions };
}

/** What the same command recorded before, by node. Throws `id-conflict` if another one used an id of it. */
export async function recordedOf(
  { ledger }: Pick<Deciding, "ledger">,
  asked: Asked,
  nodes: readonly string[],
): Promise<Map<string, StoredEvent>> {
  const nodeOf = new Map(nodes.map((node) => [idOfNode(asked.id, node), node]));
  const found = new Map<string, StoredEvent>();
  for (const event of await ledger.store.findByIds([...nodeOf.keys()])) {
    assertSame(event, asked);
    const node = nodeOf.get(event.id);
    if (node !== undefined) found.set(node, event);
  }
  return found;
}

function repeated<D extends NodeDecision>(
  node: string,
  event: StoredEvent,
  decider: NodeDecider<D>,
): NodeOutcome<D> {
  return {
    node,
    outcome: "repeated",
    at: event.occurredAt,
    P: event.attribution.decision?.sequence ?? event.sequence,
    event: placeOf(event),
    decision: decider.decidedThen(node, event),
  };
}

/** `null` if it is to be decided again: the node's stream has moved on, or another process has carried out the command. */
function appendedPlace<D extends NodeDecision>(
  submission: Submission | undefined,
  { decision }: Planned<D>,
): EventPlace | null {
  if (submission === undefined || decision.draft === null)
    throw new LedgerError("internal", "a decision about a node has no outcome");
  if (submission.status === "refused") {
    const { error } = submission;
    if (error.code === "wrong-expected-revision" || error.code === "id-conflict") return null;
    throw error;
  }
  if (submission.status === "duplicate") return null;
  const { id, stream, revision, sequence } = submission;
  return { id, type: decision.draft.type, stream, revision: String(revision), sequence };
}
