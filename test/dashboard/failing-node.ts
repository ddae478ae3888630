/** A ledger about one node that fails again and again, and its neighbours, with names that are hard to write in a page. */
import type { LightMyRequestResponse } from "fastify";
import { anEvent } from "../http/app/memory-ledger.ts";
import type { SmallApp } from "../http/app/small-app.ts";
import { smallApp } from "../http/app/small-app.ts";

export const cluster = "alpha<1>/x";
/** The address of its page. */
export const at = `/clusters/${encodeURIComponent(cluster)}`;

const event = (occurredAt: string, type: string, data: Record<string, unknown>) =>
  anEvent({ occurredAt, type, data: { cluster, ...data } });

/** Four nodes in two racks in March 2026; `n/<1>` fails again and again, and is down since the 30th. */
const history = [
  event("2026-01-01T00:00:00Z", "SlaPolicySet", {
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 100,
    excludeUnknown: true,
    zone: "UTC",
  }),
  ...["n/<1>", "n2", "n3", "n4"].map((node, i) =>
    event("2026-01-01T00:00:00Z", "NodeCommissioned", {
      node,
      rack: i < 2 ? "r1" : "ß <2>",
      sku: "h200",
    }),
  ),
  ...Array.from({ length: 9 }, (_, i) => i + 1).flatMap((day) => [
    event(`2026-03-${String(day).padStart(2, "0")}T00:00:00Z`, "NodeFailed", {
      node: "n/<1>",
      faultId: `f${day}`,
      category: "hardware",
      component: "psu",
      detectedAt: `2026-03-${String(day).padStart(2, "0")}T00:10:00Z`,
    }),
    event(`2026-03-${String(day).padStart(2, "0")}T00:30:00Z`, "NodeRepairStarted", {
      node: "n/<1>",
      faultId: `f${day}`,
      phase: "repair",
    }),
    event(`2026-03-${String(day).padStart(2, "0")}T02:00:00Z`, "NodeReturned", {
      node: "n/<1>",
      faultIds: [`f${day}`],
      how: "manual",
    }),
  ]),
  event("2026-03-30T00:00:00Z", "NodeFailed", {
    node: "n/<1>",
    faultId: "open",
    category: "network",
  }),
  event("2026-03-12T00:00:00Z", "NodeMaintenanceAnnounced", {
    node: "n2",
    maintenanceId: "m<1>",
    plannedFrom: "2026-03-20T00:00:00Z",
    plannedTo: "2026-03-20T04:00:00Z",
  }),
  event("2026-03-20T00:00:00Z", "NodeMaintenanceStarted", { node: "n2", maintenanceId: "m<1>" }),
  event("2026-03-20T04:00:00Z", "NodeMaintenanceEnded", { node: "n2", maintenanceId: "m<1>" }),
  event("2026-03-25T00:00:00Z", "NodeObservationLost", { node: "n3" }),
  event("2026-03-02T00:00:00Z", "JobStarted", { job: "train<1>", nodes: ["n[2-3]"] }),
  event("2026-03-10T00:00:00Z", "JobInterrupted", {
    job: "train<1>",
    cause: { kind: "software" },
  }),
  event("2026-03-10T01:00:00Z", "JobResumed", { job: "train<1>" }),
  event("2026-03-01T00:00:00Z", "NfzDeclared", {
    nfz: "quarter<end>",
    scope: { racks: ["r1"] },
    occurrences: [{ from: "2026-03-14T00:00:00Z", to: "2026-03-16T00:00:00Z" }],
    inFlight: "finish",
  }),
];

export interface BrowsedApp extends SmallApp {
  /** Asks as a browser does. */
  get(path: string): Promise<LightMyRequestResponse>;
}

export async function appWithFailingNode(): Promise<BrowsedApp> {
  const small = await smallApp();
  const results = await small.ledger.submit(history);
  const refused = results.filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  const get: BrowsedApp["get"] = async (path) =>
    await small.app.inject({ url: path, headers: { accept: "text/html" } });
  return { ...small, get };
}
