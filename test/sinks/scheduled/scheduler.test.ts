import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { reissue } from "../../../src/reports/issued/issue.ts";
import type { Notice } from "../../../src/sinks/notices/notice.ts";
import type { Schedule } from "../../../src/sinks/scheduled/schedule-file.ts";
import { readSchedules } from "../../../src/sinks/scheduled/schedule-file.ts";
import { Scheduler } from "../../../src/sinks/scheduled/scheduler.ts";
import { openLedgerTree } from "../../../src/tree/ledger-tree.ts";
import { temporaryFolder } from "../../cli/run.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { FakeTime } from "../fake-time.ts";

const dayMs = 86_400_000;
const monthly: Schedule = { cluster: "alpha", period: "month", afterMs: 3 * dayMs };

async function scheduled(instant: string) {
  const time = new FakeTime(instant);
  const temporary = temporaryLedger();
  const ledger = await temporary.open({ clock: time.clock });
  const raised: Notice[] = [];
  const sealedAfter: number[] = [];
  const failures: unknown[] = [];
  return {
    time,
    ledger,
    raised,
    sealedAfter,
    failures,
    /** States something, so that ledger time is that of the clock. */
    state: async (type = "NodeCommissioned", data: object = { node: "n1" }) => {
      const occurredAt = "2026-01-01T00:00:00Z";
      const [submission] = await ledger.submit([
        anEvent({ type, occurredAt, data: { cluster: "alpha", ...data } }),
      ]);
      if (submission?.status !== "appended") throw new Error(JSON.stringify(submission));
      await ledger.waitFor(submission.sequence ?? 0, 600_000);
    },
    scheduler: (schedules: readonly Schedule[] = [monthly], isInCharge = true) =>
      new Scheduler({
        schedules,
        ledger,
        tree: () => openLedgerTree(ledger.store),
        seal: async () => void sealedAfter.push((await ledger.store.head()).sequence),
        clock: time.clock,
        isInCharge: () => isInCharge,
        raise: async (notices) => void raised.push(...notices),
        onIssued: () => undefined,
        onFailure: (error) => failures.push(error),
        after: time.after,
      }),
    issued: async () => {
      const events = await ledger.store.query({ type: "ReportIssued", after: 0, limit: 100 });
      return events.map(({ data, attribution }) => {
        const { period } = data as DataOf<"ReportIssued">;
        return `${period.label} ${period.zone} by ${attribution.actor ?? "?"}`;
      });
    },
    reports: async () => await ledger.store.query({ type: "ReportIssued", after: 0, limit: 100 }),
    async [Symbol.asyncDispose]() {
      await temporary[Symbol.asyncDispose]();
    },
  };
}

describe("a schedule of reports", () => {
  test("issues the report of a month that has been over for three days, once, and has it sealed", async () => {
    await using its = await scheduled("2026-04-03T23:59:59Z");
    await its.state();
    const scheduler = its.scheduler();
    await scheduler.look();
    // The month before is the last that was over for three days when the schedule was first seen.
    expect(await its.issued()).toEqual(["2026-02 UTC by schedule"]);
    its.time.set("2026-04-04T00:00:00Z");
    await scheduler.look();
    await scheduler.look();
    await its.scheduler().look();
    expect(await its.issued()).toEqual(["2026-02 UTC by schedule", "2026-03 UTC by schedule"]);
    expect(its.sealedAfter).toEqual([2, 3]);
    expect(its.failures).toEqual([]);
  });

  test("issues at the start what was missed, each month by itself", async () => {
    await using its = await scheduled("2026-02-10T00:00:00Z");
    await its.state();
    await its.scheduler().look();
    its.time.set("2026-05-10T00:00:00Z");
    await its.state("NodeFailed", { node: "n1", faultId: "f", category: "hardware" });
    await its.scheduler().look();
    expect((await its.issued()).map((text) => text.slice(0, 7))).toEqual([
      "2026-01",
      "2026-02",
      "2026-03",
      "2026-04",
    ]);
  });

  test("waits until ledger time has passed the end of the period: no report is of a part of it", async () => {
    await using its = await scheduled("2026-04-01T00:00:00Z");
    its.time.set("2026-03-31T23:00:00Z");
    await its.state();
    its.time.set("2026-04-20T00:00:00Z");
    const scheduler = its.scheduler();
    await scheduler.look();
    expect(await its.issued()).toEqual([]);
    await its.state("NodeFailed", { node: "n1", faultId: "f", category: "hardware" });
    await scheduler.look();
    expect(await its.issued()).toEqual(["2026-03 UTC by schedule"]);
  });

  test("issues quarters, and weeks from Monday to Monday, in its own zone or the policy's", async () => {
    await using its = await scheduled("2026-04-20T12:00:00Z");
    await its.state();
    const zone = "America/Denver";
    await its
      .scheduler([
        { cluster: "alpha", period: "quarter", zone, afterMs: dayMs },
        { cluster: "alpha", period: "week", zone, afterMs: 0 },
      ])
      .look();
    expect(await its.issued()).toEqual([
      `2026-Q1 ${zone} by schedule`,
      `2026-04-13T06:00:00.000Z/2026-04-20T06:00:00.000Z ${zone} by schedule`,
    ]);
  });

  test("gives reports whose bytes can be reproduced", async () => {
    await using its = await scheduled("2026-04-10T00:00:00Z");
    await its.state();
    await its.scheduler().look();
    const [event] = await its.reports();
    if (event === undefined) throw new Error("nothing was issued");
    const issued = { event, data: event.data as DataOf<"ReportIssued"> };
    const { document } = await reissue(its.ledger, issued);
    expect(document.period).toMatchObject({ complete: true });
  });

  test("tells of a report that cannot be issued, and tries again a quarter of an hour later", async () => {
    await using its = await scheduled("2026-04-10T00:00:00Z");
    await its.state();
    const scheduler = its.scheduler([{ ...monthly, cluster: "beta" }]);
    await scheduler.look();
    expect(its.raised).toEqual([
      {
        notice: "report.failed",
        cluster: "beta",
        key: "beta 2026-03",
        at: Date.parse("2026-04-10T00:00:00Z"),
        reason: expect.stringContaining("the report of beta for 2026-03 could not be issued"),
      },
    ]);
    await scheduler.look();
    expect(its.raised).toHaveLength(1);
    its.time.set("2026-04-10T00:15:00Z");
    await its.state("NodeCommissioned", { cluster: "beta", node: "b1" });
    await scheduler.look();
    expect(await its.issued()).toEqual(["2026-03 UTC by schedule"]);
  });

  test("is carried out by the process in charge alone", async () => {
    await using its = await scheduled("2026-04-10T00:00:00Z");
    await its.state();
    await its.scheduler([monthly], false).look();
    expect(await its.issued()).toEqual([]);
    expect(its.time.nextInMs).toBe(1_000);
  });
});

describe("the file of scheduled reports", () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  const read = (text: string) => {
    writeFileSync(folder.path("reports.json"), text);
    return readSchedules(folder.path("reports.json"));
  };

  test.each([
    ["P3D", 3 * dayMs],
    ["PT12H", dayMs / 2],
    ["P1DT6H", 1.25 * dayMs],
    ["P0D", 0],
  ])("takes %s as how long a period must be over", (after, afterMs) => {
    const entry = { cluster: "alpha", period: "month", after };
    expect(read(JSON.stringify([entry]))).toEqual([{ cluster: "alpha", period: "month", afterMs }]);
  });

  test.each(["3 days", "P", "PT", "P1M", "-P1D", ""])("refuses %j", (after) => {
    const entry = { cluster: "alpha", period: "month", after };
    expect(() => read(JSON.stringify([entry]))).toThrow("/0/after must be a duration");
  });

  test("refuses what is no JSON, and what is no list", () => {
    expect(() => read("[")).toThrow("is no JSON");
    expect(() => read("{}")).toThrow("must be of type array");
  });
});
