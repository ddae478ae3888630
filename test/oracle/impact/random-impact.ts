/** Random ledgers of a small fleet on which rollouts leave traces: maintenance, interruptions and faults that name them or not. */
import type { RandomSource } from "../../histories/random-source.ts";
import { randomSource } from "../../histories/random-source.ts";
import type { OracleData, OracleEvent } from "../facts/oracle-event.ts";
import type { Draft } from "../gate/random-ledger.ts";
import { written } from "../gate/random-ledger.ts";

const begin = Date.parse("2026-03-01T00:00:00.000Z");
const hourMs = 3_600_000;
const nodes = ["n1", "n2", "n3", "n4"];
const rollouts = ["u1", "u2", "u3", "u4", "u5"];
const maintenances = ["m1", "m2", "m3", "m4"];
const kinds = ["fault", "rollout", "maintenance", "software"];

export class ImpactSetting {
  readonly random: RandomSource;
  readonly grid: readonly number[];
  readonly #own = { cluster: "c" };

  constructor(random: RandomSource) {
    this.random = random;
    this.grid = Array.from({ length: random.between(10, 40) }, (_, i) => begin + i * hourMs);
  }

  instant(): number {
    return this.random.pick(this.grid) + this.random.pick([0, 0, 0, 0, -1, 1, 1_800_000]);
  }

  /** Near the end, in the same order. */
  late(at: number): number {
    const end = this.grid.at(-1) ?? begin;
    return Math.round(end - (end - at) / 4);
  }

  /** Two instants, the earlier first; they may be equal. */
  span(): [number, number] {
    const [a, b] = [this.instant(), this.instant()];
    return [Math.min(a, b), Math.max(a, b)];
  }

  named(): string[] {
    return this.random.chance(0.2)
      ? ["n[1-3]"]
      : this.random.shuffled(nodes).slice(0, this.random.between(1, 3));
  }

  submission(rollout: string): OracleData {
    const { random } = this;
    const targets = random.pick([
      {},
      { racks: [random.pick(["r1", "r2"])] },
      { nodes: this.named() },
      { nodes: this.named(), racks: ["r1"] },
    ]);
    const updates = Array.from({ length: random.between(1, 2) }, () => ({
      component: random.pick(["k1", "k2"]),
      version: `v${random.between(1, 4)}`,
      ...(random.chance(0.4) ? { family: random.pick(["f", "k1"]) } : {}),
    }));
    return {
      ...this.#own,
      rollout,
      updates,
      impact: random.chance(0.7)
        ? { kind: "impactless" }
        : { kind: "impactful", secondsPerNode: random.pick([0, 0.0005, 1_800, 2_880, 3_600]) },
      urgency: "routine",
      ...(Object.keys(targets).length === 0 ? {} : { targets }),
    };
  }

  policy(): OracleData {
    const { random } = this;
    return {
      ...this.#own,
      coTest: "none",
      overrideRoles: ["approver"],
      overrideMaxMs: 86_400_000,
      fastPath: random.chance(0.8),
      fastPathPasses: random.pick([1, 1, 2]),
      fastPathNodeDays: random.pick([0, 0, 0.1, 0.25, 0.3]),
      imminentMs: 0,
      maintenanceMaxMs: 86_400_000,
      impactWindowMs: random.pick([0, 1, hourMs, 2 * hourMs, 5 * hourMs]),
      maxBundle: 4,
    };
  }

  cause(): NonNullable<OracleData["cause"]> {
    const { random } = this;
    return {
      kind: random.pick(kinds),
      ...(random.chance(0.3) ? { rolloutId: random.pick(rollouts) } : {}),
      ...(random.chance(0.5) ? { maintenanceId: random.pick(maintenances) } : {}),
      ...(random.chance(0.5) ? { node: random.pick(nodes) } : {}),
    };
  }

  data(type: string, like: OracleData): OracleData {
    const { random } = this;
    if (type === "RolloutSubmitted") return this.submission(like.rollout ?? "u1");
    if (type === "RolloutPolicySet") return this.policy();
    if (type === "JobInterrupted") return { ...like, cause: this.cause() };
    if (type === "NodeMaintenanceStarted") return { ...like, ...this.maintenance() };
    if (like.node !== undefined) return { ...like, node: random.pick(nodes) };
    if (like.rollout !== undefined) return { ...like, rollout: random.pick(rollouts) };
    return like;
  }

  maintenance(): OracleData {
    const { random } = this;
    const rolloutId = random.pick([...rollouts, "u1", "ghost", null]);
    return {
      ...this.#own,
      node: random.pick(nodes),
      maintenanceId: random.pick(maintenances),
      ...(rolloutId === null ? {} : { rolloutId }),
    };
  }
}

function nodeFacts(setting: ImpactSetting): Draft[] {
  const { random } = setting;
  const drafts: Draft[] = [];
  const isStorm = random.chance(0.15);
  for (const node of nodes) {
    const own = { cluster: "c", node };
    const member = () => ({ ...own, rack: random.pick(["r1", "r2"]) });
    drafts.push({ type: "NodeCommissioned", at: begin, data: member() });
    if (random.chance(0.2)) {
      drafts.push({ type: "NodeDecommissioned", at: setting.instant(), data: own });
      drafts.push({ type: "NodeCommissioned", at: setting.instant(), data: member() });
    }
    for (let i = isStorm ? 12 : random.pick([0, 1, 2, 8]); i > 0; i--) {
      const [some, to] = setting.span();
      // Many faults at the end are what a rate that has risen looks like.
      const from = isStorm ? setting.late(some) : some;
      const faultId = isStorm ? `s${i}` : `f${random.between(1, 20)}`;
      drafts.push({
        type: "NodeFailed",
        at: from,
        data: { ...own, faultId, category: "hardware" },
      });
      if (random.chance(0.9))
        drafts.push({ type: "NodeReturned", at: to, data: { ...own, faultIds: [faultId] } });
    }
  }
  for (let i = random.pick([0, 2, 5, 8]); i > 0; i--) {
    const [from, to] = setting.span();
    const data = setting.maintenance();
    drafts.push({ type: "NodeMaintenanceStarted", at: from, data });
    if (random.chance(0.85)) drafts.push({ type: "NodeMaintenanceEnded", at: to, data });
  }
  return drafts;
}

function jobFacts(setting: ImpactSetting, job: string): Draft[] {
  const { random } = setting;
  const own = { cluster: "c", job };
  const drafts: Draft[] = [
    { type: "JobStarted", at: setting.instant(), data: { ...own, nodes: setting.named() } },
  ];
  for (let i = random.between(0, 5); i > 0; i--) {
    const type = random.pick([
      "JobInterrupted",
      "JobInterrupted",
      "JobResumed",
      "JobResumed",
      "JobCheckpointed",
      "JobNodesChanged",
      "JobPaused",
      "JobUnpaused",
      "JobFinished",
      "JobStarted",
    ]);
    const checkpointId = random.pick(["k1", "k2"]);
    const from = random.pick(["start", { checkpointId }, null] as const);
    const more: Readonly<Record<string, OracleData>> = {
      JobInterrupted: { cause: setting.cause() },
      JobCheckpointed: { checkpointId, durationMs: 60_000 },
      JobNodesChanged: { nodes: setting.named() },
      JobResumed: {
        ...(from === null ? {} : { from }),
        ...(random.chance(0.3) ? { nodes: setting.named() } : {}),
      },
      JobStarted: { nodes: setting.named(), ...(from === null ? {} : { from }) },
      JobFinished: { outcome: "failed", ...(random.chance(0.8) ? { cause: setting.cause() } : {}) },
    };
    const at = setting.instant();
    drafts.push({ type, at, data: { ...own, ...more[type] } });
    // Back at once, on other nodes.
    if (type === "JobInterrupted" && random.chance(0.2))
      drafts.push({ type: "JobResumed", at, data: { ...own, nodes: setting.named() } });
  }
  const outcome = random.pick(["completed", "cancelled"]);
  if (random.chance(0.4))
    drafts.push({ type: "JobFinished", at: setting.instant(), data: { ...own, outcome } });
  return drafts;
}

const ends = ["RolloutCompleted", "RolloutCompleted", "RolloutFailed", "RolloutRolledBack"];

function rolloutFacts(setting: ImpactSetting, rollout: string): Draft[] {
  const { random } = setting;
  const own = { cluster: "c", rollout };
  const [submitted, first, second, third] = Array.from({ length: 4 }, () => setting.instant()).sort(
    (a, b) => a - b,
  ) as [number, number, number, number];
  const step = (at: number): Draft => ({
    type: "RolloutProgressed",
    at,
    data: {
      ...own,
      nodesDone: 1,
      nodesTotal: 4,
      ...(random.chance(0.7) ? { nodes: setting.named() } : {}),
    },
  });
  const drafts: Draft[] = [];
  if (random.chance(0.95))
    drafts.push({ type: "RolloutSubmitted", at: submitted, data: setting.submission(rollout) });
  if (random.chance(0.8)) drafts.push({ type: "RolloutStarted", at: first, data: own });
  if (random.chance(0.4)) drafts.push(step(second));
  if (random.chance(0.2)) drafts.push(step(second + 1));
  if (random.chance(0.7)) drafts.push({ type: random.pick(ends), at: third, data: own });
  return drafts;
}

/** Policies, nodes, jobs and rollouts. */
export function impactDrafts(setting: ImpactSetting): Draft[] {
  const { random } = setting;
  return [
    { type: "RolloutPolicySet", at: begin, data: setting.policy() },
    ...(random.chance(0.3)
      ? [{ type: "RolloutPolicySet", at: setting.instant(), data: setting.policy() }]
      : []),
    ...nodeFacts(setting),
    ...["j1", "j2"].flatMap((job) => jobFacts(setting, job)),
    ...rollouts.flatMap((rollout) => rolloutFacts(setting, rollout)),
  ];
}

/** The same seed gives the same history. */
export function randomImpact(seed: number): { events: OracleEvent[]; instants: number[] } {
  const random = randomSource(seed);
  const setting = new ImpactSetting(random);
  const events = written(random, impactDrafts(setting), {
    grid: setting.grid,
    dataFor: (type, like) => setting.data(type, like),
    late: random.pick([0, 0.2, 0.5]),
    amend: random.pick([0, 0, 0.1, 0.2]),
  });
  return { events, instants: [setting.instant(), setting.instant(), begin + 50 * hourMs] };
}
