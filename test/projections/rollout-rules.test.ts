import { describe, expect, it } from "vitest";
import type { DataOf } from "../../src/events/catalogue.ts";
import { History, hour, hourMs, iso } from "./history.ts";

const rollout = "r";
const submitted: Omit<DataOf<"RolloutSubmitted">, "cluster"> = {
  rollout,
  updates: [],
  impact: { kind: "impactless" },
  urgency: "routine",
};

function declare(history: History, nfz: string, ...occurrences: [number, number][]): void {
  history.add("NfzDeclared", 0, {
    nfz,
    occurrences: occurrences.map(([from, to]) => ({ from: iso(hour(from)), to: iso(hour(to)) })),
    inFlight: "finish",
  });
}

function refuse(history: History, hours: number, ...nfzIds: string[]): void {
  history.add("RolloutBlocked", hours, { rollout, nfzIds });
}

function findings(history: History): Record<string, number> {
  return history.report(-1, 50).dataQuality.findings;
}

describe("the blocked queue", () => {
  it("keeps a rollout from its first refusal; a further refusal renews the zones and not the time", () => {
    const history = new History();
    declare(history, "x", [0, 10]);
    declare(history, "y", [5, 20]);
    history.add("RolloutSubmitted", 1, submitted);
    refuse(history, 2, "x");
    refuse(history, 6, "x", "y");
    history.reach(50);
    const { rollouts } = history.report(0, 8);
    expect(rollouts.blocked).toMatchObject([
      {
        rollout,
        since: iso(hour(2)),
        ageMs: 6 * hourMs,
        nfzIds: ["x", "y"],
        nextRelease: iso(hour(20)),
        releaseOverdue: false,
        nodesDone: null,
        nodesTotal: null,
      },
    ]);
    expect(rollouts.refusals).toBe(2);
    expect(rollouts.blockedMs).toBe(6 * hourMs);
    expect(history.report(3, 5).rollouts.blockedMs).toBe(2 * hourMs);
  });

  it("sees only facts before the instant, so the end of a window is not in it", () => {
    const history = new History();
    declare(history, "x", [0, 10]);
    refuse(history, 5, "x");
    history.add("RolloutUnblocked", 7, { rollout });
    history.reach(50);
    expect(history.report(0, 5).rollouts.blocked).toHaveLength(0);
    expect(history.report(0, 7).rollouts.blocked).toHaveLength(1);
    expect(history.report(0, 7 + 1 / hourMs).rollouts.blocked).toHaveLength(0);
  });

  it("shows an overdue release: the zones have ended and nobody has released the rollout", () => {
    const history = new History();
    declare(history, "x", [0, 10]);
    refuse(history, 5, "x", "undeclared");
    history.reach(50);
    expect(history.report(0, 10).rollouts.blocked).toMatchObject([
      { nextRelease: iso(hour(10)), releaseOverdue: false },
    ]);
    const later = history.report(0, 11);
    expect(later.rollouts.blocked).toMatchObject([
      { nextRelease: iso(hour(11)), releaseOverdue: true },
    ]);
    expect(later.dataQuality.findings).toEqual({ "release-overdue": 1 });
  });

  it("starts anew after a release, and shows progress", () => {
    const history = new History();
    declare(history, "x", [0, 100]);
    refuse(history, 1, "x");
    history.add("RolloutStarted", 2, { rollout });
    history.add("RolloutProgressed", 3, { rollout, nodesDone: 3, nodesTotal: 9 });
    refuse(history, 4, "x");
    history.reach(50);
    expect(history.report(0, 6).rollouts.blocked).toMatchObject([
      { since: iso(hour(4)), nodesDone: 3, nodesTotal: 9 },
    ]);
    expect(history.report(0, 6).rollouts.blockedMs).toBe(3 * hourMs);
    expect(history.report(0, 6).rollouts.blockedByRollout).toEqual([
      { rollout, blockedMs: 3 * hourMs },
    ]);
  });

  it("accepts every refusal and override at one instant, and other types once", () => {
    const history = new History();
    declare(history, "x", [0, 10]);
    refuse(history, 1, "x");
    refuse(history, 1, "y");
    for (let i = 0; i < 2; i++) {
      history.add("RolloutOverrideGranted", 1, {
        rollout,
        role: "chief",
        nfzIds: [],
        expiresAt: iso(hour(9)),
      });
      history.add("RolloutProgressed", 1, { rollout, nodesDone: i, nodesTotal: 2 });
    }
    history.reach(50);
    const { rollouts, dataQuality } = history.report(0, 5);
    expect(rollouts.refusals).toBe(2);
    expect(rollouts.overrides).toBe(2);
    expect(rollouts.blocked).toMatchObject([{ nfzIds: ["y"], nodesDone: 0 }]);
    expect(dataQuality.findings).toEqual({ "release-overdue": 1, "rollout-does-not-fit": 1 });
  });

  it("ignores facts after a terminal event, and the release of a rollout that is not blocked", () => {
    const history = new History();
    history.add("RolloutUnblocked", 1, { rollout });
    history.add("RolloutSubmitted", 2, submitted);
    history.add("RolloutSubmitted", 3, submitted);
    history.add("RolloutCancelled", 4, { rollout });
    refuse(history, 5, "x");
    history.reach(50);
    expect(findings(history)).toEqual({ "rollout-does-not-fit": 3 });
    expect(history.report(0, 10).rollouts.refusals).toBe(0);
  });
});

describe("a no-fly zone", () => {
  it("is lifted: the running occurrence ends; cancelled: the later ones are dropped too", () => {
    const history = new History();
    declare(history, "x", [1, 5], [10, 15], [20, 25]);
    declare(history, "y", [1, 5], [10, 15]);
    history.add("NfzLifted", 3, { nfz: "x" });
    history.add("NfzCancelled", 11, { nfz: "x" });
    history.add("NfzCancelled", 0.5, { nfz: "y" });
    history.reach(50);
    expect(history.report(0, 30).nfz).toEqual([
      {
        nfz: "x",
        occurrences: [
          { from: iso(hour(1)), to: iso(hour(3)) },
          { from: iso(hour(10)), to: iso(hour(11)) },
        ],
      },
    ]);
  });

  it("shows each occurrence that touches the window completely, after all changes", () => {
    const history = new History();
    declare(history, "x", [1, 5], [10, 15]);
    history.add("NfzExtended", 30, { nfz: "x", occurrence: iso(hour(1)), to: iso(hour(6)) });
    history.add("NfzShortened", 31, { nfz: "x", occurrence: iso(hour(10)), to: iso(hour(12)) });
    history.reach(50);
    expect(history.report(5, 7).nfz).toEqual([
      { nfz: "x", occurrences: [{ from: iso(hour(1)), to: iso(hour(6)) }] },
    ]);
    expect(history.report(12, 14).nfz).toEqual([]);
  });

  it("holds rollouts by what was known before the window's end", () => {
    const history = new History();
    declare(history, "x", [1, 5]);
    refuse(history, 2, "x");
    history.add("NfzExtended", 4, { nfz: "x", occurrence: iso(hour(1)), to: iso(hour(9)) });
    history.reach(50);
    expect(history.report(0, 4).rollouts.blocked[0]?.nextRelease).toBe(iso(hour(5)));
    expect(history.report(0, 4.5).rollouts.blocked[0]?.nextRelease).toBe(iso(hour(9)));
  });

  it("accepts only what fits: one declaration, and changes of existing occurrences", () => {
    const history = new History();
    declare(history, "x", [1, 5]);
    declare(history, "x", [1, 5]);
    history.add("NfzExtended", 2, { nfz: "x", occurrence: iso(hour(2)), to: iso(hour(9)) });
    history.add("NfzLifted", 6, { nfz: "x" });
    history.add("NfzCancelled", 6, { nfz: "x" });
    history.add("NfzLifted", 6, { nfz: "never" });
    history.reach(50);
    expect(findings(history)).toEqual({ "nfz-does-not-fit": 5 });
  });
});
