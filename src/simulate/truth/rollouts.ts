/** Rollouts: asked for, refused inside no-fly zones, released, carried out rack by rack, or given up. */
import type { DataOf } from "../../events/catalogue.ts";
import type { ComingFault } from "./faults.ts";
import { isMember } from "./fleet.ts";
import type { NfzTruth, NodeTruth, RolloutTruth } from "../setting/history.ts";
import type { Trigger } from "./maintenance.ts";
import type { Random } from "../setting/prng.ts";
import type { Reporter } from "../setting/reporter.ts";
import { carryOut } from "./rollout-waves.ts";
import { waitForRelease } from "./rollout-queue.ts";
import type { Setting } from "../setting/setting.ts";
import { dayMs, hourMs, poissonInstants, reporterOf, snap } from "../setting/setting.ts";

/** One rollout and what it needs to go its way. */
export interface RolloutCourse {
  readonly setting: Setting;
  readonly random: Random;
  readonly reporter: Reporter;
  /** For the maintenance that it brings. */
  readonly maintenanceReporter: Reporter;
  readonly truth: RolloutTruth;
  readonly who: { readonly rollout: string; readonly cluster: string };
  readonly urgency: DataOf<"RolloutSubmitted">["urgency"];
  readonly nodes: readonly NodeTruth[];
  /** The no-fly zones that may hold it back. */
  readonly nfzs: readonly NfzTruth[];
  /** `null`: declared impactless. */
  readonly declaredSeconds: number | null;
  /** What it really takes from a node; 0 for nothing. */
  readonly actualMs: number;
  readonly breakages: Map<string, ComingFault[]>;
  readonly triggers: Trigger[];
}

interface RolloutsOutcome {
  readonly rollouts: RolloutTruth[];
  readonly breakages: ReadonlyMap<string, readonly ComingFault[]>;
  readonly triggers: readonly Trigger[];
}

const urgencies = ["routine", "routine", "important", "security", "emergency"] as const;
const components = ["driver", "kernel", "nic-firmware", "bmc", "container-runtime"] as const;

export function simulateRollouts(
  setting: Setting,
  nodes: readonly NodeTruth[],
  nfzs: readonly NfzTruth[],
  maintenanceReporter: Reporter,
): RolloutsOutcome {
  const reporter = reporterOf(setting, "rollout-controller");
  const breakages = new Map<string, ComingFault[]>();
  const triggers: Trigger[] = [];
  const outer = setting.random.fork("rollouts");
  const instants = poissonInstants(setting, outer, setting.scenario.rollouts.perDay);
  const rollouts = instants.map((submittedAt, i) => {
    const name = `${setting.plan.cluster}-u${i + 1}`;
    const random = setting.random.fork(`rollout ${name}`);
    const said = { reporter, maintenanceReporter, breakages, triggers };
    const course = submit({ setting, random, ...said }, name, submittedAt, { nodes, nfzs });
    const wanted = snap(setting, submittedAt + random.exponential(6 * hourMs));
    const release = waitForRelease(course, Math.max(wanted, submittedAt + 1));
    if (release !== null) carryOut(course, release);
    return course.truth;
  });
  return { rollouts, breakages, triggers };
}

function submit(
  base: Pick<
    RolloutCourse,
    "setting" | "random" | "reporter" | "maintenanceReporter" | "breakages" | "triggers"
  >,
  rollout: string,
  at: number,
  fleet: { readonly nodes: readonly NodeTruth[]; readonly nfzs: readonly NfzTruth[] },
): RolloutCourse {
  const { setting, random, reporter } = base;
  const { impactfulShare, falselyImpactlessShare } = setting.scenario.rollouts;
  const who = { rollout, cluster: setting.plan.cluster };
  const targets = drawTargets(random, fleet.nodes);
  const component = random.pick(components);
  const version = `${random.between(1, 9)}.${random.between(0, 30)}.${random.between(0, 9)}`;
  const declaredSeconds = random.chance(impactfulShare) ? random.pick([600, 1_200, 1_800]) : null;
  const isFalse = declaredSeconds === null && random.chance(falselyImpactlessShare);
  const actualSeconds = declaredSeconds ?? (isFalse ? random.between(60, 400) : 0);
  const urgency = random.pick(urgencies);
  const deadline = new Date(at + 14 * dayMs).toISOString();
  reporter.say("RolloutSubmitted", at, {
    ...who,
    ...(targets === null ? {} : { targets }),
    updates: [{ component, version, family: component }],
    impact:
      declaredSeconds === null
        ? { kind: "impactless" }
        : { kind: "impactful", secondsPerNode: declaredSeconds },
    urgency,
    ...(urgency === "security" ? { deadline } : {}),
  });
  const nodes = fleet.nodes.filter(
    (node) =>
      isMember(node, at) &&
      (targets?.racks?.includes(node.rack) ?? true) &&
      (targets?.skus?.includes(node.sku) ?? true),
  );
  const racks = new Set(nodes.map((node) => node.rack));
  return {
    ...base,
    truth: { rollout, blocked: [], overridesAt: [], progress: [] },
    who,
    urgency,
    nodes,
    nfzs: fleet.nfzs.filter((nfz) => nfz.racks === null || nfz.racks.some((r) => racks.has(r))),
    declaredSeconds,
    actualMs: actualSeconds * 1_000 * (0.8 + 0.8 * random.float()),
  };
}

function drawTargets(
  random: Random,
  nodes: readonly NodeTruth[],
): { racks?: string[]; skus?: string[] } | null {
  const draw = random.float();
  if (draw < 0.15) return null;
  if (draw < 0.35) return { skus: [random.pick(nodes).sku] };
  const racks = [...new Set(nodes.map((node) => node.rack))];
  return { racks: random.sample(racks, random.between(1, 5)) };
}
