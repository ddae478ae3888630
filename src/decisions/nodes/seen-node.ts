/** What a decision about a node is made from: its own facts up to the last revision of its stream, and the rest up to P. */
import { viewBefore } from "../../../projections/figures/queue/near.ts";
import { type KnownNode, plannedMaintenanceTypes } from "../../../projections/nodes/schedulable.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { DecisionView } from "../../../projections/view.ts";
import { type RolloutPolicy, rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { streamOf } from "../../events/stream.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { manyNodes } from "../../limits/decisions.ts";
import type { EventStore } from "../../store/port.ts";
import type { Deciding } from "../command/deciding.ts";
import { decisionInstant } from "../command/instant.ts";
import { type World, worldAt } from "../command/world.ts";

export interface SeenNode {
  readonly node: string;
  /** Whether any fact is about it. */
  readonly isNamed: boolean;
  readonly known: KnownNode;
  /** The instant of the decision, in milliseconds. */
  readonly at: number;
  readonly policy: RolloutPolicy;
  /** What else of the cluster is seen; made only for decisions that no-fly zones have a part in. */
  readonly world: () => World;
}

/** A node with the last revision of its stream; `null` if the stream does not exist. */
interface SeenAtRevision {
  readonly seen: SeenNode;
  readonly revision: bigint | null;
}

export function nodeStream(cluster: string, node: string): string {
  return streamOf("NodeScaleAllowed", { cluster, node }) ?? "";
}

/**
 * Each of the nodes as it is seen at P; those are left out whose stream holds more than is seen at P: they are to be read
 * again.
 */
export async function seenNodes(
  deciding: Deciding,
  cluster: string,
  nodes: readonly string[],
  P: number,
): Promise<SeenAtRevision[]> {
  const { ledger } = deciding;
  const view = ledger.view(cluster, P);
  const floor = decisionInstant(ledger, P, -Infinity);
  const worlds = worldsOf(deciding, view);
  const near = nodes.length < manyNodes ? null : timelinesNear(view, floor);
  const found: SeenAtRevision[] = [];
  for (const node of nodes) {
    const revision = await revisionUpTo(ledger, nodeStream(cluster, node), P);
    if (revision === "moved-on") continue;
    found.push({ revision, seen: seenNode(view, node, { floor, near, worlds }) });
  }
  return found;
}

interface Around {
  /** The instant of a decision about a node without facts of its own. */
  readonly floor: number;
  /** Folded around that instant; `null` if each node is folded by itself. */
  readonly near: ReadonlyMap<string, NodeTimeline> | null;
  readonly worlds: (at: number) => World;
}

function seenNode(view: DecisionView, node: string, { floor, near, worlds }: Around): SeenNode {
  const latest = view.lastFactAt("node", node);
  const at = Math.max(floor, latest + 1);
  const timeline =
    near === null || at > floor ? view.entity("node", node) : (near.get(node) ?? null);
  const planned = view.factsOfTypes("node", node, plannedMaintenanceTypes);
  return {
    node,
    isNamed: latest !== -Infinity,
    known: { timeline, planned },
    at,
    policy: rolloutPolicyAt(view.rolloutPolicies, at),
    world: () => worlds(at),
  };
}

function timelinesNear(view: DecisionView, at: number): ReadonlyMap<string, NodeTimeline> {
  const timelines = viewBefore(view, at).entities("node");
  return new Map(Array.from(timelines, (each) => [each.node, each]));
}

/** Nearly all nodes are decided at one instant; only facts ahead of the clock make others. */
function worldsOf({ places }: Deciding, view: DecisionView): (at: number) => World {
  const worlds = new Map<number, World>();
  return (at) => {
    const known = worlds.get(at);
    if (known !== undefined) return known;
    const world = worldAt(view, at, places);
    worlds.set(at, world);
    return world;
  };
}

/**
 * The stream's last revision. A mirror goes on while a decision is made: what it has taken in beyond P was not seen, and
 * an append after it would rest on less than it says.
 */
async function revisionUpTo(
  { store }: { readonly store: EventStore },
  stream: string,
  P: number,
): Promise<bigint | null | "moved-on"> {
  const revision = await store.streamRevision(stream);
  if (revision === null || store.reachEnd === undefined) return revision;
  for await (const { sequence } of store.readStream(stream, revision))
    if (sequence > P) return "moved-on";
  return revision;
}

/** The node as a decision saw it whose event has a sequence: by the facts of its own stream before that event. */
export function knownBefore(
  ledger: Ledger,
  cluster: string,
  node: string,
  sequence: number,
): KnownNode {
  const own = ledger.view(cluster, sequence - 1);
  return {
    timeline: own.entity("node", node),
    planned: own.factsOfTypes("node", node, plannedMaintenanceTypes),
  };
}
