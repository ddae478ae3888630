/** An application over a ledger in memory, and a short history to ask about. */
import { pino } from "pino";
import { buildApp } from "../../../src/http/app.ts";
import type { AppOptions } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import type { MemoryLedger } from "./memory-ledger.ts";
import { anEvent, memoryLedger } from "./memory-ledger.ts";

export interface SmallApp {
  readonly app: Api;
  readonly ledger: MemoryLedger;
}

export async function smallApp(options: Partial<AppOptions> = {}): Promise<SmallApp> {
  const ledger = memoryLedger();
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }), ...options });
  return { app, ledger };
}

const at = (occurredAt: string, type: string, data: Record<string, unknown>, more = {}) =>
  anEvent({ occurredAt, type, data, ...more });

/** A cluster "alpha" in March 2026: two nodes, a repaired and an open fault, a job, an NFZ and a blocked rollout. */
export const history = [
  at("2026-02-01T00:00:00Z", "ClusterRegistered", { cluster: "alpha", name: "Alpha <One>" }),
  at("2026-02-01T00:00:00Z", "NodeCommissioned", { cluster: "alpha", node: "n1" }),
  at("2026-02-01T00:00:00Z", "NodeCommissioned", { cluster: "alpha", node: "n2" }),
  at("2026-03-02T00:00:00Z", "NodeFailed", {
    cluster: "alpha",
    node: "n1",
    faultId: "f1",
    category: "hardware",
    component: "gpu",
  }),
  at("2026-03-02T12:00:00Z", "NodeReturned", { cluster: "alpha", node: "n1", faultIds: ["f1"] }),
  at("2026-03-20T00:00:00Z", "NodeFailed", {
    cluster: "alpha",
    node: "n2",
    faultId: "f2",
    category: "network",
  }),
  at("2026-03-05T00:00:00Z", "JobStarted", { cluster: "alpha", job: "train", nodes: ["n[1-2]"] }),
  at("2026-03-06T00:00:00Z", "JobInterrupted", {
    cluster: "alpha",
    job: "train",
    cause: { kind: "software" },
  }),
  at("2026-03-06T01:00:00Z", "JobResumed", { cluster: "alpha", job: "train" }),
  at("2026-04-01T00:00:00Z", "NfzDeclared", {
    nfz: "freeze",
    cluster: "alpha",
    occurrences: [{ from: "2026-04-10T00:00:00Z", to: "2026-04-20T00:00:00Z" }],
    inFlight: "finish",
  }),
  at("2026-04-09T00:00:00Z", "RolloutSubmitted", {
    rollout: "r1",
    cluster: "alpha",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "security",
  }),
  at("2026-04-12T00:00:00Z", "RolloutBlocked", {
    rollout: "r1",
    cluster: "alpha",
    nfzIds: ["freeze"],
  }),
];

export async function appWithHistory(options: Partial<AppOptions> = {}): Promise<SmallApp> {
  const made = await smallApp(options);
  const submissions = await made.ledger.submit(history);
  const refused = submissions.filter((each) => each.status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  return made;
}
