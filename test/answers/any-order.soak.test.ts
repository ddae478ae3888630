/** What answers keep for the next question changes no answer: a ledger asked before says what a new one says. */
import { expect, test } from "vitest";
import { coverageAnswer } from "../../src/answers/co-tests/coverage.ts";
import { nextBundlesAnswer } from "../../src/answers/co-tests/next-bundles.ts";
import { overdueAnswer } from "../../src/answers/holds/overdue-maintenance.ts";
import { scaleHoldsAnswer, schedulableAnswer } from "../../src/answers/holds/schedulable.ts";
import { pendingUpdatesAnswer } from "../../src/answers/release-plan/pending-updates.ts";
import { releasePlanAnswer } from "../../src/answers/release-plan/release-plan.ts";
import { familiesAnswer, impactAnswer } from "../../src/answers/rollouts/impact.ts";
import { rolloutAnswer } from "../../src/answers/rollouts/one-rollout.ts";
import { queueAnswer } from "../../src/answers/rollouts/queue.ts";
import { isLedgerError } from "../../src/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { randomSource } from "../histories/random-source.ts";
import { ledgerOf } from "../oracle/gate/answering.ts";
import { randomPlan } from "../oracle/holds/random-holds.ts";
import { soakRuns } from "../random-runs.ts";

interface Asked {
  readonly cluster: string;
  readonly sequence: number;
  readonly at: number;
}

const whole = { limit: 1_000 };

const questions: Readonly<Record<string, (ledger: Ledger, asked: Asked) => Promise<unknown>>> = {
  coverage: async (ledger, asked) => await coverageAnswer(ledger, asked, whole),
  bundles: async (ledger, asked) => await nextBundlesAnswer(ledger, asked, whole),
  plan: async (ledger, asked) => await releasePlanAnswer(ledger, asked),
  pending: async (ledger, asked) =>
    await pendingUpdatesAnswer(ledger, { ...asked, node: "n1" }, whole),
  "pending of no member": async (ledger, asked) =>
    await pendingUpdatesAnswer(ledger, { ...asked, node: "x1" }, whole),
  queue: async (ledger, asked) => await queueAnswer(ledger, asked, whole),
  rollout: async (ledger, asked) => await rolloutAnswer(ledger, { ...asked, rollout: "u1" }, whole),
  impact: async (ledger, asked) => await impactAnswer(ledger, { ...asked, rollout: "u1" }, whole),
  families: async (ledger, asked) => await familiesAnswer(ledger, asked, whole),
  overdue: async (ledger, asked) => await overdueAnswer(ledger, asked, whole),
  holds: async (ledger, asked) => await scaleHoldsAnswer(ledger, asked, whole),
  schedulable: async (ledger, { cluster, ...asked }) =>
    schedulableAnswer(ledger, cluster, "n1", asked),
};

/** The answer, or the code of what is refused. */
async function told(question: string, ledger: Ledger, asked: Asked): Promise<unknown> {
  try {
    return await questions[question]?.(ledger, asked);
  } catch (error) {
    if (isLedgerError(error)) return error.code;
    throw error;
  }
}

test("answers are the same in whatever order they are asked for", async () => {
  let answered = 0;
  for (let seed = 1; seed <= soakRuns(80, 8); seed++) {
    const { events, instants } = randomPlan(seed);
    const random = randomSource(seed + 3_000_000);
    const ledger = ledgerOf(events);
    const positions = [events.length, random.between(1, events.length)];
    let asked: Asked = { cluster: "c", sequence: events.length, at: 0 };
    for (let n = 0; n < 40; n++) {
      const question = random.pick(Object.keys(questions));
      // Pages and scripts ask several things of one position and instant.
      if (n % 8 === 0)
        asked = {
          cluster: random.chance(0.9) ? "c" : "other",
          sequence: random.pick(positions),
          at: random.pick(instants),
        };
      const answer = await told(question, ledger, asked);
      const fresh = await told(question, ledgerOf(events), asked);
      expect({ seed, n, question, asked, answer }).toEqual({
        seed,
        n,
        question,
        asked,
        answer: fresh,
      });
      if (typeof fresh === "object") answered++;
    }
  }
  expect(answered).toBeGreaterThan(100);
}, 600_000);
