/** Random queues with results of co-tests, as facts of a ledger and as the reference takes them. */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { randomSource } from "../../histories/random-source.ts";
import { Judge, type Item, type Node, type Result } from "./reference.ts";

export interface RandomQueue {
  readonly events: readonly RawEvent[];
  /** In queue order. */
  readonly queue: readonly Item[];
  readonly judge: Judge;
  readonly inService: readonly Node[];
  readonly members: number;
  readonly nisTarget: number;
  readonly at: number;
}

export interface Shape {
  readonly rollouts: number;
  readonly components: number;
  readonly versions: number;
  readonly nodes: number;
  /** Results of co-tests. */
  readonly tests: number;
}

const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;
export const clusterOfQueue = "c";

/** Everything happens within ten days before `at`; ties of one instant are common. */
export function randomQueue(seed: number, shape: Shape): RandomQueue {
  const random = randomSource(seed);
  const events: RawEvent[] = [];
  const stated = (type: string, at: number, data: object): string => {
    const id = random.uuid();
    const sequence = events.length + 1;
    const event = { type, id, sequence, occurredAt: at, recordedAt: at, data, attribution: {} };
    events.push(event as unknown as RawEvent);
    return id;
  };
  const at = start + 10 * 86_400_000;
  const whenever = () => start + minute * random.between(1, 14_000);
  const nodes = Array.from({ length: shape.nodes }, (_, i) => ({
    node: `n${i}`,
    rack: `r${i % 3}`,
    jobs: [] as string[],
    isDown: random.chance(0.15),
  }));
  for (const { node, rack, isDown } of nodes) {
    stated("NodeCommissioned", start, { cluster: clusterOfQueue, node, rack });
    if (isDown)
      stated("NodeFailed", whenever(), {
        cluster: clusterOfQueue,
        node,
        faultId: node,
        category: "hardware",
      });
  }
  for (let i = 0; i < random.between(0, 4); i++) {
    const held = nodes.filter(() => random.chance(0.5));
    if (held.length === 0) continue;
    stated("JobStarted", start, {
      cluster: clusterOfQueue,
      job: `j${i}`,
      nodes: held.map(({ node }) => node),
    });
    for (const { jobs } of held) jobs.push(`j${i}`);
  }
  const nisTarget = random.pick([0.3, 0.5, 0.6, 0.85]);
  stated("SlaPolicySet", start, slaPolicy(nisTarget));
  const environments = random.chance(0.3) ? ["lab", ""] : undefined;
  const days = random.chance(0.3) ? random.pick([1, 2.5, 5]) : undefined;
  stated("RolloutPolicySet", start, rolloutPolicy(environments, days));
  const randomUpdates = (most: number) => {
    const updates = new Map<string, string>();
    for (let i = 0; i < random.between(1, most); i++)
      updates.set(
        `k${random.between(0, shape.components - 1)}`,
        `v${random.between(1, shape.versions)}`,
      );
    const made = [...updates].map(([component, version]) => ({ component, version }));
    // What is only reported may name a component in two versions.
    const [first] = made;
    return first !== undefined && random.chance(0.06)
      ? [...made, { ...first, version: `v${random.between(1, shape.versions)}` }]
      : made;
  };
  const textOf = (updates: readonly { component: string; version: string }[]) =>
    new Set(updates.map(({ component, version }) => `${component}=${version}`));
  const submitted = Array.from({ length: shape.rollouts }, (_, i) => {
    const name = `u${i}`;
    const updates = randomUpdates(2);
    const targets = random.chance(0.2)
      ? undefined
      : random.chance(0.5)
        ? { racks: [`r${random.between(0, 2)}`] }
        : {
            nodes: nodes
              .filter(() => random.chance(0.4))
              .map(({ node }) => node)
              .concat("n0"),
          };
    const seconds = random.pick([0, 0.0005, 30, 600]);
    const isImpactful = random.chance(0.6);
    const urgency = random.pick(["routine", "important", "security", "emergency"]);
    const deadline = random.chance(0.3) ? at + minute * random.between(-3, 3) : Infinity;
    const submittedAt = whenever();
    stated("RolloutSubmitted", submittedAt, {
      cluster: clusterOfQueue,
      rollout: name,
      updates,
      urgency,
      impact: isImpactful ? { kind: "impactful", secondsPerNode: seconds } : { kind: "impactless" },
      ...(targets === undefined ? {} : { targets }),
      ...(deadline === Infinity ? {} : { deadline: formatInstant(deadline) }),
    });
    const rank = ["emergency", "security", "important", "routine"].indexOf(urgency);
    const reached = nodes
      .filter(
        ({ node, rack }) =>
          targets?.racks?.includes(rack) ?? targets?.nodes?.includes(node) ?? true,
      )
      .map(({ node }) => node);
    const costMs = isImpactful ? Math.floor(seconds * 1_000 + 0.5) : 0;
    const item: Item = { name, updates: textOf(updates), nodes: new Set(reached), costMs };
    return { item, order: [rank, deadline, submittedAt] as const };
  });
  const results: Result[] = Array.from({ length: shape.tests }, () => {
    const updates = random.chance(0.7)
      ? [...randomUpdates(2), ...randomUpdates(2), ...randomUpdates(random.between(1, 4))]
      : randomUpdates(3);
    const environment = random.pick(["", "lab", "staging"]);
    const when = random.chance(0.2) ? start + minute : whenever();
    const hasPassed = random.chance(0.7);
    const id = stated(hasPassed ? "CoTestPassed" : "CoTestFailed", when, {
      coTest: "t",
      updates,
      ...(environment === "" ? {} : { environment }),
      ...(random.chance(0.5) ? {} : { cluster: clusterOfQueue }),
    });
    return { updates: textOf(updates), environment, hasPassed, at: when, id };
  });
  stated("CoTestPassed", start, {
    coTest: "elsewhere",
    cluster: "other",
    updates: submitted.flatMap(({ item }) =>
      [...item.updates].map((update) => ({
        component: update.split("=")[0],
        version: update.split("=")[1],
      })),
    ),
  });
  const queue = submitted
    .sort(
      (a, b) =>
        a.order[0] - b.order[0] ||
        (a.order[1] === b.order[1] ? 0 : a.order[1] - b.order[1]) ||
        a.order[2] - b.order[2] ||
        (a.item.name < b.item.name ? -1 : 1),
    )
    .map(({ item }) => item);
  return {
    events,
    queue,
    judge: new Judge(results, at, environments, days),
    inService: nodes.filter(({ isDown }) => !isDown),
    members: nodes.length,
    nisTarget,
    at,
  };
}

function slaPolicy(nisTarget: number): object {
  return {
    cluster: clusterOfQueue,
    nisTarget,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 0,
    excludeUnknown: false,
    zone: "UTC",
  };
}

function rolloutPolicy(environments: readonly string[] | undefined, days: number | undefined) {
  return {
    cluster: clusterOfQueue,
    coTest: "companions",
    ...(environments === undefined ? {} : { coTestEnvironments: environments }),
    ...(days === undefined ? {} : { coTestValidDays: days }),
    overrideRoles: ["approver"],
    overrideMaxMs: 86_400_000,
    fastPath: false,
    fastPathPasses: 1,
    fastPathNodeDays: 100,
    imminentMs: 3_600_000,
    maintenanceMaxMs: 86_400_000,
    impactWindowMs: 604_800_000,
    maxBundle: 4,
  };
}
