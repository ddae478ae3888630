/** What is excluded as of a position is cut at its ledger time, whatever was asked as of later ones before. */
import { expect, test } from "vitest";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { documentOf } from "./document-of.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { take } from "./take.ts";

const begin = Date.UTC(2026, 2, 10);
const iso = (hours: number) => new Date(begin + hours * 3_600_000).toISOString();

/** Recorded when it happened. */
function stated(type: string, hours: number, data: object) {
  const at = iso(hours);
  return { type, occurredAt: at, recordedAt: at, data: { cluster: "c1", ...data } };
}

const policy = {
  nisTarget: 0.95,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 1_000,
  noticeHours: 0,
  monthlyAllowanceNodeHours: 7,
  excludeUnknown: false,
  zone: "UTC",
};
const announced = (node: string, maintenanceId: string, from: number, to: number) =>
  stated("NodeMaintenanceAnnounced", -100, {
    node,
    maintenanceId,
    plannedFrom: iso(from),
    plannedTo: iso(to),
  });

/** The maintenance of `a` goes on for ten hours; after five, that of `b` has had its hour of the seven that are allowed. */
const events = storedHistory(
  [
    stated("SlaPolicySet", -600, policy),
    ...["a", "b", "z"].map((node) => stated("NodeCommissioned", -500, { node })),
    announced("a", "m1", 0, 10),
    announced("b", "m2", 3, 4),
    stated("NodeMaintenanceStarted", 0, { node: "a", maintenanceId: "m1" }),
    stated("NodeMaintenanceStarted", 3, { node: "b", maintenanceId: "m2" }),
    stated("NodeMaintenanceEnded", 4, { node: "b", maintenanceId: "m2" }),
    stated("NodeFailed", 5, { node: "z", faultId: "f", category: "hardware" }),
    stated("NodeReturned", 20, { node: "z", faultIds: ["f"] }),
  ].map((event, i) => ({ id: `00000000-0000-4000-8000-${String(1e11 + i)}`, ...event })),
);

test("a later position that was asked before does not use up an earlier one's allowance", () => {
  const model = new LiveModel();
  take(model, events);
  const request = { cluster: "c1", period: `${iso(-1)}/${iso(5)}` };
  const afterFive = events.length - 1;
  const plain = documentOf(plainClusterViewAt(rawHistory(events), "c1", afterFive), request);
  const head = documentOf(model.view("c1"), request);
  expect(documentOf(model.view("c1", afterFive), request)).toBe(plain);
  expect(head).not.toBe(plain);
  expect(plain).toContain('"excludedNodeMs":21600000');
});
