import { describe, expect, test } from "vitest";
import { comparePositions } from "../../src/audit/restate.ts";
import { corrected, failed, uuid } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const commissioned = {
  id: uuid(100),
  type: "NodeCommissioned",
  occurredAt: "2026-01-01T00:00:00Z",
  data: { cluster: "c1", node: "n1" },
};

describe("the comparison of two positions of a period that was not over", () => {
  test("tells what events changed from what came with the moved end", async () => {
    await using place = temporaryLedger();
    let nowMs = Date.parse("2026-01-10T00:00:00Z");
    const ledger = await place.open({ clock: { nowMs: () => nowMs } });
    await ledger.submit([commissioned]);
    await ledger.submit([failed(1, "n1", { occurredAt: "2026-01-05T00:00:00Z" })]);
    nowMs = Date.parse("2026-01-12T00:00:00Z");
    const earlier = { occurredAt: "2026-01-04T00:00:00Z" };
    await ledger.submit([corrected(2, uuid(1), earlier)]);
    await ledger.submit([{ ...commissioned, id: uuid(101), data: { cluster: "c2", node: "n1" } }]);
    await ledger.waitFor(4, 5_000);
    const compared = { cluster: "c1", period: "2026-01", zone: "UTC", from: 2, to: 4 };
    const { differences, events, complete } = await comparePositions(ledger, compared);
    expect(complete).toBe(true);
    expect(events.map(({ sequence }) => sequence)).toEqual([3]);
    const of = (figure: string) => differences.find((each) => each.figure === figure);
    expect(of("period.to")).toMatchObject({ sequences: [], byPeriodEnd: true });
    expect(of("nis.memberNodeMs")).toMatchObject({ sequences: [], byPeriodEnd: true });
    expect(of("mttr.open[f1,n1].since")).toMatchObject({ sequences: [3], byPeriodEnd: false });
    expect(of("nis.downNodeMs")).toMatchObject({ sequences: [3], byPeriodEnd: true });
  });

  test("has no report before the period began, and all of it after", async () => {
    await using place = temporaryLedger();
    let nowMs = Date.parse("2026-01-10T00:00:00Z");
    const ledger = await place.open({ clock: { nowMs: () => nowMs } });
    await ledger.submit([commissioned]);
    nowMs = Date.parse("2026-02-02T00:00:00Z");
    await ledger.submit([failed(1, "n1", { occurredAt: "2026-01-05T00:00:00Z" })]);
    await ledger.waitFor(2, 5_000);
    const compared = { cluster: "c1", period: "2026-02", zone: "UTC", from: 1, to: 2 };
    const { before, after, differences } = await comparePositions(ledger, compared);
    expect(before).toBeNull();
    expect(after).not.toBeNull();
    expect(differences.every(({ byPeriodEnd }) => byPeriodEnd)).toBe(true);
  });
});
