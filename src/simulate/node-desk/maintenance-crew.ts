/** A crew that asks the ledger before it takes nodes out: what is refused is tried again later, overridden, or given up. */
import type { NodeDesk } from "./desk.ts";
import { type Around, decidedOn, type MaintenanceCommand } from "./maintenance-decision.ts";
import { compressNames } from "../truth/fleet/hostlist.ts";
import type { ComingMaintenance, Trigger } from "../truth/nodes/maintenance.ts";
import { firstFree } from "../truth/nfz/standing.ts";
import { overrideRole } from "../truth/rollouts/commands.ts";
import type {
  Interval,
  MaintenanceRefusalTruth,
  MaintenanceTruth,
  NodeTruth,
} from "../setting/history.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { Random } from "../setting/prng.ts";
import type { StatedFact } from "../setting/reporter.ts";
import { hourMs, iso } from "../setting/setting.ts";

/** Its work: instants at which it has something to ask. */
export type Crew = Generator<number, void, void>;

/** What all crews of a cluster share. */
export interface Yard {
  readonly desk: NodeDesk;
  readonly around: Around;
  readonly random: Random;
  readonly triggers: Trigger[];
  readonly refusals: MaintenanceRefusalTruth[];
  /** Has another crew begin. */
  readonly join: (crew: Crew) => void;
}

/** A maintenance as it is planned, with its announcements if it has any. */
export interface CrewPlan extends Pick<ComingMaintenance, "from" | "to" | "rolloutId"> {
  readonly maintenanceId: string;
  readonly nodes: readonly NodeTruth[];
  readonly announcements: readonly (Interval & { readonly at: number })[];
}

/** Where the crew works, and which of the nodes. */
interface Task {
  readonly yard: Yard;
  readonly plan: CrewPlan;
  readonly nodes: readonly NodeTruth[];
  /** Whether these are all nodes of the maintenance, so that a command need not name them. */
  readonly isWhole: boolean;
}

/** A stretch of maintenance that has begun. */
type Begun = { -readonly [K in keyof MaintenanceTruth]: MaintenanceTruth[K] };

const mostTries = 4;

export function* crewOf(yard: Yard, plan: CrewPlan): Crew {
  let task: Task = { yard, plan, nodes: plan.nodes, isWhole: false };
  const announced = new Set<NodeTruth>();
  for (const { at, from, to } of plan.announcements) {
    yield at;
    const told = ask(task, at, { command: "announce", plan: { from, to } });
    for (const { node, fact } of told) {
      announced.add(node);
      node.announcements.push({
        id: fact.id,
        maintenanceId: plan.maintenanceId,
        at: fact.occurredAt,
        recordedAt: fact.recordedAt,
        plannedFrom: from,
        plannedTo: to,
        isDecided: true,
      });
    }
  }
  // Nobody touches a node of which the ledger would not hear.
  if (announced.size > 0) {
    const nodes = plan.nodes.filter((node) => announced.has(node));
    task = { ...task, nodes, isWhole: true };
  }
  yield plan.from;
  yield* tryToStart(task, plan.from, 1);
}

function* tryToStart(task: Task, wantedAt: number, tries: number, how: Insisting = {}): Crew {
  const { yard, plan } = task;
  const told = ask(task, wantedAt, { command: "start", ...how });
  const started = told.filter(({ fact }) => fact.type === "NodeMaintenanceStarted");
  const refused = told.filter(({ fact }) => fact.type === "NodeMaintenanceRefused");
  const [first] = note(yard, refused);
  if (first !== undefined && tries < mostTries) {
    const nodes = refused.map(({ node }) => node);
    insist({ ...task, nodes, isWhole: false }, first, tries);
  }
  const [begins] = started;
  if (begins === undefined) return;
  const begun = started.map(({ node, fact }) => begin(task, node, fact));
  stopJobs(yard, plan, begins.fact.occurredAt, started);
  const until = begins.fact.occurredAt + plan.to - plan.from;
  yield until;
  const nodes = started.map(({ node }) => node);
  // If nothing else of it is open, there is no need to name the nodes.
  const isWhole = tries === 1 && refused.length === 0;
  for (const { node, fact } of ask({ ...task, nodes, isWhole }, until, { command: "end" })) {
    const stretch = begun[nodes.indexOf(node)];
    if (stretch !== undefined) Object.assign(stretch, { to: fact.occurredAt, endId: fact.id });
  }
}

type Insisting = Pick<MaintenanceCommand, "role" | "reason">;

/** All of one instant. */
function note({ refusals }: Yard, refused: readonly Said[]): readonly MaintenanceRefusalTruth[] {
  const noted = refused.map(({ node: { node }, fact }): MaintenanceRefusalTruth => {
    const { nfzIds } = fact.data as DataOf<"NodeMaintenanceRefused">;
    return { node, at: fact.occurredAt, nfzIds };
  });
  refusals.push(...noted);
  return noted;
}

/** Another crew sees to what was refused: with somebody's leave, at another time, or never. */
function insist(task: Task, { at, nfzIds }: MaintenanceRefusalTruth, tries: number): void {
  const { random, join, around } = task.yard;
  const draw = random.float();
  if (draw < 0.2) return;
  const isUrgent = draw < 0.45;
  const how = isUrgent ? insisting(random) : {};
  // Most wait until what holds them is over, as far as anybody can say; something else may hold them by then.
  const held = around.nfzs.filter(({ nfz }) => nfzIds.includes(nfz));
  const isPatient = draw > 0.6;
  const from = isPatient ? firstFree(held, at, { by: at, knownBy: at }) : at;
  const again = from + 1 + Math.ceil(random.exponential((isUrgent ? 0.5 : 4) * hourMs));
  join(
    (function* () {
      yield again;
      yield* tryToStart(task, again, tries + 1, how);
    })(),
  );
}

/** A role counts if it is the right one, and with a reason. */
function insisting(random: Random): Insisting {
  const reason = "The pump would not last until the end of the run.";
  const draw = random.float();
  if (draw < 0.15) return { role: "operator", reason };
  return draw < 0.3 ? { role: overrideRole } : { role: overrideRole, reason };
}

interface Said {
  readonly node: NodeTruth;
  readonly fact: StatedFact;
}

/** What the ledger records of a command, in the order of the nodes' names. */
function ask(
  { yard: { desk, around, random }, plan, nodes, isWhole }: Task,
  wantedAt: number,
  said: Pick<MaintenanceCommand, "command" | "plan"> & Insisting,
): Said[] {
  const { maintenanceId, rolloutId } = plan;
  const { cluster } = desk.setting.plan;
  const named = rolloutId === undefined ? {} : { rolloutId };
  const command = { ...said, ...named, cluster, maintenanceId };
  const names = nodes.map(({ node }) => node);
  const namesNone = isWhole && random.chance(0.5);
  const id = random.uuid();
  const at = desk.turn(names, wantedAt);
  if (at >= desk.setting.end) return [];
  const drafts = nodes.flatMap((node) => {
    const known = desk.known(node.node);
    const decided = known === null ? null : decidedOn(around, command, known, at);
    return decided === null ? [] : [{ node, decided }];
  });
  const asked = {
    command: `maintenance-${said.command}`,
    path: `/v1/maintenance/${maintenanceId}/${said.command}`,
    actor: said.role === undefined ? "maintenance-planner" : "maria",
    ...(said.reason === undefined ? {} : { reason: said.reason }),
    body: {
      cluster,
      ...(namesNone ? {} : { targets: { nodes: compressNames(names) } }),
      ...(said.plan === undefined
        ? {}
        : { plannedFrom: iso(said.plan.from), plannedTo: iso(said.plan.to) }),
      ...named,
      ...(said.role === undefined ? {} : { role: said.role }),
    },
  };
  const facts = desk.decide(
    id,
    asked,
    drafts.map(({ decided }) => decided),
  );
  return drafts.flatMap(({ node }, i) => {
    const fact = facts[i];
    return fact === undefined ? [] : [{ node, fact }];
  });
}

function begin({ plan: { maintenanceId, rolloutId } }: Task, node: NodeTruth, fact: StatedFact) {
  const { role } = fact.data as { readonly role?: string };
  const begun: Begun = {
    maintenanceId,
    rolloutId: rolloutId ?? null,
    from: fact.occurredAt,
    to: Infinity,
    startId: fact.id,
    endId: null,
    announcements: node.announcements.filter((each) => each.maintenanceId === maintenanceId),
    isDecided: true,
    role: role ?? null,
  };
  node.maintenance.push(begun);
  return begun;
}

function stopJobs(
  { triggers }: Yard,
  { maintenanceId, rolloutId }: CrewPlan,
  at: number,
  started: readonly Said[],
): void {
  const nodes = started.map(({ node: { node } }) => node);
  if (rolloutId === undefined) triggers.push({ at, kind: "maintenance", nodes, maintenanceId });
  else triggers.push({ at, kind: "rollout", nodes, maintenanceId, rolloutId });
}
