/** Intervals in which nobody watches a node. */
import { isMember } from "../truth/fleet/fleet.ts";
import type { NodeTruth } from "../setting/history.ts";
import type { Setting } from "../setting/setting.ts";
import { cutAtEnd, poissonInstants, reporterOf, snapLength } from "../setting/setting.ts";

export function simulateObservation(setting: Setting, nodes: readonly NodeTruth[]): void {
  const { lossesPerNodeDay, meanMs } = setting.scenario.observation;
  const reporter = reporterOf(setting, "watchdog");
  for (const node of nodes) {
    const random = setting.random.fork(`observation ${node.node}`);
    const who = { cluster: setting.plan.cluster, node: node.node, observer: "telemetry" };
    let until = -Infinity;
    for (const at of poissonInstants(setting, random, lossesPerNodeDay)) {
      // Nobody can lose sight of a node twice at once; one may begin where the last has ended.
      if (at < until || !isMember(node, at)) continue;
      until = at + snapLength(setting, random.logNormal(meanMs, 0.7));
      const to = cutAtEnd(setting, until);
      const start = reporter.say("NodeObservationLost", at, who);
      const leavesAt = node.memberships.find(({ to: left }) => at < left)?.to ?? Infinity;
      if (leavesAt < until && random.chance(0.5)) {
        // Gone while nobody looked: nobody says that it is seen again, and it may be lost anew once it is back.
        until = leavesAt;
        node.unobserved.push({ from: at, to, startId: start.id, endId: null });
        continue;
      }
      const end = reporter.say("NodeObservationRestored", until, who);
      const endId = to === Infinity ? null : end.id;
      node.unobserved.push({ from: at, to, startId: start.id, endId });
    }
  }
}
