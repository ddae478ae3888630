/** What breaks, and how long it takes to repair. */
import { isMember } from "../fleet/fleet.ts";
import type { FaultTruth, NodeTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import { type Reporter, staleSource } from "../../setting/reporter.ts";
import type { Setting } from "../../setting/setting.ts";
import { cutAtEnd, poissonInstants, reporterOf, snap, snapLength } from "../../setting/setting.ts";

const kinds = [
  { category: "hardware", component: "gpu", codes: ["79"] },
  { category: "hardware", component: "hbm", codes: ["94", "63"] },
  { category: "hardware", component: "nvlink", codes: ["74"] },
  { category: "hardware", component: "psu" },
  { category: "network", component: "nic" },
  { category: "network", component: "ib-link" },
  { category: "software", component: "host" },
  { category: "software", component: "storage" },
  { category: "human" },
  { category: "unknown" },
] as const;

/** A fault as it is about to happen. */
export interface ComingFault {
  readonly at: number;
  readonly category: FaultTruth["category"];
  readonly component?: string;
  readonly codes?: readonly string[];
  readonly repairMs: number;
  readonly how: "automatic" | "manual";
}

/** Faults from wear and chance, rack outages, and those that a rollout brought (`breakages`, by node). */
export function simulateFaults(
  setting: Setting,
  nodes: readonly NodeTruth[],
  breakages: ReadonlyMap<string, readonly ComingFault[]>,
): void {
  const reporter = reporterOf(setting, "node-monitor");
  const outages = rackOutages(setting, nodes);
  const reboots = setting.random.fork("reboots");
  for (const node of nodes) {
    const random = setting.random.fork(`faults ${node.node}`);
    const coming = [
      ...wearOf(setting, random),
      ...(breakages.get(node.node) ?? []),
      ...(outages.get(node.rack) ?? []),
      ...rebootsOf(setting, reboots, node),
    ].filter((fault) => isMember(node, fault.at) || random.chance(0.2));
    coming.sort((a, b) => a.at - b.at);
    happen(setting, random, reporter, node, coming);
  }
}

function wearOf(setting: Setting, random: Random): ComingFault[] {
  const { faults } = setting.scenario;
  const rate = faults.perNodeDay * (random.chance(faults.lemonShare) ? faults.lemonFactor : 1);
  return poissonInstants(setting, random, rate).map((at) => {
    const automatic = random.chance(faults.automaticShare);
    const meanMs = automatic ? faults.automaticMeanMs : faults.manualMeanMs;
    const repairMs = random.logNormal(meanMs, 0.8);
    return { at, ...random.pick(kinds), repairMs, how: automatic ? "automatic" : "manual" };
  });
}

/** A node that its maintenance reboots looks failed until it answers again, now and then beyond the maintenance. */
function rebootsOf(setting: Setting, random: Random, node: NodeTruth): ComingFault[] {
  const { rebootShare } = setting.scenario.maintenance;
  return node.maintenance.flatMap(({ from, to }): ComingFault[] => {
    if (!random.chance(rebootShare)) return [];
    const lengthMs = Math.min(to, setting.end) - from;
    const at = snap(setting, from + lengthMs * random.float());
    const repairMs = random.logNormal(lengthMs / 4, 0.7);
    if (at >= setting.end) return [];
    return [{ at, category: "unknown", component: "host", repairMs, how: "automatic" }];
  });
}

function rackOutages(
  setting: Setting,
  nodes: readonly NodeTruth[],
): ReadonlyMap<string, ComingFault[]> {
  const random = setting.random.fork("rack outages");
  const { rackOutagesPerDay, rackOutageMeanMs } = setting.scenario.faults;
  const outages = new Map<string, ComingFault[]>();
  for (const at of poissonInstants(setting, random, rackOutagesPerDay)) {
    const { rack } = random.pick(nodes);
    const repairMs = random.logNormal(rackOutageMeanMs, 0.5);
    const component = random.pick(["switch", "psu"]);
    const fault = { at, category: "facility", component, repairMs, how: "manual" } as const;
    outages.set(rack, [...(outages.get(rack) ?? []), fault]);
  }
  return outages;
}

function happen(
  setting: Setting,
  random: Random,
  reporter: Reporter,
  node: NodeTruth,
  coming: readonly ComingFault[],
): void {
  const { earlyReturnShare, sharedReturnShare } = setting.scenario.faults;
  const who = { cluster: setting.plan.cluster, node: node.node };
  const returns = new Map<number, { faultIds: string[]; how: ComingFault["how"] }>();
  const ends = coming.map((fault) => fault.at + snapLength(setting, fault.repairMs));
  coming.forEach((fault, i) => {
    const faultId = `${node.node}-f${i + 1}`;
    const next = coming[i + 1];
    const nextEnd = ends[i + 1];
    let end = ends[i] ?? fault.at;
    if (next !== undefined && nextEnd !== undefined && next.at < end) {
      if (random.chance(sharedReturnShare)) end = nextEnd;
    }
    const early = random.chance(earlyReturnShare);
    const returnedAt = early ? fault.at : cutAtEnd(setting, end);
    const { category, component = null, codes } = fault;
    node.faults.push({ faultId, category, component, failedAt: fault.at, returnedAt });
    const detectedAt = new Date(fault.at + random.between(1, 90_000)).toISOString();
    reporter.say("NodeFailed", fault.at, {
      ...who,
      faultId,
      category,
      ...(component === null ? {} : { component }),
      ...(codes === undefined ? {} : { codes: [...codes] }),
      detectedAt,
    });
    if (random.chance(setting.scenario.reporting.echoShare)) {
      // A return from more than five minutes before the failure cannot be its own.
      const stale = fault.at - 300_001;
      const returned = { ...who, faultIds: [faultId], how: fault.how };
      reporter.say("NodeReturned", stale, returned, { source: staleSource });
    }
    if (early) {
      // The clock of the one that reports the return is behind, by five minutes at most.
      const said = fault.at - random.pick([0, 40_000, 299_999, 300_000]);
      reporter.say("NodeReturned", said, { ...who, faultIds: [faultId], how: fault.how });
      return;
    }
    sayPhases(setting, random, reporter, { ...who, faultId }, fault, end);
    const together = returns.get(end) ?? { faultIds: [], how: fault.how };
    together.faultIds.push(faultId);
    returns.set(end, together);
  });
  for (const [at, { faultIds, how }] of returns) {
    reporter.say("NodeReturned", at, { ...who, faultIds, how });
  }
}

const phases = [
  { phase: "drain", part: 0.01 },
  { phase: "diagnose", part: 0.05 },
  { phase: "repair", part: 0.4 },
  { phase: "validate", part: 0.9 },
] as const;

function sayPhases(
  setting: Setting,
  random: Random,
  reporter: Reporter,
  fault: { readonly cluster: string; readonly node: string; readonly faultId: string },
  { at, how }: ComingFault,
  end: number,
): void {
  if (how === "automatic") return;
  for (const { phase, part } of phases) {
    const begun = snap(setting, at + (end - at) * part * (0.8 + 0.3 * random.float()));
    if (begun > at && begun < end) reporter.say("NodeRepairStarted", begun, { ...fault, phase });
  }
}
