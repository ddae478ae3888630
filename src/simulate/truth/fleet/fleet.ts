/** The nodes of a cluster, and when they are its members. */
import type { MembershipTruth, NodeTruth } from "../../setting/history.ts";
import type { Setting } from "../../setting/setting.ts";
import { cutAtEnd, reporterOf, snap, snapLength } from "../../setting/setting.ts";

const gpusPerNode = 8;
const skus = ["h200-8", "b300-8"] as const;

export function simulateFleet(setting: Setting): NodeTruth[] {
  const { plan, from } = setting;
  const reporter = reporterOf(setting, "inventory");
  const random = setting.random.fork("inventory");
  const registered = { cluster: plan.cluster, region: plan.region, zone: plan.zone };
  reporter.say("ClusterRegistered", from, registered, { delayMs: 0 });
  return Array.from({ length: plan.nodes }, (_, i) => {
    const rackNumber = Math.floor(i / plan.nodesPerRack) + 1;
    const node = `gpu${String(i + 1).padStart(4, "0")}`;
    const hardware = {
      rack: `r${String(rackNumber).padStart(2, "0")}`,
      sku: rackNumber % 2 === 1 ? skus[0] : skus[1],
      gpus: gpusPerNode,
    };
    const memberships = membershipsOf(setting, node).map((membership): MembershipTruth => {
      const who = { cluster: plan.cluster, node };
      // The first nodes are entered while the cluster is set up; nobody is late with that.
      const delay = membership.from === from ? { delayMs: 0 } : {};
      const start = reporter.say(
        "NodeCommissioned",
        membership.from,
        { ...who, ...hardware },
        delay,
      );
      const end = reporter.say("NodeDecommissioned", membership.to, who);
      if (random.chance(setting.scenario.reporting.echoShare)) {
        // Entered once more while it is a member already, and known to be one.
        const again = Math.floor((membership.from + Math.min(membership.to, setting.end)) / 2);
        const delayMs = Math.max(reporter.delayMs(), start.recordedAt - again);
        reporter.say("NodeCommissioned", again, { ...who, ...hardware }, { delayMs });
      }
      const isLeaving = membership.to < Infinity;
      return {
        ...membership,
        decommissionId: isLeaving ? end.id : null,
        fromKnownAt: start.recordedAt,
        toKnownAt: isLeaving ? end.recordedAt : Infinity,
      };
    });
    const empty = { faults: [], maintenance: [], announcements: [], unobserved: [] };
    return { node, ...hardware, memberships, ...empty };
  });
}

function membershipsOf(setting: Setting, node: string): { from: number; to: number }[] {
  const { lateShare, leaveShare, comeBackShare } = setting.scenario.fleet;
  const random = setting.random.fork(`membership ${node}`);
  const lengthMs = setting.end - setting.from;
  const part = (least: number, most: number) =>
    snapLength(setting, lengthMs * (least + random.float() * (most - least)));
  const from = random.chance(lateShare) ? setting.from + part(0.05, 0.4) : setting.from;
  if (!random.chance(leaveShare)) return [{ from, to: Infinity }];
  const to = snap(setting, from + part(0.1, 0.5));
  const back = cutAtEnd(setting, to + part(0.02, 0.2));
  if (back === Infinity || !random.chance(comeBackShare)) return [{ from, to }];
  return [
    { from, to },
    { from: back, to: Infinity },
  ];
}

/** Whether the node is a member at the instant, as far as the ledger had heard by `knownBy`. */
export function isMember(node: NodeTruth, at: number, knownBy = Infinity): boolean {
  return node.memberships.some(
    ({ from, to, fromKnownAt, toKnownAt }) =>
      from <= at && fromKnownAt <= knownBy && (at < to || toKnownAt > knownBy),
  );
}

/** Whether the node could take work at the instant: a member, not down, not under maintenance. */
export function canRun(node: NodeTruth, at: number): boolean {
  return (
    isMember(node, at) &&
    !node.faults.some((fault) => fault.failedAt <= at && at < fault.returnedAt) &&
    !node.maintenance.some(({ from, to }) => from <= at && at < to)
  );
}
