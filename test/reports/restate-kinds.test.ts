/** What came late about each kind of entity, and what corrects it, is named as the cause of what it changed. */
import { describe, expect, test } from "vitest";
import { comparePositions } from "../../src/reports/restated/restate.ts";
import { corrected, retracted, uuid } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00.000Z`;

interface Fact {
  readonly type: string;
  readonly occurredAt: string;
  readonly data: Record<string, unknown>;
}

function fact(type: string, dayOfMonth: number, data: object): Fact {
  return { type, occurredAt: day(dayOfMonth), data: { cluster: "c1", ...data } };
}

const policy = {
  nisTarget: 0.95,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 172_800_000,
  noticeHours: 24,
  monthlyAllowanceNodeHours: 0,
  excludeUnknown: false,
  zone: "UTC",
};
const rollout = {
  rollout: "r1",
  targets: {},
  updates: [{ component: "driver", version: "1" }],
  impact: { kind: "impactless" },
  urgency: "routine",
};
const nfz = { nfz: "z1", occurrences: [{ from: day(5), to: day(9) }], inFlight: "finish" };

interface Kind {
  /** What the ledger has when the report is given. */
  readonly known: readonly Fact[];
  /** What comes late. */
  readonly late: Fact;
  /** Other data of the late fact, as a correction says them. */
  readonly otherwise: object;
  /** A figure that all of it changes. */
  readonly figure: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  job: {
    known: [
      fact("JobStarted", 3, { job: "j1", nodes: ["n[1-4]"] }),
      fact("JobFinished", 9, { job: "j1", outcome: "completed" }),
    ],
    late: fact("JobInterrupted", 5, { job: "j1", cause: { kind: "software" } }),
    otherwise: { job: "j1", cause: { kind: "user" } },
    figure: "jobUptime.contractual",
  },
  rollout: {
    known: [fact("RolloutSubmitted", 2, rollout)],
    late: fact("RolloutBlocked", 4, { rollout: "r1", nfzIds: ["z1"] }),
    otherwise: { rollout: "r2", nfzIds: ["z1"] },
    figure: "rollouts.blocked[r1]",
  },
  "no-fly zone": {
    known: [fact("NfzDeclared", 2, nfz)],
    late: fact("NfzExtended", 3, { nfz: "z1", occurrence: day(5), to: day(11) }),
    otherwise: { nfz: "z1", occurrence: day(5), to: day(12) },
    figure: "nfz[z1].occurrences[2026-01-05T00:00:00.000Z].to",
  },
  policy: {
    known: [fact("SlaPolicySet", 1, policy)],
    late: fact("SlaPolicySet", 1, { ...policy, nisTarget: 0.99 }),
    otherwise: { ...policy, nisTarget: 0.98 },
    figure: "policy.nisTarget",
  },
  node: {
    known: [],
    late: fact("NodeFailed", 5, { node: "n1", faultId: "f1", category: "hardware" }),
    otherwise: { node: "n2", faultId: "f1", category: "hardware" },
    figure: "nis.downNodeMs",
  },
};

describe.each(Object.entries(kinds))("for a %s,", (_, { known, late, otherwise, figure }) => {
  const head = [
    fact("NodeCommissioned", 1, { node: "n1" }),
    // The period is over, whatever comes late.
    fact("ClusterRegistered", 20, {}),
    ...known,
  ].map((each, i) => ({ id: uuid(i + 1), ...each }));
  // Of policies of one instant the greatest id holds.
  const lateId = uuid(100);
  const data = { cluster: "c1", ...otherwise };

  test.each([
    ["a late fact is", [], { id: lateId, ...late }],
    ["a correction is", [{ id: lateId, ...late }], corrected(200, lateId, { data })],
    ["a retraction is", [{ id: lateId, ...late }], retracted(200, lateId)],
  ])("%s named as what changed the figures", async (__, before, cause) => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const results = [...(await ledger.submit([...head, ...before]))];
    // By itself: what one request says of one stream stands together.
    results.push(...(await ledger.submit([cause])));
    expect(results.map(({ status }) => status)).not.toContain("refused");
    const to = results.length;
    await ledger.waitFor(to, 600_000);
    const compared = { cluster: "c1", period: "2026-01", zone: "UTC", from: to - 1, to };
    const { differences, events } = await comparePositions(ledger, compared);
    expect(events.map(({ sequence }) => sequence)).toEqual([to]);
    expect(differences.map((each) => each.figure)).toContain(figure);
    for (const each of differences) {
      expect(each, each.figure).toMatchObject({ sequences: [to], byLedgerTime: false });
    }
  });
});
