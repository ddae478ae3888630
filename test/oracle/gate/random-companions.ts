/** Random ledgers of rollouts that share nodes, and of what was tested together. */
import type { RandomSource } from "../../histories/random-source.ts";
import { randomSource } from "../../histories/random-source.ts";
import type { OracleData, OracleEvent, OracleUpdate } from "../facts/oracle-event.ts";
import type { Draft } from "./random-ledger.ts";
import { written } from "./random-ledger.ts";

const begin = Date.parse("2026-03-01T00:00:00.000Z");
/** A twentieth of a day: validities of tenths of days end exactly at instants of the grid. */
const stepMs = 4_320_000;
const nodes = ["n1", "n2", "n3", "n4", "n5"];
const racks = ["r1", "r2"];
const skus = ["s1", "s2"];
const rollouts = ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"];
const lives = [
  ["RolloutStarted"],
  ["RolloutStarted", "RolloutCompleted"],
  ["RolloutStarted", "RolloutVerificationStarted", "RolloutCompleted"],
  ["RolloutBlocked", "RolloutUnblocked", "RolloutStarted", "RolloutPaused", "RolloutResumed"],
  ["RolloutBlocked"],
  ["RolloutBlocked", "RolloutUnblocked"],
  ["RolloutProgressed", "RolloutPaused"],
  ["RolloutStarted", "RolloutRollbackOrdered", "RolloutRolledBack"],
  ["RolloutCancelled"],
  ["RolloutStarted", "RolloutFailed"],
  ["RolloutSuperseded"],
  [],
  [],
  [],
  [],
  [],
];

export class CompanionSetting {
  readonly random: RandomSource;
  readonly grid: readonly number[];
  /** The updates of rollouts so far: tests are mostly about some of them together. */
  readonly #submitted: OracleUpdate[][] = [];

  constructor(random: RandomSource) {
    this.random = random;
    const length = random.between(6, 24);
    this.grid = Array.from({ length }, (_, index) => begin + index * stepMs);
  }

  /** An instant of the grid, or a millisecond beside it. */
  instant(): number {
    return this.random.pick(this.grid) + this.random.pick([0, 0, 0, 0, 0, -1, 1]);
  }

  /** Instants to ask about; late ones find more that has happened. */
  asked(): number[] {
    const late = () => this.random.pick(this.grid.slice(-6)) + this.random.pick([0, 0, -1, 1]);
    return [this.instant(), this.instant(), late(), late()];
  }

  cluster(): string {
    return this.random.chance(0.95) ? "c" : "other";
  }

  updates(most: number): OracleUpdate[] {
    const { random } = this;
    const chosen = Array.from({ length: random.between(1, most) }, () => ({
      component: `k${random.between(1, 4)}`,
      version: `v${random.between(1, 2)}`,
      ...(random.chance(0.1) ? { family: "f" } : {}),
    }));
    // A report may name a component twice, in two versions even.
    return random.chance(0.1)
      ? chosen
      : [...new Map(chosen.map((each) => [each.component, each])).values()];
  }

  targets(): OracleData["targets"] {
    const { random } = this;
    if (random.chance(0.2)) return undefined;
    const named = () =>
      random.chance(0.2) ? ["n[1-2]", "x1"] : random.shuffled([...nodes, "x1", "x2"]).slice(0, 2);
    return {
      ...(random.chance(0.5) ? { nodes: named() } : {}),
      ...(random.chance(0.5) ? { racks: [random.pick([...racks, "r9"])] } : {}),
      ...(random.chance(0.15) ? { skus: [random.pick(skus)] } : {}),
    };
  }

  data(type: string, like: OracleData): OracleData {
    const { random } = this;
    if (type === "RolloutSubmitted") {
      const targets = this.targets();
      const updates = this.updates(2);
      this.#submitted.push(updates);
      return {
        rollout: random.chance(0.9) ? (like.rollout ?? "u1") : random.pick(rollouts),
        cluster: this.cluster(),
        updates,
        impact: random.chance(0.55)
          ? { kind: "impactless" }
          : { kind: "impactful", secondsPerNode: random.pick([0, 0.0005, 2_160, 4_320, 8_640]) },
        urgency: random.pick(["routine", "emergency"]),
        ...(targets === undefined || Object.keys(targets).length === 0 ? {} : { targets }),
      };
    }
    if (type === "RolloutPolicySet") return this.policy();
    if (type.startsWith("Rollout"))
      return { ...like, rollout: random.pick(rollouts), cluster: this.cluster() };
    if (type.startsWith("CoTest")) return this.coTest();
    if (type === "NodeCommissioned") return this.member(like.node ?? "n1");
    return { ...like, cluster: this.cluster() };
  }

  member(node: string): OracleData {
    const { random } = this;
    return {
      cluster: this.cluster(),
      node,
      ...(random.chance(0.85) ? { rack: random.pick(racks) } : {}),
      ...(random.chance(0.7) ? { sku: random.pick(skus) } : {}),
    };
  }

  coTest(): OracleData {
    const { random } = this;
    const environment = random.pick(["", "", "", "lab", "stage"]);
    const several = random.shuffled(this.#submitted).slice(0, random.between(1, 4));
    const updates = random.chance(0.8) ? several.flat() : this.updates(4);
    return {
      coTest: random.pick(["t1", "t2", "t3"]),
      updates: [...new Map(updates.map((each) => [JSON.stringify(each), each])).values()],
      ...(random.chance(0.5) ? {} : { cluster: this.cluster() }),
      ...(environment === "" && random.chance(0.5) ? {} : { environment }),
    };
  }

  policy(): OracleData {
    const { random } = this;
    const environments = random.pick([null, null, null, null, ["lab", ""], ["lab"], []]);
    const days = random.pick([null, null, 0.05, 0.1, 0.3, 0.35, 0.7, 1]);
    return {
      cluster: this.cluster(),
      coTest: random.chance(0.9) ? "companions" : "none",
      ...(environments === null ? {} : { coTestEnvironments: environments }),
      ...(days === null ? {} : { coTestValidDays: days }),
      overrideRoles: ["approver"],
      overrideMaxMs: 86_400_000,
      fastPath: random.chance(0.7),
      fastPathPasses: 1,
      fastPathNodeDays: 0,
      imminentMs: random.pick([0, 1, stepMs, 3 * stepMs]),
      maintenanceMaxMs: random.pick([0, stepMs, 4 * stepMs]),
      impactWindowMs: random.pick([0, stepMs]),
      maxBundle: 4,
    };
  }
}

function life(setting: CompanionSetting, rollout: string): Draft[] {
  const { random } = setting;
  const own = { rollout, cluster: "c" };
  const types = random.chance(0.8)
    ? random.pick(lives)
    : random.shuffled(lives.flat()).slice(0, random.between(1, 6));
  const instants = types.map(() => setting.instant()).sort((a, b) => a - b);
  const more: Readonly<Record<string, OracleData>> = {
    RolloutBlocked: { nfzIds: ["z"] },
    RolloutProgressed: { nodesDone: 1, nodesTotal: 2 },
  };
  const steps = types.map((type, index) => ({
    type,
    at: instants[index] ?? 0,
    data: { ...own, ...more[type] },
  }));
  const submitted = random.chance(0.6) ? (setting.grid[0] ?? 0) : setting.instant();
  return [
    ...(random.chance(0.93)
      ? [
          {
            type: "RolloutSubmitted",
            at: submitted,
            data: setting.data("RolloutSubmitted", own),
          },
        ]
      : []),
    ...steps,
  ];
}

/** Members, rollouts, results of co-tests and policies. */
export function companionDrafts(setting: CompanionSetting): Draft[] {
  const { random } = setting;
  const several = (most: number, make: () => Draft): Draft[] =>
    Array.from({ length: random.between(0, most) }, make);
  const passRate = random.pick([0.4, 0.7, 0.9]);
  return [
    ...nodes.flatMap((node) => [
      { type: "NodeCommissioned", at: begin, data: setting.member(node) },
      ...several(1, () => ({
        type: "NodeDecommissioned",
        at: setting.instant(),
        data: { cluster: "c", node },
      })),
      ...several(1, () => ({
        type: "NodeCommissioned",
        at: setting.instant(),
        data: setting.member(node),
      })),
    ]),
    ...rollouts.flatMap((rollout) => life(setting, rollout)),
    ...several(16, () => ({
      type: random.chance(passRate) ? "CoTestPassed" : "CoTestFailed",
      at: setting.instant(),
      data: setting.coTest(),
    })),
    { type: "RolloutPolicySet", at: begin, data: setting.policy() },
    ...several(2, () => ({
      type: "RolloutPolicySet",
      at: setting.instant(),
      data: setting.policy(),
    })),
  ];
}

export interface RandomLedger {
  readonly events: OracleEvent[];
  /** To ask about: on the grid, or beside it. */
  readonly instants: number[];
}

/** The same seed gives the same history. */
export function randomCompanions(seed: number): RandomLedger {
  const random = randomSource(seed);
  const setting = new CompanionSetting(random);
  const events = written(random, companionDrafts(setting), {
    grid: setting.grid,
    dataFor: (type, like) => setting.data(type, like),
    late: random.pick([0, 0.2, 0.5]),
    amend: random.pick([0, 0.1, 0.3]),
  });
  return { events, instants: setting.asked() };
}
