/** The nodes that a command is about, and the cluster that they are in. */
import { type Place, placesOf } from "../../../projections/nodes/places.ts";
import { type InputError, LedgerError } from "../../errors.ts";
import { type Asked, maySee } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import { decisionInstant } from "../command/instant.ts";
import { worldAt } from "../command/world.ts";
import { recordedOf } from "./each-node.ts";

/** Names and hostlists as names, each once, by name. */
export function expandedNodes(nodes: readonly string[]): string[] {
  const noMembers = { nodes: new Set<string>(), byRack: new Map(), bySku: new Map() };
  return [...(placesOf({ nodes }, noMembers) ?? [])].sort();
}

/** The nodes that targets stand for now, by name; without any kind, all members. */
export function targetedNodes(
  { ledger, places }: Deciding,
  cluster: string,
  targets: Place,
): string[] {
  const P = ledger.sequence();
  const world = worldAt(ledger.view(cluster, P), decisionInstant(ledger, P, -Infinity), places);
  return [...(world.places.of(targets) ?? world.members().nodes)].sort();
}

/** An empty list is a mistake: whoever means all leaves it out. */
export function emptyLists(targets: Place | undefined): InputError[] {
  return Object.entries(targets ?? {}).flatMap(([kind, list]) => {
    if (!Array.isArray(list) || list.length > 0) return [];
    const message = "must name something; leave it out for the whole cluster";
    return [{ path: `/targets/${kind}`, message }];
  });
}

/** Throws `invalid-request`. */
export function assertNotTooMany(nodes: readonly string[], most: number, path: string): void {
  if (nodes.length <= most) return;
  const message = `is ${nodes.length} nodes, and at most ${most} are taken`;
  throw new LedgerError("invalid-request", `${path} ${message}`, { errors: [{ path, message }] });
}

/**
 * Throws `not-found` for a cluster that is not there or that the caller may not see; `id-conflict` if the command's id is
 * used in it, which is looked up first.
 */
export async function assertCluster(
  deciding: Deciding,
  asked: Asked,
  cluster: string,
  nodes: readonly string[],
): Promise<void> {
  const { ledger } = deciding;
  if (maySee(asked.caller, cluster) && ledger.view(cluster, ledger.sequence()).known) return;
  await recordedOf(deciding, asked, nodes);
  throw new LedgerError("not-found", `there is no cluster ${cluster}`, {
    errors: [{ path: "/cluster", message: "is not known" }],
  });
}
