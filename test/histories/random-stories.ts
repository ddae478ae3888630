import type { OracleData } from "../oracle/facts/oracle-event.ts";
import { instant, someData, someInstant, someSpan, typesOf } from "./random-data.ts";
import type { Setting } from "./random-data.ts";

const HOUR = 3_600_000;

/** A fact before it has an id and a place in the ledger. */
export interface Draft {
  readonly type: string;
  readonly at: number;
  readonly data: OracleData;
  /** When it reaches the ledger at the earliest; left out: soon after it happened. */
  readonly arrives?: number;
}

/** Some facts that belong together, mostly in an order that fits. */
export type Story = (setting: Setting) => Draft[];

function draft(setting: Setting, type: string, at: number, where: OracleData): Draft {
  return { type, at, data: someData(setting, type, where) };
}

/** Any fact of a family, at any time. */
export const noise =
  (family: string): Story =>
  (setting) => [draft(setting, setting.random.pick(typesOf(family)), someInstant(setting), {})];

/** Every node becomes a member near the beginning, some leave and come back. */
export const membership: Story = (setting) => {
  const { random, grid, clusters, nodes } = setting;
  return nodes.flatMap((node) => {
    const where = { cluster: random.pick(clusters), node };
    const first = grid[random.chance(0.8) ? 0 : random.below(grid.length)] ?? 0;
    const drafts = [draft(setting, "NodeCommissioned", first, where)];
    if (random.chance(0.3)) {
      drafts.push(draft(setting, "NodeDecommissioned", someInstant(setting), where));
    }
    if (random.chance(0.2)) {
      drafts.push(draft(setting, "NodeCommissioned", someInstant(setting), where));
    }
    return drafts;
  });
};

/** A fault and mostly its return, whose clock may be early. */
export const fault: Story = (setting) => {
  const { random } = setting;
  const { from, to } = someSpan(setting);
  const failed = draft(setting, "NodeFailed", from, {});
  const { cluster = "", node = "", faultId = "" } = failed.data;
  if (random.chance(0.25)) return [failed];
  const early = random.pick([0, 1, 5 * 60_000 - 1, 5 * 60_000, 5 * 60_000 + 1]);
  const returned = random.chance(0.15) ? from - early : to;
  const faultIds = random.chance(0.8) ? [faultId] : [faultId, "f1"];
  return [failed, draft(setting, "NodeReturned", returned, { cluster, node, faultIds })];
};

/** A maintenance, announced in time, at the last moment or late, once or again; it overruns or ends early. */
export const maintenance: Story = (setting) => {
  const { random } = setting;
  const { from, to } = someSpan(setting);
  const started = draft(setting, "NodeMaintenanceStarted", from, {});
  const { cluster = "", node = "", maintenanceId = "" } = started.data;
  const where = { cluster, node, maintenanceId };
  const drafts = [started];
  if (random.chance(0.8)) drafts.push(draft(setting, "NodeMaintenanceEnded", to, where));
  for (let announced = random.between(0, 3); announced > 0; announced -= 1) {
    const notice = random.pick([0, 0.1, 0.5, 1, 6, 24, 48]) * HOUR + random.pick([0, 0, 1, -1]);
    const planned = random.chance(0.7)
      ? { plannedFrom: instant(from), plannedTo: instant(to) }
      : someData(setting, "NodeMaintenanceAnnounced");
    const at = Math.min(from, Date.parse(planned.plannedFrom ?? "")) - notice;
    const { plannedFrom = "", plannedTo = "" } = planned;
    const data = { ...where, plannedFrom, plannedTo };
    drafts.push({ type: "NodeMaintenanceAnnounced", at, arrives: at, data });
  }
  return drafts;
};

/** A time of lost observation. */
export const blindness: Story = (setting) => {
  const { from, to } = someSpan(setting);
  const lost = draft(setting, "NodeObservationLost", from, {});
  const { cluster = "", node = "" } = lost.data;
  if (setting.random.chance(0.25)) return [lost];
  return [lost, draft(setting, "NodeObservationRestored", to, { cluster, node })];
};

const nextInJob: Readonly<Record<string, readonly string[]>> = {
  none: ["JobStarted"],
  running: [
    "JobCheckpointed",
    "JobCheckpointed",
    "JobInterrupted",
    "JobInterrupted",
    "JobPaused",
    "JobNodesChanged",
    "JobFinished",
  ],
  paused: ["JobUnpaused", "JobUnpaused", "JobInterrupted", "JobCheckpointed", "JobNodesChanged"],
  interrupted: [
    "JobResumed",
    "JobResumed",
    "JobResumed",
    "JobCheckpointed",
    "JobNodesChanged",
    "JobFinished",
  ],
};
const stateAfter: Readonly<Record<string, string>> = {
  JobStarted: "running",
  JobResumed: "running",
  JobUnpaused: "running",
  JobInterrupted: "interrupted",
  JobPaused: "paused",
  JobFinished: "none",
};

/** A walk through a job's states along the grid, several facts at one instant now and then. */
export const jobLife: Story = (setting) => {
  const { random, grid } = setting;
  const { cluster = "", job = "" } = someData(setting, "JobStarted");
  const drafts: Draft[] = [];
  let state = "none";
  let at = grid[random.below(Math.ceil(grid.length / 2))] ?? 0;
  const step = (grid[1] ?? 0) - (grid[0] ?? 0);
  for (let length = random.between(3, 14); length > 0; length -= 1) {
    const type = random.pick(nextInJob[state] ?? typesOf("Job"));
    drafts.push(draft(setting, type, at, { cluster, job }));
    state = stateAfter[type] ?? state;
    at += random.pick([0, 0, step, step, step, 2 * step, 24 * HOUR, 24 * HOUR + 1, step - 1]);
  }
  return drafts;
};

/** A no-fly zone with some changes, mostly of an occurrence that it has. */
export const noFlyZone: Story = (setting) => {
  const { random } = setting;
  const early = setting.grid[random.below(3)] ?? 0;
  const at = random.chance(0.7) ? early : someInstant(setting);
  const declared = draft(setting, "NfzDeclared", at, {});
  const { cluster = "", nfz = "", occurrences = [] } = declared.data;
  const drafts = [declared];
  for (let changes = random.between(0, 2); changes > 0; changes -= 1) {
    const type = random.pick(typesOf("Nfz").filter((name) => name !== "NfzDeclared"));
    const occurrence = random.pick(occurrences).from;
    const named = type === "NfzExtended" || type === "NfzShortened";
    drafts.push(
      draft(setting, type, Math.max(declared.at, someInstant(setting)), {
        cluster,
        nfz,
        ...(named ? { occurrence } : {}),
      }),
    );
  }
  return drafts;
};

/** A rollout that is refused, released, refused again, gets on, and perhaps ends. */
export const rolloutLife: Story = (setting) => {
  const { random } = setting;
  const { cluster = "", rollout = "" } = someData(setting, "RolloutSubmitted");
  const types = typesOf("Rollout");
  const usual = ["RolloutBlocked", "RolloutBlocked", "RolloutUnblocked", "RolloutProgressed"];
  const drafts = [draft(setting, "RolloutSubmitted", someInstant(setting), { cluster, rollout })];
  for (let length = random.between(1, 5); length > 0; length -= 1) {
    const type = random.pick(random.chance(0.75) ? usual : types);
    drafts.push(draft(setting, type, someInstant(setting), { cluster, rollout }));
  }
  return drafts;
};

/** A policy, near the beginning more often than not. */
export const policy: Story = (setting) => {
  const { random, grid } = setting;
  const at = random.chance(0.4)
    ? (grid[0] ?? 0) - random.pick([0, 1, 48]) * HOUR
    : someInstant(setting);
  const generous = {
    noticeHours: random.pick([0, 0.5, 1]),
    monthlyAllowanceNodeHours: random.pick([24, 100, 1000]),
  };
  return [draft(setting, "SlaPolicySet", at, random.chance(0.4) ? generous : {})];
};
