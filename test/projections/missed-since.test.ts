/** Since when a target cannot be met any more: the hour by whose end the error budget of the whole window was spent. */
import { expect, test } from "vitest";
import { missedSinceInSteps } from "../../projections/figures/missed-since.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { anEvent, memoryLedger } from "../http/app/memory-ledger.ts";

const target = 0.95;
const window = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1) };

/** Two nodes through March 2026, so that the budget is 2 × 744 h × 5 % = 74.4 node-hours; one is down in each interval. */
async function missedSince(downs: readonly (readonly [from: string, to: string])[]) {
  const ledger = memoryLedger();
  const event = (occurredAt: string, type: string, data: object) =>
    anEvent({ occurredAt, type, data: { cluster: "alpha", ...data } });
  const told = await ledger.submit([
    event("2026-01-01T00:00:00Z", "SlaPolicySet", {
      nisTarget: target,
      jobUptimeTarget: 0.9,
      mttrTargetMs: 172_800_000,
      noticeHours: 24,
      monthlyAllowanceNodeHours: 0,
      excludeUnknown: true,
      zone: "UTC",
    }),
    ...["n1", "n2"].map((node) => event("2026-01-01T00:00:00Z", "NodeCommissioned", { node })),
    ...downs.flatMap(([from, to], i) => [
      event(from, "NodeFailed", { node: "n1", faultId: `f${i}`, category: "hardware" }),
      event(to, "NodeReturned", { node: "n1", faultIds: [`f${i}`], how: "manual" }),
    ]),
  ]);
  expect(told.filter(({ status }) => status === "refused")).toEqual([]);
  const view = ledger.view("alpha", told.length);
  const found = stepsAtOnce(missedSinceInSteps(view, { window, target, zone: "UTC" }, firstZones));
  const { nis } = slaDocument(view, { period: "2026-03" }, firstZones);
  return [found === null ? null : new Date(found).toISOString(), nis.met];
}

test("is the end of the hour in which the last of the budget was spent", async () => {
  // 74.4 h after the 5th are on the 8th at 02:24.
  expect(await missedSince([["2026-03-05T00:00:00Z", "2026-03-20T00:00:00Z"]])).toEqual([
    "2026-03-08T03:00:00.000Z",
    false,
  ]);
});

test("counts what was spent before: it is the second fault that spends the rest", async () => {
  const first = ["2026-03-02T00:00:00Z", "2026-03-05T00:00:00Z"] as const;
  const second = ["2026-03-25T10:30:00Z", "2026-03-25T16:00:00Z"] as const;
  // 72 h, then 2.4 h from 10:30 on.
  expect(await missedSince([first, second])).toEqual(["2026-03-25T13:00:00.000Z", false]);
});

test("is not there while the budget lasts", async () => {
  expect(await missedSince([["2026-03-02T00:00:00Z", "2026-03-05T02:24:00Z"]])).toEqual([
    null,
    true,
  ]);
});
