import { describe, expect, it } from "vitest";
import { queueAt, waitingDetail } from "../../projections/figures/queue/queue.ts";
import { maintenanceViolations } from "../../projections/figures/violations/maintenance.ts";
import { progressViolations } from "../../projections/figures/violations/progress.ts";
import { startViolations, wasSeen } from "../../projections/figures/violations/starts.ts";
import { compareViolations } from "../../projections/figures/violations/violation.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { DecisionView } from "../../projections/view.ts";
import { queueOf } from "../../src/simulate/books/queue.ts";
import { violationsOf } from "../../src/simulate/books/violations.ts";
import { Random } from "../../src/simulate/setting/prng.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { soakRuns } from "../random-runs.ts";
import { Replay } from "./deciding.ts";
import type { Simulation } from "./raw-events.ts";

function violationsIn(view: DecisionView, window: { from: number; to: number }) {
  return (
    [
      ...startViolations(view, window),
      ...progressViolations(view, window),
      ...maintenanceViolations(view, view, window),
    ]
      // Who has the leave of somebody with a role always gives a reason.
      .filter(({ isRightWithReason }) => !isRightWithReason)
      .sort(compareViolations)
      .map(({ kind, rollout, node, fact, nfzs }) => ({
        kind,
        rollout,
        node,
        at: formatInstant(fact.occurredAt),
        event: fact.id,
        nfzs,
        reported: fact.decision === undefined,
      }))
  );
}

function queueIn(view: DecisionView, at: number) {
  const { waiting, inFlight } = queueAt(view, at);
  const rows = waiting.map((each) => {
    const { rollout, since, nfzIds } = each.blocked;
    const { blockedMs, covered } = waitingDetail(each, at);
    return {
      rollout,
      since: formatInstant(since),
      nfzIds,
      nextStart: each.nextStart === null ? null : formatInstant(each.nextStart),
      blockedMs,
      covered: covered.map(({ nfz }) => nfz).sort(),
    };
  });
  const byStay = rows.sort((a, b) =>
    a.since === b.since ? (a.rollout < b.rollout ? -1 : 1) : a.since < b.since ? -1 : 1,
  );
  return { at: formatInstant(at), waiting: byStay, inFlight };
}

/** Instants of the simulation: anywhere, and where something happens. */
function instantsOf({ fromMs, endMs, seed, events }: Simulation): number[] {
  const random = new Random(seed, "instants of the queue");
  return Array.from({ length: 12 }, () => {
    if (random.chance(0.3)) return fromMs + 1 + random.below(endMs - fromMs);
    const about = random.chance(0.5) ? /^(Rollout|Nfz)/ : /^RolloutBlocked/;
    const [event] = random.sample(
      events.filter(({ type }) => about.test(type)),
      1,
    );
    const at = event === undefined ? fromMs + 1 : Date.parse(event.occurredAt);
    return at + random.pick([0, 1, 3_600_000]);
  });
}

/** Starts and resumes that the ledger decided inside a zone although it knew of it: there must be none. */
function knowinglyInside(replay: Replay, view: DecisionView, window: { from: number; to: number }) {
  return startViolations(view, window).flatMap(({ rollout, fact }) => {
    if (fact.decision === undefined || rollout === null) return [];
    counted.decided++;
    const seen = replay.view(view.cluster, fact.decision.sequence);
    const own = replay.view(view.cluster, fact.sequence).entity("rollout", rollout);
    return wasSeen(seen, own, fact) ? [fact.id] : [];
  });
}

/** What the two have counted, to show that there was something to compare. */
const counted = { violations: 0, waiting: 0, decided: 0 };

function compare(simulation: Simulation): void {
  const replay = new Replay(simulation);
  const { fromMs: from, endMs: to } = simulation;
  for (const truth of simulation.history.clusters) {
    const view = replay.view(truth.cluster, replay.raw.length);
    const violations = violationsOf(truth, { from, to });
    expect(violationsIn(view, { from, to }), truth.cluster).toEqual(violations);
    counted.violations += violations.length;
    expect(knowinglyInside(replay, view, { from, to })).toEqual([]);
    for (const at of instantsOf(simulation)) {
      const { inFlight, ...queue } = queueOf(truth, at);
      const ours = { ...queue, inFlight: inFlight.length };
      expect(queueIn(view, at), truth.cluster).toEqual(ours);
      counted.waiting += queue.waiting.length;
    }
  }
}

describe("the simulator's books about no-fly zones", () => {
  for (const [scenario, days, whole, sample, violationsPerSeed] of [
    ["quiet", 20, 40, 6, 0],
    ["stormy", 7, 160, 12, 1],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`have the violations and the queue of the folds, on ${count} seeds of "${scenario}"`, () => {
      counted.violations = 0;
      counted.waiting = 0;
      for (let seed = 1; seed <= count; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        compare(simulate({ scenario, days, seed, endMs }));
      }
      expect(counted.waiting).toBeGreaterThan(0);
      expect(counted.violations).toBeGreaterThanOrEqual(violationsPerSeed * count);
    });
  }
});
