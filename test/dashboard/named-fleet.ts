/** A short history in which a cluster, its node, job, rollout, zone and rack all have one name, to see what pages do with it. */
import { pathSegment } from "../../src/path-segment.ts";
import { anEvent } from "../http/app/memory-ledger.ts";

const at = (occurredAt: string, type: string, data: Record<string, unknown>, more = {}) =>
  anEvent({ occurredAt, type, data, ...more });

/** As of noon of 15 April 2026: the node is down, the zone is in force, the rollout waits for it, another is under way. */
export function historyNamed(name: string) {
  const told = { actor: name, source: name, reason: `${name} ${name}` };
  const rollout = (id: string) => ({
    rollout: id,
    cluster: name,
    updates: [{ component: name, version: name }],
    impact: { kind: "impactful", secondsPerNode: 300 },
    urgency: "security",
    targets: { racks: [name] },
  });
  const ofNode = { cluster: name, node: name };
  return [
    at("2026-02-01T00:00:00Z", "ClusterRegistered", { cluster: name, name, sku: name }),
    at("2026-02-01T00:00:00Z", "NodeCommissioned", { ...ofNode, rack: name, sku: name }),
    at("2026-03-02T00:00:00Z", "NodeFailed", {
      ...ofNode,
      faultId: "first",
      category: "hardware",
      component: name,
    }),
    at("2026-03-02T12:00:00Z", "NodeReturned", { ...ofNode, faultIds: ["first"] }),
    at("2026-03-05T00:00:00Z", "JobStarted", { cluster: name, job: name, nodes: [name] }),
    at("2026-03-06T00:00:00Z", "JobInterrupted", {
      cluster: name,
      job: name,
      cause: { kind: "software" },
    }),
    at("2026-03-06T01:00:00Z", "JobResumed", { cluster: name, job: name }),
    at(
      "2026-03-20T00:00:00Z",
      "NodeFailed",
      {
        ...ofNode,
        faultId: name,
        category: "network",
        component: name,
      },
      told,
    ),
    at("2026-03-22T00:00:00Z", "NodeReturned", { ...ofNode, faultIds: ["nosuch"] }),
    at(
      "2026-04-01T00:00:00Z",
      "NfzDeclared",
      {
        nfz: name,
        cluster: name,
        occurrences: [{ from: "2026-04-10T00:00:00Z", to: "2026-04-20T00:00:00Z" }],
        inFlight: "finish",
      },
      told,
    ),
    at("2026-04-09T00:00:00Z", "RolloutSubmitted", rollout(name), told),
    at(
      "2026-04-12T00:00:00Z",
      "RolloutBlocked",
      {
        rollout: name,
        cluster: name,
        nfzIds: [name],
      },
      told,
    ),
  ];
}

/** The pages that are about what has the name. */
export function pagesNamed(name: string): readonly string[] {
  const part = pathSegment(name);
  return [
    `/clusters/${part}`,
    `/clusters/${part}/nodes/${part}`,
    `/clusters/${part}/jobs`,
    `/clusters/${part}/jobs/${part}`,
    `/rollouts/${part}/${part}`,
    `/nfz/${part}/${part}`,
  ];
}
