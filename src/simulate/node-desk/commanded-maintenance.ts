/** Maintenance that the ledger is asked for: announced, started and ended by command, node by node, unless it is refused. */
import { NodeDesk } from "./desk.ts";
import { type Crew, crewOf, type CrewPlan, type Yard } from "./maintenance-crew.ts";
import { type Around, nodesUnderWay } from "./maintenance-decision.ts";
import type { ToldFacts } from "./told-facts.ts";
import { isMember } from "../truth/fleet/fleet.ts";
import { drawNotice, leadOf, type Trigger } from "../truth/nodes/maintenance.ts";
import { DecisionLog } from "../setting/decision-log.ts";
import type { Interval, MaintenanceRefusalTruth } from "../setting/history.ts";
import type { Random } from "../setting/prng.ts";
import {
  hourMs,
  minuteMs,
  poissonInstants,
  type Setting,
  snap,
  snapLength,
} from "../setting/setting.ts";

interface Commanded {
  /** What stops jobs. */
  readonly triggers: readonly Trigger[];
  readonly refusals: readonly MaintenanceRefusalTruth[];
  readonly log: DecisionLog;
}

export function simulateCommandedMaintenance(
  setting: Setting,
  around: Around,
  told: ToldFacts,
): Commanded {
  const random = setting.random.fork("maintenance by command");
  const log = new DecisionLog(random.fork("ids"));
  const triggers: Trigger[] = [];
  const refusals: MaintenanceRefusalTruth[] = [];
  if (!setting.plan.asksLedger) return { triggers, refusals, log };
  const desk = new NodeDesk(setting, around.nodes, told, log);
  const agenda: { readonly at: number; readonly crew: Crew }[] = [];
  const join = (crew: Crew): void => {
    const next = crew.next();
    if (next.done !== true && next.value < setting.end) agenda.push({ at: next.value, crew });
  };
  const yard: Yard = { desk, around, random, triggers, refusals, join };
  const { commandedPerDay } = setting.scenario.maintenance;
  poissonInstants(setting, random, commandedPerDay).forEach((plannedFrom, i) => {
    join(crewOf(yard, draw(yard, `c${i + 1}`, plannedFrom)));
  });
  for (;;) {
    // Of one instant, who planned first goes first.
    const at = agenda.reduce((first, each) => Math.min(first, each.at), Infinity);
    const [next] = agenda.splice(
      agenda.findIndex((each) => each.at === at),
      1,
    );
    if (next === undefined) return { triggers, refusals, log };
    join(next.crew);
  }
}

function draw(
  { desk, around, random }: Yard,
  maintenanceId: string,
  plannedFrom: number,
): CrewPlan {
  const { setting } = desk;
  const { batchNodes, meanMs, movedShare } = setting.scenario.maintenance;
  const { rack } = random.pick(around.nodes);
  const lengthMs = snapLength(setting, random.logNormal(meanMs, 0.5));
  const shiftMs = random.chance(0.5) ? 0 : random.between(-10, 20) * minuteMs;
  const from = Math.max(setting.from + 1, snap(setting, plannedFrom + shiftMs));
  const takesMs = snapLength(setting, lengthMs * (0.6 + 0.6 * random.float()));
  const planned = { from: plannedFrom, to: plannedFrom + lengthMs };
  const announcements = announcementsOf(setting, random, planned, from, random.chance(movedShare));
  const ofRollout = random.chance(0.3) ? looksAfter(around, random, from) : null;
  if (ofRollout !== null) {
    // A look at what a rollout has just done takes minutes, and nobody announces it.
    const to = from + snapLength(setting, random.between(2, 5) * minuteMs);
    return { maintenanceId, ...ofRollout, from, to, announcements: [] };
  }
  const present = around.nodes.filter((node) => node.rack === rack && isMember(node, from));
  const nodes = random.sample(present, batchNodes);
  return { maintenanceId, nodes, from, to: from + takesMs, announcements };
}

/** Two nodes of a rollout in progress that takes nodes out anyway; `null` if there is none. */
function looksAfter(
  around: Around,
  random: Random,
  at: number,
): Pick<CrewPlan, "rolloutId" | "nodes"> | null {
  const impactful = around.rollouts.filter(({ impact }) => impact.kind === "impactful");
  const going = impactful
    .map((each) => ({ rolloutId: each.rollout, nodes: nodesUnderWay(around, each, at) }))
    .filter(({ nodes }) => nodes.length > 0);
  const [one] = random.sample(going, 1);
  return one === undefined ? null : { ...one, nodes: random.sample(one.nodes, 2) };
}

function announcementsOf(
  setting: Setting,
  random: Random,
  planned: Interval,
  from: number,
  isMoved: boolean,
): CrewPlan["announcements"] {
  const notice = drawNotice(setting, random);
  if (notice === "missing") return [];
  const leadMs = leadOf(setting, random, notice);
  const at = Math.max(setting.from + 1, Math.min(from - 1, Math.min(from, planned.from) - leadMs));
  const plans = [{ at, ...planned }];
  if (isMoved) {
    const byMs = random.between(-3, 3) * hourMs;
    const earlier = Math.max(setting.from + 1, at - random.between(1, 20) * hourMs);
    plans.unshift({ at: earlier, from: planned.from + byMs, to: planned.to + byMs });
  }
  return plans;
}
