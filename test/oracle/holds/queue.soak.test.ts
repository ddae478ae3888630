/** What lists of rollouts say of co-tests and of families, in random ledgers, against an independent reading. */
import { expect, test } from "vitest";
import { coverageAnswer } from "../../../src/answers/co-tests/coverage.ts";
import { queueAnswer } from "../../../src/answers/rollouts/queue.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import { ledgerOf } from "../gate/answering.ts";
import { Companions } from "../gate/companions.ts";
import { randomHolds } from "./random-holds.ts";

const statuses = ["passed", "failed", "never", "conflict"] as const;

type Pairs = ReturnType<Companions["pairs"]>;

function countedOf(pairs: Pairs) {
  const counted = statuses.map((status) => [
    status,
    pairs.filter((pair) => pair.status === status).length,
  ]);
  return Object.fromEntries(counted) as Record<(typeof statuses)[number], number>;
}

test("coverage and the queue count pairs as an independent reading does, at any position", async () => {
  const seen = { pairs: 0, rows: 0, ratios: 0 };
  for (let seed = 1; seed <= soakRuns(500, 50); seed++) {
    const { events, instants } = randomHolds(seed);
    const random = randomSource(seed + 1_000_000);
    const ledger = ledgerOf(events);
    for (const sequence of [events.length, random.between(1, events.length)]) {
      const facts = effectiveFacts(events.slice(0, sequence));
      if (!facts.some(({ data }) => data.cluster === "c")) continue;
      for (const at of instants) {
        const where = { cluster: "c", sequence, at };
        const companions = new Companions(
          facts.filter((fact) => fact.at < at),
          "c",
          at,
        );
        const pairs = companions.pairs();
        const counts = countedOf(pairs);
        const rated = counts.passed + counts.failed + counts.never;
        const coverage = rated === 0 ? null : Number((counts.passed / rated).toFixed(9));
        const told = await coverageAnswer(ledger, where, { limit: 1_000 });
        expect({ seed, ...where, ...told }).toMatchObject({ seed, ...where, ...counts, coverage });
        expect(told.total).toBe(pairs.length);
        const queue = await queueAnswer(ledger, where, { limit: 1_000 });
        for (const { rollout, state, coTest } of queue.blocked) {
          const own = pairs.filter(({ rollouts }) => rollouts.includes(rollout));
          const isQueued = ["submitted", "blocked", "releasable"].includes(state);
          const expected = isQueued ? countedOf(own) : null;
          expect({ seed, ...where, rollout, coTest }).toEqual({
            seed,
            ...where,
            rollout,
            coTest: expected,
          });
          seen.rows++;
        }
        seen.pairs += pairs.length;
        if (coverage !== null && coverage > 0) seen.ratios++;
      }
    }
  }
  for (const [name, count] of Object.entries(seen))
    expect([name, count > 20]).toEqual([name, true]);
}, 600_000);
