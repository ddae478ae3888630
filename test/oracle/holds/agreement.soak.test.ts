/** What holds nodes, what is overdue and what could be applied meanwhile, as answers tell it, against an independent reading. */
import { expect, test } from "vitest";
import { overdueAnswer } from "../../../src/answers/holds/overdue-maintenance.ts";
import { scaleHoldsAnswer, schedulableAnswer } from "../../../src/answers/holds/schedulable.ts";
import { pendingUpdatesAnswer } from "../../../src/answers/release-plan/pending-updates.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import { instantText } from "../facts/oracle-event.ts";
import { ledgerOf } from "../gate/answering.ts";
import { Holds } from "./holds.ts";
import { randomHolds } from "./random-holds.ts";

interface Question {
  readonly ledger: Ledger;
  readonly sequence: number;
  readonly at: number;
  readonly holds: Holds;
}

const whole = { limit: 1_000 };

/** Two positions of each random ledger, some instants each, where the cluster is known. */
function* questions(seed: number): Generator<Question> {
  const { events, instants } = randomHolds(seed);
  const random = randomSource(seed + 1_000_000);
  const ledger = ledgerOf(events);
  for (const sequence of [events.length, random.between(1, events.length)]) {
    const facts = effectiveFacts(events.slice(0, sequence));
    if (!facts.some(({ data }) => data.cluster === "c")) continue;
    for (const at of instants) {
      const seen = facts.filter((fact) => fact.at < at);
      yield { ledger, sequence, at, holds: new Holds(seen, "c", at) };
    }
  }
}

const textOrNull = (instant: number | null) => (instant === null ? null : instantText(instant));

test("nodes are held as an independent reading says", async () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= soakRuns(500, 50); seed++) {
    for (const { ledger, sequence, at, holds } of questions(seed)) {
      const where = { seed, sequence, at };
      const held: object[] = [];
      for (const node of ["n1", "n2", "n3", "n4", "n5", "x1", "nowhere"]) {
        const { reasons, until } = holds.schedulable(node);
        const expected = { reasons, until: textOrNull(until) };
        const told = schedulableAnswer(ledger, "c", node, { sequence, at });
        expect({ ...where, ...told }).toMatchObject({ ...where, node, ...expected });
        if (reasons.length > 0 && !reasons.includes("not-a-member"))
          held.push({ cluster: "c", node, ...expected });
        for (const reason of reasons) seen.set(reason, (seen.get(reason) ?? 0) + 1);
      }
      const all = await scaleHoldsAnswer(ledger, { cluster: "c", sequence, at }, whole);
      expect({ ...where, holds: all.holds }).toEqual({ ...where, holds: held });
    }
  }
  for (const reason of ["not-a-member", "down", "under-maintenance", "unobserved"])
    expect(seen.get(reason)).toBeGreaterThan(10);
  expect(seen.get("maintenance-imminent")).toBeGreaterThan(10);
});

test("maintenance is overdue as an independent reading says", async () => {
  let count = 0;
  for (let seed = 1; seed <= soakRuns(500, 50); seed++) {
    for (const { ledger, sequence, at, holds } of questions(seed)) {
      const answer = await overdueAnswer(ledger, { cluster: "c", sequence, at }, whole);
      const told = answer.overdue.map(
        ({ node, maintenanceId, dueAt }) => `${node} ${maintenanceId} ${Date.parse(dueAt)}`,
      );
      const overdue = holds.overdue().sort();
      expect({ seed, sequence, at, overdue: told.sort() }).toEqual({ seed, sequence, at, overdue });
      count += overdue.length;
    }
  }
  expect(count).toBeGreaterThan(20);
});

test("what could be applied to a node meanwhile is what an independent reading says", async () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= soakRuns(300, 30); seed++) {
    for (const { ledger, sequence, at, holds } of questions(seed)) {
      for (const node of holds.nodes.slice(0, 3)) {
        const asked = { cluster: "c", sequence, at, node };
        const told = await pendingUpdatesAnswer(ledger, asked, whole);
        const order = told.pending.map(({ rollout }) => rollout);
        const expected = holds.pending(
          node,
          holds.schedulable(node).reasons.every((each) => each === "maintenance-imminent"),
          order,
        );
        const pending = told.pending.map(({ rollout, applicable, reasons, expectedMs }) => ({
          rollout,
          applicable,
          reasons,
          expectedMs,
        }));
        const { remainingMs } = told;
        expect({ seed, ...asked, remainingMs, pending }).toEqual({ seed, ...asked, ...expected });
        for (const { reasons, applicable } of pending)
          for (const each of applicable ? ["applicable"] : reasons)
            seen.set(each, (seen.get(each) ?? 0) + 1);
      }
    }
  }
  for (const each of ["applicable", "in-service", "nfz", "co-test", "time"])
    expect([each, (seen.get(each) ?? 0) > 5]).toEqual([each, true]);
}, 600_000);
