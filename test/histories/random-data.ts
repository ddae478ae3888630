import type { OracleData } from "../oracle/facts/oracle-event.ts";
import type { RandomSource } from "./random-source.ts";

const MINUTE = 60_000;

/** What the events of one history are drawn from. */
export interface Setting {
  readonly random: RandomSource;
  readonly clusters: readonly string[];
  readonly nodes: readonly string[];
  /** The instants that most facts keep to, in order, so that many share a millisecond. */
  readonly grid: readonly number[];
}

export const zones = [
  "UTC",
  "UTC",
  "Europe/Berlin",
  "Europe/Berlin",
  "America/Denver",
  "America/St_Johns",
  "America/Sao_Paulo",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Pacific/Auckland",
  "Pacific/Apia",
] as const;

export const interruptionKinds = [
  "fault",
  "rollout",
  "maintenance",
  "software",
  "user",
  "unknown",
] as const;

export const instant = (at: number): string => new Date(at).toISOString();

/** An instant of the grid, or one a little off it: a millisecond, or about the five minutes that clocks may differ. */
export function someInstant({ random, grid }: Setting): number {
  const at = random.pick(grid);
  if (random.chance(0.75)) return at;
  const off = random.pick([1, -1, MINUTE, 5 * MINUTE - 1, 5 * MINUTE, 5 * MINUTE + 1, 777_777]);
  return random.chance(0.5) ? at + off : at - off;
}

/** Two instants, the earlier first; they may be equal. */
export function someSpan(setting: Setting): { from: number; to: number } {
  const [a, b] = [someInstant(setting), someInstant(setting)];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

export function someNodes({ random, nodes }: Setting): string[] {
  const lists = [
    ["gpu[1-3]"],
    ["gpu[01-02,4]", "gpu01"],
    ["r[1-2]n[08-11]"],
    ["gpu[0001-0004,0200]x[1-2]", "n1"],
    ["gpu[1-3,5],n1,r[1-2]n[08-11]", "gpu2"],
    [],
  ];
  if (random.chance(0.35)) return random.pick(lists);
  const some = nodes.filter(() => random.chance(0.6));
  return random.chance(0.2) ? [...some, ...some] : some;
}

function somePolicy({ random }: Setting): OracleData {
  return {
    nisTarget: random.pick([0.95, 0.95, 0.9, 0.5, 1, 0, 0.999, 0.8333]),
    jobUptimeTarget: random.pick([0.9, 0.9, 0.95, 0.5, 1, 0, 0.75]),
    mttrTargetMs: random.pick([172_800_000, 3_600_000, 86_400_000, 0, 1_234_567]),
    noticeHours: random.pick([0, 0, 0, 1, 6, 24, 0.5, 48, 0.1]),
    monthlyAllowanceNodeHours: random.pick([
      0, 1, 2.5, 6, 12, 24, 24, 24, 100, 1000, 1000, 0.001, 1e-7,
    ]),
    excludeUnknown: random.chance(0.5),
    ...random.pick([{}, { excludeDownInMaintenance: true }, { excludeDownInMaintenance: false }]),
    zone: random.pick(zones),
  };
}

function someCause({ random }: Setting): NonNullable<OracleData["cause"]> {
  const kind = random.pick(interruptionKinds);
  return kind === "fault" && random.chance(0.5) ? { kind, faultId: "f1", node: "n1" } : { kind };
}

const optional = <K extends string, V>(
  { random }: Setting,
  name: K,
  value: () => V,
): { [key in K]?: V } => (random.chance(0.5) ? ({ [name]: value() } as { [key in K]?: V }) : {});

const restorePoint = (setting: Setting): NonNullable<OracleData["from"]> =>
  setting.random.chance(0.25)
    ? "start"
    : { checkpointId: setting.random.pick(["k1", "k2", "k3", "k9"]) };

type DataMaker = (setting: Setting) => OracleData;

const someFault = ({ random }: Setting): string => random.pick(["f1", "f2", "F2", "f10", "f3"]);
const maintenance = ({ random }: Setting): OracleData => ({
  maintenanceId: random.pick(["m1", "m2", "m3"]),
});
const nfzIds = ({ random }: Setting): string[] => {
  if (random.chance(0.6)) return [random.pick(["z1", "z2", "z3"])];
  const some = ["z2", "z1", "z3", "never-declared"].filter(() => random.chance(0.4));
  return random.chance(0.1) ? [...some, ...some] : some;
};
const occurrenceChange: DataMaker = (setting) => ({
  occurrence: instant(setting.random.pick(setting.grid)),
  to: instant(someInstant(setting)),
});
const nothing: DataMaker = () => ({});

const makers: Readonly<Record<string, DataMaker>> = {
  ClusterRegistered: nothing,
  SlaPolicySet: somePolicy,
  NodeCommissioned: (setting) => optional(setting, "rack", () => "rack-1"),
  NodeObservationLost: (setting) => optional(setting, "observer", () => "watcher"),
  NodeObservationRestored: nothing,
  NodeDecommissioned: nothing,
  NodeFailed: (setting) => ({
    faultId: someFault(setting),
    category: setting.random.pick(["hardware", "software", "network", "unknown"]),
    ...optional(setting, "component", () => setting.random.pick(["gpu", "nic", "__proto__"])),
  }),
  NodeRepairStarted: (setting) => ({ faultId: someFault(setting), phase: "diagnose" }),
  NodeReturned: (setting) => ({
    faultIds: setting.random.chance(0.6)
      ? [someFault(setting)]
      : ["f1", "f2", "F2", "f10", "f3"].filter(() => setting.random.chance(0.5)),
  }),
  NodeMaintenanceAnnounced: (setting) => {
    const { from, to } = someSpan(setting);
    return { ...maintenance(setting), plannedFrom: instant(from), plannedTo: instant(to) };
  },
  NodeMaintenanceStarted: maintenance,
  NodeMaintenanceEnded: maintenance,
  JobStarted: (setting) => ({
    nodes: someNodes(setting),
    ...optional(setting, "from", () => restorePoint(setting)),
  }),
  JobNodesChanged: (setting) => ({ nodes: someNodes(setting) }),
  JobCheckpointed: (setting) => ({
    checkpointId: setting.random.pick(["k1", "k2", "k3"]),
    durationMs: setting.random.pick([0, 1, 6 * MINUTE, 60 * MINUTE, 500 * MINUTE]),
  }),
  JobInterrupted: (setting) => ({ cause: someCause(setting) }),
  JobResumed: (setting) => ({
    ...optional(setting, "from", () => restorePoint(setting)),
    ...(setting.random.chance(0.3) ? { nodes: someNodes(setting) } : {}),
  }),
  JobPaused: nothing,
  JobUnpaused: nothing,
  JobFinished: (setting) => ({
    outcome: setting.random.pick(["completed", "failed", "failed", "failed", "cancelled"]),
    ...optional(setting, "cause", () => someCause(setting)),
  }),
  RolloutSubmitted: () => ({
    updates: [{ component: "driver", version: "1" }],
    impact: { kind: "impactless" },
    urgency: "routine",
  }),
  RolloutBlocked: (setting) => ({ nfzIds: nfzIds(setting) }),
  RolloutUnblocked: nothing,
  RolloutOverrideGranted: (setting) => ({
    role: "operator",
    nfzIds: nfzIds(setting),
    expiresAt: instant(someInstant(setting)),
  }),
  RolloutStarted: nothing,
  RolloutProgressed: ({ random }) => ({ nodesDone: random.below(4), nodesTotal: 4 }),
  RolloutPaused: nothing,
  RolloutResumed: nothing,
  RolloutCompleted: nothing,
  RolloutFailed: nothing,
  RolloutRolledBack: nothing,
  RolloutCancelled: nothing,
  RolloutSuperseded: nothing,
  NfzDeclared: (setting) => {
    const { random, grid } = setting;
    const starts = [...new Set([1, 2, 3].map(() => random.pick(grid)))];
    const step = (grid[1] ?? 0) - (grid[0] ?? 0);
    const occurrences = starts.slice(0, random.between(1, 3)).map((from) => ({
      from: instant(from),
      to: instant(from + random.pick([1, 2 * step, 10 * step, 10 * step + 1, 30 * step])),
    }));
    return { occurrences, inFlight: "finish" };
  },
  NfzExtended: occurrenceChange,
  NfzShortened: occurrenceChange,
  NfzLifted: nothing,
  NfzCancelled: nothing,
};

/** The types of one family, by the beginning of their names. */
export function typesOf(family: string): string[] {
  return Object.keys(makers).filter((type) => type.startsWith(family));
}

/** Valid data of a type. `where` says which entity it is about; what it does not say is drawn. */
export function someData(setting: Setting, type: string, where: OracleData = {}): OracleData {
  const { random, clusters, nodes } = setting;
  const cluster = { cluster: random.pick(clusters) };
  const entity: OracleData = type.startsWith("Node")
    ? { node: random.pick(nodes) }
    : type.startsWith("Job")
      ? { job: random.pick(["j1", "J2", "j10"]) }
      : type.startsWith("Rollout")
        ? { rollout: random.pick(["r1", "r2", "r3"]) }
        : type.startsWith("Nfz")
          ? { nfz: random.pick(["z1", "z2", "z3"]) }
          : {};
  return { ...cluster, ...entity, ...makers[type]?.(setting), ...where };
}
