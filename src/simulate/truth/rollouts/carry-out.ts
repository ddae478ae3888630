/** A rollout in progress: rack by rack, with what it takes from the nodes and what it breaks. */
import { later, type RolloutCourse, type Voice } from "./course.ts";
import type { Wish } from "./desk.ts";
import type { ComingFault } from "../nodes/faults.ts";
import { drawNotice, maintain } from "../nodes/maintenance.ts";
import type { NodeTruth } from "../../setting/history.ts";
import { hourMs, minuteMs, snap, snapLength } from "../../setting/setting.ts";

export function* carryOut(course: RolloutCourse, voice: Voice): Generator<Wish, void> {
  const { desk, random, actualMs } = course;
  let nodesDone = 0;
  yield later(course, 15 * minuteMs);
  for (const [rack, nodes] of Map.groupBy(course.nodes, (node) => node.rack)) {
    if (!(yield* voice.mayGoOn())) return;
    if (actualMs > 0) takeOut(course, rack, nodes, desk.now);
    yield later(course, Math.max(actualMs, 5 * minuteMs));
    breakSome(course, nodes, desk.now);
    nodesDone += nodes.length;
    yield* voice.progress(
      nodesDone,
      nodes.map(({ node }) => node),
    );
    yield later(course, random.between(5, 30) * minuteMs);
  }
  yield* voice.end();
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
  const hasWaited = truth.acts.some(({ type }) => type === "RolloutBlocked");
  const share = setting.scenario.rollouts.breakageShare * (hasWaited ? 1 : 0.2);
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
