/** Rollouts: asked for, refused inside no-fly zones, released, carried out rack by rack, or given up. */
import { askingSystem } from "./asking.ts";
import { overrideMaxMs, overrideRole } from "./commands.ts";
import type { RolloutCourse } from "./course.ts";
import { Desk } from "./desk.ts";
import { reportingSystem } from "./reporting.ts";
import type { DataOf } from "../../../events/catalogue.ts";
import type { ComingFault } from "../nodes/faults.ts";
import { isMember } from "../fleet/fleet.ts";
import type { Trigger } from "../nodes/maintenance.ts";
import { freezeMs } from "../nfz/declared.ts";
import { drawPlace, nodesOf, statedPlace } from "../fleet/place.ts";
import type { DecisionLog } from "../../setting/decision-log.ts";
import type { Interval, NfzTruth, NodeTruth, RolloutTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import type { Reporter } from "../../setting/reporter.ts";
import {
  dayMs,
  hourMs,
  iso,
  poissonInstants,
  reporterOf,
  type Setting,
} from "../../setting/setting.ts";

interface RolloutsOutcome {
  readonly rollouts: RolloutTruth[];
  readonly breakages: ReadonlyMap<string, readonly ComingFault[]>;
  readonly triggers: readonly Trigger[];
  readonly unattended: readonly Interval[];
}

/** What all rollouts of a cluster share. */
type Shared = Pick<
  RolloutCourse,
  "setting" | "desk" | "reporter" | "maintenanceReporter" | "breakages" | "triggers"
>;

const urgencies = ["routine", "routine", "important", "security", "emergency"] as const;
const components = ["driver", "kernel", "nic-firmware", "bmc", "container-runtime"] as const;

export function simulateRollouts(
  setting: Setting,
  nodes: readonly NodeTruth[],
  nfzs: readonly NfzTruth[],
  maintenanceReporter: Reporter,
  log: DecisionLog,
): RolloutsOutcome {
  const desk = new Desk(setting, { nfzs, nodes }, log);
  const reporter = reporterOf(setting, "rollout-controller");
  const breakages = new Map<string, ComingFault[]>();
  const triggers: Trigger[] = [];
  const shared = { setting, desk, reporter, maintenanceReporter, breakages, triggers };
  if (setting.plan.asksLedger) setPolicy(setting);
  submissionsOf(setting).forEach(({ name, submittedAt }) => {
    const random = setting.random.fork(`rollout ${name}`);
    const asks = setting.plan.asksLedger && random.chance(setting.scenario.rollouts.askingShare);
    const course = draw(shared, random, name, submittedAt);
    if (!asks) desk.join(course, reportingSystem(course), submittedAt);
    else if (isTaken(course, submittedAt)) desk.join(course, askingSystem(course), submittedAt);
  });
  desk.run();
  const rollouts = desk.courses.map(({ truth }) => truth);
  return { rollouts, breakages, triggers, unattended: desk.unattended };
}

/** The usual ones, and those that a freeze about the present has pile up. Their chance is their own. */
function submissionsOf(setting: Setting): { name: string; submittedAt: number }[] {
  const { plan, scenario, present, random } = setting;
  const { perDay, rushPerDay } = scenario.rollouts;
  const usual = poissonInstants(setting, random.fork("rollouts"), perDay);
  const rush = plan.asksLedger ? poissonInstants(setting, random.fork("rush"), rushPerDay) : [];
  const inFreeze = rush.filter((at) => present - freezeMs <= at && at < present);
  const named = (letter: string, instants: readonly number[]) =>
    instants.map((submittedAt, i) => ({ name: `${plan.cluster}-${letter}${i + 1}`, submittedAt }));
  return [...named("u", usual), ...named("q", inFreeze)];
}

/** The ledger refuses a rollout for no node that it knows as a member. */
function isTaken({ desk, truth }: RolloutCourse, at: number): boolean {
  const { nodes } = desk.around;
  const wanted = nodesOf(truth.targets, nodes, at, at);
  return wanted === null || nodes.some((each) => wanted.has(each.node) && isMember(each, at, at));
}

function setPolicy(setting: Setting): void {
  const { counted, validDays } = setting.scenario.coTests;
  reporterOf(setting, "change-policy").say(
    "RolloutPolicySet",
    setting.from,
    {
      cluster: setting.plan.cluster,
      coTest: "none",
      ...(counted === null ? {} : { coTestEnvironments: [...counted] }),
      ...(validDays === null ? {} : { coTestValidDays: validDays }),
      overrideRoles: [overrideRole],
      overrideMaxMs,
      fastPath: false,
      fastPathPasses: 1,
      fastPathNodeDays: 100,
      imminentMs: hourMs,
      maintenanceMaxMs: dayMs,
      impactWindowMs: 7 * dayMs,
      maxBundle: 4,
    },
    { delayMs: 0 },
  );
}

function draw(shared: Shared, random: Random, rollout: string, at: number): RolloutCourse {
  const { setting, desk } = shared;
  const { nodes: all } = desk.around;
  const { impactfulShare, falselyImpactlessShare, disobedientShare } = setting.scenario.rollouts;
  const who = { rollout, cluster: setting.plan.cluster };
  const targets = drawPlace(random, all, 0.15);
  const component = random.pick(components);
  const version = `${random.between(1, 9)}.${random.between(0, 30)}.${random.between(0, 9)}`;
  const declaredSeconds = random.chance(impactfulShare) ? random.pick([600, 1_200, 1_800]) : null;
  const isFalse = declaredSeconds === null && random.chance(falselyImpactlessShare);
  const actualSeconds = declaredSeconds ?? (isFalse ? random.between(60, 400) : 0);
  const urgency = random.pick(urgencies);
  const deadline = urgency === "security" ? at + 14 * dayMs : Infinity;
  const impact: DataOf<"RolloutSubmitted">["impact"] =
    declaredSeconds === null
      ? { kind: "impactless" }
      : { kind: "impactful", secondsPerNode: declaredSeconds };
  const wanted = nodesOf(targets, all, at);
  const updates = [{ component, version, family: component }];
  return {
    ...shared,
    random,
    truth: { rollout, targets, urgency, deadline, updates, impact, acts: [] },
    who,
    submission: {
      ...who,
      ...(targets === null ? {} : { targets: statedPlace(targets) }),
      updates,
      impact,
      urgency,
      ...(deadline === Infinity ? {} : { deadline: iso(deadline) }),
    },
    nodes: all.filter((node) => isMember(node, at) && (wanted?.has(node.node) ?? true)),
    declaredSeconds,
    actualMs: actualSeconds * 1_000 * (0.8 + 0.8 * random.float()),
    isDisobedient: random.chance(disobedientShare),
  };
}
