import { describe, expect, test, vi } from "vitest";
import { comparePositions } from "../../src/reports/restated/restate.ts";
import { corrected, failed, returned, uuid } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const commissioned = {
  id: uuid(100),
  type: "NodeCommissioned",
  occurredAt: "2026-01-01T00:00:00Z",
  data: { cluster: "c1", node: "n1" },
};

describe("comparing two positions of an unfinished period", () => {
  test("distinguishes changes by events from changes by the later end", async () => {
    await using temporary = temporaryLedger();
    let nowMs = Date.parse("2026-01-10T00:00:00Z");
    const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
    await ledger.submit([commissioned]);
    await ledger.submit([failed(1, "n1", { occurredAt: "2026-01-05T00:00:00Z" })]);
    nowMs = Date.parse("2026-01-12T00:00:00Z");
    const earlier = { occurredAt: "2026-01-04T00:00:00Z" };
    await ledger.submit([corrected(2, uuid(1), earlier)]);
    await ledger.submit([{ ...commissioned, id: uuid(101), data: { cluster: "c2", node: "n1" } }]);
    await ledger.waitFor(4, 600_000);
    const compared = { cluster: "c1", period: "2026-01", zone: "UTC", from: 2, to: 4 };
    const { differences, events, complete } = await comparePositions(ledger, compared);
    expect(complete).toBe(true);
    expect(events.map(({ sequence }) => sequence)).toEqual([3]);
    const of = (figure: string) => differences.find((each) => each.figure === figure);
    expect(of("period.to")).toMatchObject({ sequences: [], byLedgerTime: true });
    expect(of("nis.memberNodeMs")).toMatchObject({ sequences: [], byLedgerTime: true });
    expect(of("mttr.open[f1,n1].since")).toMatchObject({ sequences: [3], byLedgerTime: false });
    expect(of("nis.downNodeMs")).toMatchObject({ sequences: [3], byLedgerTime: true });
  });

  test("names the events that happened since, within the time that the later end added", async () => {
    await using temporary = temporaryLedger();
    let nowMs = Date.parse("2026-01-10T00:00:00Z");
    const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
    await ledger.submit([commissioned]);
    nowMs = Date.parse("2026-01-12T00:00:00Z");
    await ledger.submit([failed(1, "n1", { occurredAt: "2026-01-11T00:00:00Z" })]);
    await ledger.submit([returned(2, 1, "2026-01-11T01:00:00Z")]);
    await ledger.waitFor(3, 600_000);
    const compared = { cluster: "c1", period: "2026-01", zone: "UTC", from: 1, to: 3 };
    const { differences, complete } = await comparePositions(ledger, compared);
    expect(complete).toBe(true);
    const of = (figure: string) => differences.find((each) => each.figure === figure);
    expect(of("period.to")).toMatchObject({ sequences: [], byLedgerTime: true });
    expect(of("mttr.faultsOpened")).toMatchObject({ sequences: [2], byLedgerTime: false });
    expect(of("mttr.meanMs")).toMatchObject({ sequences: [3], byLedgerTime: false });
    expect(of(`evidence.faults[${uuid(1)}]`)).toMatchObject({ sequences: [2] });
    expect(of("nis.downNodeMs")).toMatchObject({ sequences: [2, 3], byLedgerTime: false });
    expect(of("nis.memberNodeMs")).toMatchObject({ sequences: [], byLedgerTime: true });
  });

  test("gives no report before the period began; of the later report, it says what time made and what events changed", async () => {
    await using temporary = temporaryLedger();
    let nowMs = Date.parse("2026-01-10T00:00:00Z");
    const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
    await ledger.submit([commissioned]);
    nowMs = Date.parse("2026-02-02T00:00:00Z");
    await ledger.submit([failed(1, "n1", { occurredAt: "2026-01-05T00:00:00Z" })]);
    await ledger.waitFor(2, 600_000);
    const compared = { cluster: "c1", period: "2026-02", zone: "UTC", from: 1, to: 2 };
    const { before, after, differences } = await comparePositions(ledger, compared);
    expect(before).toBeNull();
    expect(after).not.toBeNull();
    const of = (figure: string) => differences.find((each) => each.figure === figure);
    expect(of("nis.memberNodeMs")).toMatchObject({ sequences: [], byLedgerTime: true });
    expect(of("nis.downNodeMs")).toMatchObject({ sequences: [2], byLedgerTime: true });
    expect(of("mttr.open[f1,n1]")).toMatchObject({ sequences: [2], byLedgerTime: false });
  });
});

describe("comparing two positions", () => {
  test("computes the document of each position once, and that of the earlier one at both ledger times", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([commissioned]);
    for (let n = 1; n <= 4; n++)
      await ledger.submit([failed(n, "n1", { occurredAt: `2026-01-0${n}T00:00:00Z` })]);
    await ledger.waitFor(5, 600_000);
    const asked = vi.spyOn(ledger, "answerInSteps");
    const compared = { cluster: "c1", period: "2026-01", zone: "UTC", from: 1, to: 5 };
    const { documents } = await comparePositions(ledger, compared);
    const sequences = asked.mock.calls.map(([, sequence]) => sequence);
    expect(sequences.sort((a, b) => a - b)).toEqual([1, 1, 2, 3, 4, 5]);
    expect(documents).toBe(5);
  });
});

describe("comparing two positions of a cluster that did not exist at the first one", () => {
  test("names the events that made up its figures", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([{ ...commissioned, data: { cluster: "c2", node: "n1" } }]);
    await ledger.submit([{ ...commissioned, id: uuid(101) }]);
    await ledger.submit([failed(1, "n1", { occurredAt: "2026-01-05T00:00:00Z" })]);
    await ledger.waitFor(3, 600_000);
    const compared = { cluster: "c1", period: "2026-01", zone: "UTC", from: 1, to: 3 };
    const { before, differences, events } = await comparePositions(ledger, compared);
    expect(before).toBeNull();
    expect(events.map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(differences.filter(({ sequences }) => sequences.length === 0)).toEqual([]);
    expect(differences.some(({ byLedgerTime }) => byLedgerTime)).toBe(false);
    const down = differences.find(({ figure }) => figure === "nis.downNodeMs");
    expect(down).toMatchObject({ sequences: [2, 3] });
  });
});

describe("comparing two positions of a finished period", () => {
  test("names what ledger time alone has changed: the month's allowance goes to the interval that began first", async () => {
    await using temporary = temporaryLedger();
    let nowMs = Date.parse("2026-01-01T00:00:00Z");
    const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
    let n = 0;
    const fact = (type: string, occurredAt: string, data: object) =>
      ledger.submit([{ id: uuid(++n), type, occurredAt, data: { cluster: "c1", ...data } }]);
    const targets = { nisTarget: 0.95, jobUptimeTarget: 0.9, mttrTargetMs: 172_800_000 };
    const exclusions = { noticeHours: 24, monthlyAllowanceNodeHours: 48, excludeUnknown: false };
    const first = "2026-01-01T00:00:00Z";
    await fact("SlaPolicySet", first, { ...targets, ...exclusions, zone: "UTC" });
    const plan = { plannedFrom: "2026-01-05T00:00:00Z", plannedTo: "2026-01-09T00:00:00Z" };
    for (const node of ["n1", "n2"]) {
      await fact("NodeCommissioned", first, { node });
      await fact("NodeMaintenanceAnnounced", first, { node, maintenanceId: node, ...plan });
    }
    const [n1, n2] = ["n1", "n2"].map((node) => ({ node, maintenanceId: node }));
    nowMs = Date.parse("2026-01-06T12:00:00Z");
    await fact("NodeMaintenanceStarted", "2026-01-05T00:00:00Z", n1 ?? {});
    await fact("NodeMaintenanceStarted", "2026-01-06T00:00:00Z", n2 ?? {});
    // Of another cluster: nothing of it but the time that it was recorded at matters.
    nowMs = Date.parse("2026-01-07T00:00:00Z");
    await fact("NodeCommissioned", first, { cluster: "c2", node: "n1" });
    await ledger.waitFor(8, 600_000);
    const period = "2026-01-06T00:00:00Z/2026-01-06T12:00:00Z";
    const compared = { cluster: "c1", zone: "UTC", period, from: 7, to: 8 };
    const { before, after, differences, events, candidates } = await comparePositions(
      ledger,
      compared,
    );
    expect(before?.period).toEqual(after?.period);
    expect({ events, candidates }).toEqual({ events: [], candidates: 0 });
    const hourMs = 3_600_000;
    expect(differences.find(({ figure }) => figure === "nis.excludedNodeMs")).toMatchObject({
      before: 24 * hourMs,
      after: 12 * hourMs,
      byLedgerTime: true,
    });
    expect(differences.every(({ byLedgerTime }) => byLedgerTime)).toBe(true);
  });
});
