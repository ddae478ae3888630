import { describe, expect, it } from "vitest";
import { hour, idOf, historyOf, inHours, policyData, reportOf } from "./hand-written.ts";
import type { Line } from "./hand-written.ts";
import { expandNodes } from "./facts/hostlist.ts";
import { OracleRefusal } from "./facts/oracle-event.ts";
import { firstInstantShowing, monthContaining, wholePeriod } from "./facts/period.ts";
import { decimal, fraction, ninthDecimal, roundHalfUp } from "./facts/rational.ts";
import { oracleSlaDocument } from "./sla-oracle.ts";

describe("the oracle on rollouts and no-fly zones", () => {
  const declared = (nfz: string, ...hours: [number, number][]): Line => [
    "NfzDeclared",
    0,
    {
      nfz,
      inFlight: "finish",
      occurrences: hours.map(([from, to]) => ({ from: hour(from), to: hour(to) })),
    },
  ];
  const blocked = (at: number, ...nfzIds: string[]): Line => [
    "RolloutBlocked",
    at,
    { rollout: "r", nfzIds },
  ];

  it("expects the release when the last of a chain of no-fly zones is over", () => {
    const lines = [
      declared("a", [5, 12]),
      declared("b", [11, 15], [20, 30]),
      blocked(6, "a"),
      blocked(7, "a", "b"),
    ];
    const { rollouts } = reportOf(lines, 0, 10);
    expect(rollouts).toEqual({
      blocked: [
        {
          rollout: "r",
          since: hour(6),
          ageMs: inHours(4),
          nfzIds: ["a", "b"],
          nextRelease: hour(15),
          releaseOverdue: false,
          nodesDone: null,
          nodesTotal: null,
        },
      ],
      blockedMs: inHours(4),
      refusals: 2,
      overrides: 0,
    });
  });

  it("says that a release is overdue once the no-fly zone is lifted", () => {
    const lines: Line[] = [declared("a", [5, 12]), blocked(6, "a"), ["NfzLifted", 8, { nfz: "a" }]];
    const { rollouts, nfz, dataQuality } = reportOf(lines, 0, 10);
    expect(rollouts.blocked).toMatchObject([{ nextRelease: hour(10), releaseOverdue: true }]);
    expect(dataQuality.findings).toEqual({ "release-overdue": 1 });
    expect(nfz).toEqual([{ nfz: "a", occurrences: [{ from: hour(5), to: hour(8) }] }]);
  });

  it("shows changes after the window's end in the calendar, but not in the queue", () => {
    const lines: Line[] = [
      declared("a", [5, 12]),
      blocked(6, "a"),
      ["NfzLifted", 10, { nfz: "a" }],
    ];
    const { rollouts, nfz } = reportOf(lines, 0, 10);
    expect(rollouts.blocked).toMatchObject([{ nextRelease: hour(12), releaseOverdue: false }]);
    expect(nfz).toEqual([{ nfz: "a", occurrences: [{ from: hour(5), to: hour(10) }] }]);
  });
});

describe("the oracle on corrections", () => {
  const member: Line = ["NodeCommissioned", 0, { node: "n" }];
  const failure: Line = ["NodeFailed", 2, { node: "n", faultId: "f", category: "unknown" }];

  it("restores a retracted fact when the retraction is retracted", () => {
    const retraction: Line = ["FactRetracted", 5, { eventId: idOf(2) }];
    const again: Line = ["FactRetracted", 6, { eventId: idOf(3) }];
    expect(reportOf([member, failure, retraction], 0, 10).nis.raw).toBe(1);
    expect(reportOf([member, failure, retraction, again], 0, 10).nis.raw).toBe(0.2);
  });

  it("takes each field from the last correction that states it", () => {
    const moved: Line = ["FactCorrected", 5, { eventId: idOf(2), occurredAt: hour(4) }];
    const { cluster, ...other } = { cluster: "c", node: "n", faultId: "g", category: "human" };
    const renamed: Line = ["FactCorrected", 6, { eventId: idOf(2), data: { cluster, ...other } }];
    expect(reportOf([member, failure, moved, renamed], 0, 10).mttr.open).toMatchObject([
      { faultId: "g", since: hour(4) },
    ]);
  });

  it("answers as of an earlier sequence", () => {
    const events = historyOf([member, failure, ["FactRetracted", 20, { eventId: idOf(2) }]]);
    const request = { cluster: "c", period: `${hour(0)}/${hour(2)}` };
    expect(oracleSlaDocument(events, { ...request, asOf: 2 }).mttr.faultsOpened).toBe(0);
    const wider = { cluster: "c", period: `${hour(0)}/${hour(8)}` };
    const asOf = oracleSlaDocument(events, { ...wider, asOf: 2 });
    expect(asOf.period).toMatchObject({ complete: false, to: hour(2) });
    expect(oracleSlaDocument(events, wider).mttr.faultsOpened).toBe(0);
    expect(() => oracleSlaDocument(events, { ...wider, asOf: 4 })).toThrow(OracleRefusal);
  });
});

describe("the oracle on periods and policies", () => {
  it("has days of 23 and 25 hours, and refuses a day that a zone skipped", () => {
    const length = (label: string, zone: string): number => {
      const { from, to } = wholePeriod(label, zone);
      return to - from;
    };
    expect(length("2026-03-29", "Europe/Berlin")).toBe(inHours(23));
    expect(length("2026-11-01", "America/Denver")).toBe(inHours(25));
    expect(() => wholePeriod("2011-12-30", "Pacific/Apia")).toThrow(OracleRefusal);
    expect(() => wholePeriod("2026-03", "Mars/Olympus")).toThrow(OracleRefusal);
  });

  it("begins a day without a midnight at its first existing instant, and one with two midnights at the first", () => {
    const skipped = firstInstantShowing(Date.UTC(2018, 10, 4), "America/Sao_Paulo");
    expect(new Date(skipped).toISOString()).toBe("2018-11-04T03:00:00.000Z");
    const twice = firstInstantShowing(Date.UTC(2015, 10, 1), "America/Havana");
    expect(new Date(twice).toISOString()).toBe("2015-11-01T04:00:00.000Z");
    expect(monthContaining(twice, "America/Havana").from).toBe(twice);
  });

  it("takes the targets at the window's start, and lists those set within the window", () => {
    const lines: Line[] = [
      ["SlaPolicySet", -5, policyData({ nisTarget: 0.5 })],
      ["SlaPolicySet", 3, policyData({ nisTarget: 0.7, zone: "Asia/Kolkata" })],
    ];
    const { policy, policyChanges, period } = reportOf(lines, 0, 10);
    expect(policy).toMatchObject({ nisTarget: 0.5, eventId: idOf(1) });
    expect(policyChanges).toEqual([{ eventId: idOf(2), at: hour(3), recordedAt: hour(3) }]);
    expect(period.zone).toBe("UTC");
  });
});

describe("the oracle's numbers", () => {
  it("are read from decimal digits exactly, and rounded half up", () => {
    expect(decimal(0.95)).toEqual({ numerator: 19n, denominator: 20n });
    expect(decimal(1e-7)).toEqual({ numerator: 1n, denominator: 10_000_000n });
    expect(roundHalfUp(fraction(5n, 2n))).toBe(3n);
    expect(roundHalfUp(fraction(-5n, 2n))).toBe(-2n);
    expect(ninthDecimal(fraction(2n, 3n))).toBe(0.666666667);
    expect(ninthDecimal(fraction(1n, 2_000_000_000n))).toBe(1e-9);
  });

  it("include the sizes of hostlists, expanded to sets", () => {
    expect([...expandNodes(["gpu[0001-0003,0200]", "gpu0001"])]).toEqual([
      "gpu0001",
      "gpu0002",
      "gpu0003",
      "gpu0200",
    ]);
    expect([...expandNodes(["r[1-2]n[08-10]"])]).toHaveLength(6);
    expect([...expandNodes(["a[1-2]b"])]).toEqual(["a1b", "a2b"]);
  });
});
