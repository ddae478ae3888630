/** Customers ask the ledger whether they may scale onto nodes. It changes nothing of what else happens. */
import { NodeDesk } from "./desk.ts";
import type { ToldFacts } from "./told-facts.ts";
import { heldNodes } from "../books/holds.ts";
import { canRun } from "../truth/fleet/fleet.ts";
import { compressNames } from "../truth/fleet/hostlist.ts";
import { drawPlace, nodesOf, statedPlace } from "../truth/fleet/place.ts";
import { DecisionLog, draft } from "../setting/decision-log.ts";
import type {
  NodeTruth,
  PlaceTruth,
  ScaledNodeTruth,
  ScaleRequestTruth,
} from "../setting/history.ts";
import type { Random } from "../setting/prng.ts";
import { poissonInstants, type Setting } from "../setting/setting.ts";

interface Scaled {
  readonly requests: readonly ScaleRequestTruth[];
  readonly log: DecisionLog;
}

/** Corrections that the ledger hears of are among what it is told, so that these are known already. */
const noneToCome = new Map<string, never>();

const customers = ["customer:atlas", "customer:orion", "job-scheduler"] as const;

/** No node has this name. */
const stranger = "gpu9999";

/** All chance is the customers' own, so that nothing else of a simulation depends on it. */
export function simulateScaleRequests(
  setting: Setting,
  nodes: readonly NodeTruth[],
  told: ToldFacts,
): Scaled {
  const random = setting.random.fork("scale requests");
  const log = new DecisionLog(random.fork("ids"));
  const requests: ScaleRequestTruth[] = [];
  if (!setting.plan.asksLedger) return { requests, log };
  const desk = new NodeDesk(setting, nodes, told, log);
  for (const wanted of poissonInstants(setting, random, setting.scenario.scaling.perDay)) {
    const request = ask(desk, random, wanted);
    if (request !== null) requests.push(request);
  }
  return { requests, log };
}

/** Nodes by name, or what they have in common. */
interface Wanted {
  readonly names: readonly string[];
  readonly place: PlaceTruth | null;
}

/** `null` if it comes to nothing. */
function ask(desk: NodeDesk, random: Random, wantedAt: number): ScaleRequestTruth | null {
  const { cluster } = desk.setting.plan;
  const id = random.uuid();
  const actor = random.pick(customers);
  const wanted = drawWanted(desk, random, wantedAt);
  const { place } = wanted;
  // Who is meant by a place follows from the instant, which follows from who is meant.
  const members = (at: number): string[] => [...(nodesOf(place, desk.nodes, at, at) ?? [])];
  const at = desk.turn(
    place === null ? wanted.names : desk.nodes.map(({ node }) => node),
    wantedAt,
  );
  const names = place === null ? wanted.names : members(at);
  const found = [...names].sort().map((node) => scaledNode(desk, node, at));
  if (at >= desk.setting.end || found.every(({ isKnown }) => !isKnown)) return null;
  const asked = {
    command: "scale",
    path: "/v1/scale-requests",
    actor,
    body:
      place === null
        ? { cluster, nodes: compressNames(names) }
        : { cluster, targets: statedPlace(place) },
  };
  const drafts = found.flatMap(({ node, reasons, isKnown }) => {
    const about = { cluster, node, request: id };
    if (!isKnown) return [];
    return reasons.length === 0
      ? draft("NodeScaleAllowed", about)
      : draft("NodeScaleDenied", { ...about, reasons: [...reasons] });
  });
  const events = new Map(
    desk.decide(id, asked, drafts).map((fact, i) => [drafts[i]?.data.node, fact.id]),
  );
  const decided = found.map(({ node, reasons, until }): ScaledNodeTruth => {
    return { node, reasons, until, event: events.get(node) ?? null };
  });
  return { id, at, nodes: decided };
}

/** Some want nodes of a rack that takes no work just then, without knowing. */
function drawWanted({ setting, nodes }: NodeDesk, random: Random, at: number): Wanted {
  const { most, unluckyShare } = setting.scenario.scaling;
  const idle = random.chance(unluckyShare) ? nodes.filter((node) => !canRun(node, at)) : [];
  const { rack } = random.pick(idle.length > 0 ? idle : nodes);
  const inRack = nodes.filter((node) => node.rack === rack);
  const few = random.sample(inRack, random.between(1, most)).map(({ node }) => node);
  const draw = random.float();
  if (draw < 0.15) return { names: [], place: { nodes: null, racks: [rack], skus: null } };
  if (draw < 0.3) {
    const place = drawPlace(random, nodes, 0);
    const meant = nodesOf(place, nodes, at);
    if (meant !== null && meant.size <= most) return { names: [], place };
  }
  return { names: draw > 0.95 ? [...few, stranger] : few, place: null };
}

interface Found extends Pick<ScaledNodeTruth, "node" | "reasons" | "until"> {
  readonly isKnown: boolean;
}

function scaledNode(desk: NodeDesk, node: string, at: number): Found {
  const known = desk.known(node);
  if (known === null) return { node, reasons: ["not-a-member"], until: null, isKnown: false };
  const [held] = heldNodes({ nodes: [known] }, at, noneToCome);
  return { node, reasons: held?.reasons ?? [], until: held?.until ?? null, isKnown: true };
}
