import { describe, expect, it } from "vitest";
import { hour, idOf, inHours, policyData, reportOf } from "./hand-written.ts";
import type { Line } from "./hand-written.ts";

const MINUTES = 1 / 60;
const member: Line = ["NodeCommissioned", 0, { node: "n" }];
const failed = (at: number, faultId: string): Line => [
  "NodeFailed",
  at,
  { node: "n", faultId, category: "hardware" },
];
const returned = (at: number, ...faultIds: string[]): Line => [
  "NodeReturned",
  at,
  { node: "n", faultIds },
];

describe("the oracle on faults", () => {
  it("ends a fault at its failure when the return is up to five minutes early, with a finding", () => {
    const { mttr, dataQuality } = reportOf(
      [member, failed(1, "f"), returned(1 - 5 * MINUTES, "f")],
      0,
      10,
    );
    expect(mttr).toMatchObject({ faultsOpened: 1, faultsClosed: 1, meanMs: 0, open: [] });
    expect(dataQuality.findings).toEqual({ "return-before-failure": 1 });
  });

  it("leaves a fault open when the return is earlier than that", () => {
    const early = returned(1 - 5 * MINUTES - 1 / 3_600_000, "f");
    const { mttr, dataQuality } = reportOf([member, failed(1, "f"), early], 0, 10);
    expect(mttr.open).toEqual([
      { faultId: "f", node: "n", since: hour(1), ageMs: inHours(9), overTarget: false },
    ]);
    expect(dataQuality.findings).toEqual({ "return-ends-nothing": 1 });
  });

  it("counts a fault from the commissioning and censors it at the decommissioning", () => {
    const { nis, mttr, dataQuality } = reportOf(
      [
        ["NodeCommissioned", 2, { node: "n" }],
        failed(1, "f"),
        ["NodeDecommissioned", 6, { node: "n" }],
        returned(8, "f"),
      ],
      0,
      10,
    );
    expect(nis).toMatchObject({ memberNodeMs: inHours(4), downNodeMs: inHours(4), raw: 0 });
    expect(mttr).toMatchObject({ faultsOpened: 1, faultsClosed: 0, meanMs: null, met: null });
    expect(mttr.censored).toEqual([{ faultId: "f", node: "n", since: hour(2), until: hour(6) }]);
    expect(dataQuality.findings).toEqual({ "not-a-member": 1 });
  });

  it("takes a return at the exact instant of the decommissioning as a repair", () => {
    const { mttr } = reportOf(
      [member, failed(1, "f"), ["NodeDecommissioned", 6, { node: "n" }], returned(6, "f")],
      0,
      10,
    );
    expect(mttr).toMatchObject({ faultsClosed: 1, meanMs: inHours(5), censored: [] });
  });

  it("computes the restricted mean with open faults, and the plain mean without them", () => {
    // Durations 2, 4 and open at 8: 2 x 1 + 2 x 2/3 + 4 x 1/3 = 14/3 hours.
    const { mttr } = reportOf(
      [member, failed(0, "a"), returned(2, "a"), failed(0, "b"), returned(4, "b"), failed(0, "c")],
      0,
      8,
    );
    expect(mttr).toMatchObject({
      meanMs: inHours(3),
      medianMs: inHours(3),
      p90Ms: inHours(3.8),
      restrictedMeanMs: 16_800_000,
      restrictedToMs: inHours(8),
      byCause: { hardware: { closed: 2, meanMs: inHours(3) } },
      byComponent: { unknown: { closed: 2, meanMs: inHours(3) } },
    });
  });

  it("counts a return at the window's end only in the next window", () => {
    const lines = [member, failed(1, "f"), returned(5, "f")];
    expect(reportOf(lines, 0, 5).mttr).toMatchObject({ faultsClosed: 0, open: [{ faultId: "f" }] });
    expect(reportOf(lines, 5, 9).mttr).toMatchObject({ faultsClosed: 1, faultsOpened: 0 });
  });
});

describe("the oracle on facts at one instant", () => {
  it("applies them in the order that fits: a member leaves and comes back", () => {
    const { nis, dataQuality } = reportOf(
      [member, ["NodeCommissioned", 5, { node: "n" }], ["NodeDecommissioned", 5, { node: "n" }]],
      0,
      10,
    );
    expect(nis.memberNodeMs).toBe(inHours(10));
    expect(dataQuality.findings).toEqual({});
  });

  it("applies each type once: the second commissioning is a finding", () => {
    const { dataQuality } = reportOf([member, member], 0, 10);
    expect(dataQuality.findings).toEqual({ "membership-does-not-fit": 1 });
  });
});

describe("the oracle on exclusions", () => {
  const announcedFor = (
    maintenanceId: string,
    from: number,
    to: number,
    recorded: number,
  ): Line => [
    "NodeMaintenanceAnnounced",
    recorded,
    { node: "n", maintenanceId, plannedFrom: hour(from), plannedTo: hour(to) },
  ];
  const maintained = (maintenanceId: string, from: number, to: number): Line[] => [
    ["NodeMaintenanceStarted", from, { node: "n", maintenanceId }],
    ["NodeMaintenanceEnded", to, { node: "n", maintenanceId }],
  ];
  const policy = (hours: number): Line => [
    "SlaPolicySet",
    0,
    policyData({ noticeHours: 2, monthlyAllowanceNodeHours: hours }),
  ];

  it("excludes neither an overrun nor anything announced late", () => {
    const { nis } = reportOf(
      [
        policy(100),
        member,
        announcedFor("in-time", 10, 12, 8),
        ...maintained("in-time", 10, 15),
        announcedFor("late", 20, 22, 18.5),
        ...maintained("late", 20, 22),
      ],
      0,
      30,
    );
    expect(nis.exclusions).toMatchObject([{ maintenanceId: "in-time", ms: inHours(2) }]);
    expect(nis.announcedLate).toEqual([
      { node: "n", maintenanceId: "late", ms: inHours(2), eventIds: [idOf(6), idOf(7), idOf(8)] },
    ]);
  });

  it("excludes down time inside the planned window if the policy says so", () => {
    const excluded = [true, false].map((excludeDownInMaintenance) => {
      const terms = { noticeHours: 2, monthlyAllowanceNodeHours: 100, excludeDownInMaintenance };
      const { nis } = reportOf(
        [
          ["SlaPolicySet", 0, policyData(terms)],
          member,
          announcedFor("a", 10, 14, 1),
          ...maintained("a", 10, 15),
          ["NodeFailed", 11, { node: "n", faultId: "f", category: "unknown" }],
          ["NodeReturned", 12, { node: "n", faultIds: ["f"] }],
        ],
        0,
        30,
      );
      return nis.excludedNodeMs;
    });
    expect(excluded).toEqual([inHours(4), inHours(3)]);
  });

  it("uses the allowance in order of the intervals' starts, including intervals outside the window", () => {
    const { nis } = reportOf(
      [
        policy(5),
        member,
        announcedFor("a", 10, 14, 1),
        ...maintained("a", 10, 14),
        announcedFor("b", 20, 24, 1),
        ...maintained("b", 20, 24),
      ],
      12,
      30,
    );
    expect(nis.exclusions.map(({ maintenanceId, ms }) => [maintenanceId, ms])).toEqual([
      ["a", inHours(2)],
      ["b", inHours(1)],
    ]);
  });

  it("takes a corrected announcement as recorded with its correction, and lists the correction", () => {
    const lines: Line[] = [
      policy(100),
      member,
      announcedFor("a", 10, 14, 1),
      [
        "FactCorrected",
        8,
        {
          eventId: idOf(3),
          data: {
            cluster: "c",
            node: "n",
            maintenanceId: "a",
            plannedFrom: hour(10),
            plannedTo: hour(13),
          },
        },
      ],
      ...maintained("a", 10, 14),
    ];
    const { nis } = reportOf(lines, 0, 30);
    expect(nis.exclusions).toMatchObject([
      { ms: inHours(3), eventIds: [idOf(3), idOf(4), idOf(5), idOf(6)] },
    ]);
    const later = lines.map((line): Line =>
      line[0] === "FactCorrected" ? [line[0], 9, line[2]] : line,
    );
    expect(reportOf(later, 0, 30).nis).toMatchObject({
      exclusions: [],
      announcedLate: [{ ms: inHours(4) }],
    });
  });
});
