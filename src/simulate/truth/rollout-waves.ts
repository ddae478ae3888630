/** A rollout in progress: rack by rack, with what it takes from the nodes and what it breaks. */
import type { ComingFault } from "./faults.ts";
import type { NodeTruth } from "../setting/history.ts";
import { drawNotice, maintain } from "./maintenance.ts";
import { firstFree, inForce } from "./nfz.ts";
import type { RolloutCourse } from "./rollouts.ts";
import { hourMs, minuteMs, snap, snapLength } from "../setting/setting.ts";

export function carryOut(course: RolloutCourse, startedAt: number): void {
  const { setting, random, reporter, truth, who } = course;
  const waves = Map.groupBy(course.nodes, (node) => node.rack);
  const overridden = truth.overridesAt.length > 0;
  const nodesTotal = course.nodes.length;
  let nodesDone = 0;
  let at = startedAt + snapLength(setting, 15 * minuteMs);
  for (const [rack, nodes] of waves) {
    const holding = overridden ? [] : inForce(course.nfzs, at);
    if (holding.some((nfz) => nfz.inFlight === "rollback")) {
      reporter.say("RolloutRolledBack", at, who);
      return;
    }
    if (holding.some((nfz) => nfz.inFlight === "pause")) {
      reporter.say("RolloutPaused", at, who);
      at = firstFree(course.nfzs, at) + snapLength(setting, minuteMs);
      reporter.say("RolloutResumed", at, who);
    }
    if (at >= setting.end) return;
    const doneAt = at + snapLength(setting, Math.max(course.actualMs, 5 * minuteMs));
    if (course.actualMs > 0) takeOut(course, rack, nodes, at);
    breakSome(course, nodes, doneAt);
    nodesDone += nodes.length;
    reporter.say("RolloutProgressed", doneAt, { ...who, nodesDone, nodesTotal });
    if (doneAt < setting.end) truth.progress.push({ at: doneAt, nodesDone, nodesTotal });
    at = doneAt + snapLength(setting, random.between(5, 30) * minuteMs);
  }
  const draw = random.float();
  if (draw < 0.9) reporter.say("RolloutCompleted", at, who);
  else if (draw < 0.96) reporter.say("RolloutFailed", at, who);
  else reporter.say("RolloutRolledBack", at, who);
  // A straggler reports after the rollout is over; that changes nothing.
  if (random.chance(setting.scenario.reporting.echoShare)) {
    const late = at + snapLength(setting, 5 * minuteMs);
    reporter.say("RolloutProgressed", late, { ...who, nodesDone, nodesTotal });
  }
}

function takeOut(
  course: RolloutCourse,
  rack: string,
  nodes: readonly NodeTruth[],
  at: number,
): void {
  const { setting, random, who, declaredSeconds } = course;
  const { rollout: rolloutId } = who;
  const maintenanceId = `${rolloutId}-${rack}`;
  const coming = {
    from: at,
    to: at + snapLength(setting, course.actualMs),
    plannedFrom: at,
    plannedTo: snap(setting, at + (declaredSeconds ?? 0) * 1_200) + setting.scenario.tickMs,
    notice: declaredSeconds === null ? ("missing" as const) : drawNotice(setting, random),
    moved: false,
    rolloutId,
  };
  for (const node of nodes) {
    maintain(setting, random, course.maintenanceReporter, node, maintenanceId, coming);
  }
  const names = nodes.map(({ node }) => node);
  course.triggers.push({ at, kind: "rollout", nodes: names, rolloutId, maintenanceId });
}

/** An update that had piled up breaks more than one that went out alone. */
function breakSome(course: RolloutCourse, nodes: readonly NodeTruth[], after: number): void {
  const { setting, random, truth, breakages } = course;
  const share = setting.scenario.rollouts.breakageShare * (truth.blocked.length > 0 ? 1 : 0.2);
  for (const { node } of nodes) {
    if (!random.chance(share)) continue;
    const at = after + snapLength(setting, random.exponential(6 * hourMs));
    if (at >= setting.end) continue;
    const repairMs = random.logNormal(4 * hourMs, 0.6);
    const fault: ComingFault = {
      at,
      category: "software",
      component: "host",
      repairMs,
      how: "automatic",
    };
    breakages.set(node, [...(breakages.get(node) ?? []), fault]);
  }
}
