/** Announcing, starting and ending maintenance on many nodes: each is decided and recorded by itself. */
import { type InForce, nextFreeInstant } from "../../../projections/nfz/in-force.ts";
import type { Place } from "../../../projections/nodes/places.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { maxMaintenanceNodes } from "../../limits/decisions.ts";
import type { Asked } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import type { EventPlace } from "../command/execute.ts";
import { type World, worldAt } from "../command/world.ts";
import { resolveBeforeDeciding } from "../nfz/resolve.ts";
import { type InForceJson, inForceJson } from "../rollouts/start.ts";
import { type NodeOutcome, decideEachNode, recordedOf } from "./each-node.ts";
import {
  type MaintenanceAsked,
  type MaintenanceDecision,
  type MaintenanceSkip,
  decideMaintenance,
  isOpenOn,
  nodesOfMaintenance,
  refusingZones,
} from "./maintenance-decider.ts";
import {
  assertCluster,
  assertNotTooMany,
  emptyLists,
  expandedNodes,
  targetedNodes,
} from "./named-nodes.ts";
import { sequenceOf } from "./outcomes.ts";

interface MaintenanceBody {
  readonly cluster: string;
  /** Left out: of a start where it was announced, of an end where it is open. */
  readonly targets?: Place | undefined;
}

/** The HTTP status for one node: recorded now; nothing to do, or a repeat; refused. */
type NodeStatus = 201 | 200 | 409;

interface MaintainedNode {
  readonly node: string;
  readonly status: NodeStatus;
  readonly event?: EventPlace;
  /** Why nothing was done. */
  readonly code?: "nfz-in-force" | MaintenanceSkip;
  readonly nfzs?: readonly InForceJson[];
}

export interface MaintenanceAnswer {
  readonly maintenance: string;
  readonly cluster: string;
  readonly outcome: "appended" | "already" | "repeated";
  /** The latest instant of the decisions. */
  readonly at: string;
  readonly asOf: { readonly sequence: number };
  /** By name. */
  readonly results: readonly MaintainedNode[];
}

/** Throws `nfz-in-force` if it is refused on every node. */
export async function commandMaintenance(
  deciding: Deciding,
  asked: Asked,
  body: MaintenanceBody,
  command: MaintenanceAsked,
): Promise<MaintenanceAnswer> {
  const { maintenanceId } = command;
  return await deciding.telling(asked, maintenanceId, () =>
    maintenanceAnswer(deciding, asked, body, command),
  );
}

async function maintenanceAnswer(
  deciding: Deciding,
  asked: Asked,
  { cluster, targets }: MaintenanceBody,
  command: MaintenanceAsked,
): Promise<MaintenanceAnswer> {
  const errors = emptyLists(targets);
  if (errors.length > 0) {
    const detail = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new LedgerError("invalid-request", detail, { errors });
  }
  await resolveBeforeDeciding(deciding);
  const stated = statedNodes(targets);
  assertNotTooMany(stated ?? [], maxMaintenanceNodes, "/targets");
  await assertCluster(deciding, asked, cluster, stated ?? []);
  const nodes = stated ?? (await nodesMeant(deciding, asked, { cluster, targets }, command));
  assertNotTooMany(nodes, maxMaintenanceNodes, "/targets");
  const worlds = worldsThen(deciding, cluster);
  const outcomes = await decideEachNode(
    deciding,
    asked,
    { cluster, nodes },
    {
      decide: (seen) => decideMaintenance(cluster, command, seen),
      decidedThen: (_node, event) => decidedThen(worlds, event),
    },
  );
  return answered(deciding, { cluster, command, outcomes });
}

/** Nodes that are named one by one; `null` where the ledger has to know which are meant. */
function statedNodes(targets: Place | undefined): string[] | null {
  if (targets?.nodes === undefined) return null;
  if (targets.racks !== undefined || targets.skus !== undefined) return null;
  return expandedNodes(targets.nodes);
}

async function nodesMeant(
  deciding: Deciding,
  asked: Asked,
  { cluster, targets }: MaintenanceBody,
  { command, maintenanceId }: MaintenanceAsked,
): Promise<string[]> {
  if (targets !== undefined || command === "announce")
    return targetedNodes(deciding, cluster, targets ?? {});
  const { ledger } = deciding;
  const P = ledger.sequence();
  const view = ledger.view(cluster, P);
  if (command === "start")
    return nodesOfMaintenance(view, "NodeMaintenanceAnnounced", maintenanceId);
  const begun = nodesOfMaintenance(view, "NodeMaintenanceStarted", maintenanceId);
  // An end that is sent again finds the nodes where it is not open any more, because it ended it.
  const ended = await recordedOf(deciding, asked, begun);
  return begun.filter(
    (node) => ended.has(node) || isOpenOn(view.entity("node", node), maintenanceId),
  );
}

/** What decisions saw besides their nodes: those of one turn saw the same. */
function worldsThen(
  { ledger, places }: Deciding,
  cluster: string,
): (P: number, at: number) => World {
  const worlds = new Map<string, World>();
  return (P, at) => {
    const key = `${P} ${at}`;
    const known = worlds.get(key);
    if (known !== undefined) return known;
    const world = worldAt(ledger.view(cluster, P), at, places);
    worlds.set(key, world);
    return world;
  };
}

function decidedThen(
  worlds: (P: number, at: number) => World,
  event: StoredEvent,
): MaintenanceDecision {
  if (event.type !== "NodeMaintenanceRefused") return { draft: null, skipped: null, refusedBy: [] };
  const { nfzIds } = event.data as DataOf<"NodeMaintenanceRefused">;
  const P = event.attribution.decision?.sequence ?? event.sequence;
  const at = event.occurredAt;
  return { draft: null, skipped: null, refusedBy: refusingZones(worlds(P, at), nfzIds) };
}

interface Answered {
  readonly cluster: string;
  readonly command: MaintenanceAsked;
  readonly outcomes: readonly NodeOutcome<MaintenanceDecision>[];
}

function answered(
  { ledger, places }: Deciding,
  { cluster, command, outcomes }: Answered,
): MaintenanceAnswer {
  const has = (outcome: string): boolean => outcomes.some((each) => each.outcome === outcome);
  const now = Math.floor(ledger.nowMs());
  const at = outcomes.reduce((latest, each) => Math.max(latest, each.at), -Infinity);
  const sequence = sequenceOf(outcomes) ?? ledger.sequence();
  const answer: MaintenanceAnswer = {
    maintenance: command.maintenanceId,
    cluster,
    outcome: has("appended") ? "appended" : has("repeated") ? "repeated" : "already",
    at: formatInstant(Number.isFinite(at) ? at : now),
    asOf: { sequence },
    results: outcomes.map(resultOf),
  };
  const refused = outcomes.filter(isRefused);
  if (refused.length === 0 || refused.length < outcomes.length) return answer;
  const seen = Math.min(sequence, ledger.sequence());
  throw refusedEverywhere(answer, worldAt(ledger.view(cluster, seen), at, places), refused);
}

function isRefused({ decision, event }: NodeOutcome<MaintenanceDecision>): boolean {
  return decision.refusedBy.length > 0 || event?.type === "NodeMaintenanceRefused";
}

function resultOf(each: NodeOutcome<MaintenanceDecision>): MaintainedNode {
  const { node, outcome, event, decision } = each;
  const place = event === null ? {} : { event };
  if (isRefused(each)) {
    const nfzs = decision.refusedBy.map(inForceJson);
    return { node, status: 409, ...place, code: "nfz-in-force", nfzs };
  }
  const { skipped } = decision;
  if (skipped !== null) return { node, status: 200, code: skipped };
  return { node, status: outcome === "appended" ? 201 : 200, ...place };
}

function refusedEverywhere(
  answer: MaintenanceAnswer,
  { matching, at }: World,
  refused: readonly NodeOutcome<MaintenanceDecision>[],
): LedgerError {
  const zones = new Map<string, InForce>();
  for (const { decision } of refused)
    for (const each of decision.refusedBy) zones.set(each.known.nfz, each);
  const nfzs = [...zones.keys()].sort().flatMap((name) => zones.get(name) ?? []);
  const free = nextFreeInstant(matching.matching(new Set(refused.map(({ node }) => node))), at);
  const names = nfzs.map(({ known }) => known.nfz).join(", ");
  const { maintenance, results } = answer;
  const where =
    results.length === 1 ? `on ${results[0]?.node}` : `on any of ${results.length} nodes`;
  const detail = `${maintenance} may not start ${where} during the no-fly zone ${names}`;
  return new LedgerError("nfz-in-force", detail, {
    extra: {
      ...answer,
      nfzs: nfzs.map(inForceJson),
      nextStart: free === null ? null : formatInstant(free),
    },
  });
}
