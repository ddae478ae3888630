/** Release plans of random ledgers, as answers give them, against an independent reading. */
import { expect, test } from "vitest";
import { isLedgerError } from "../../../src/errors.ts";
import { pendingUpdatesAnswer } from "../../../src/answers/release-plan/pending-updates.ts";
import { releasePlanAnswer } from "../../../src/answers/release-plan/release-plan.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { plannedWaves } from "../co-tests/plan-reference.ts";
import { isAdmissible, stopsOf } from "../co-tests/reference.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import { instantText } from "../facts/oracle-event.ts";
import { ledgerOf } from "../gate/answering.ts";
import { randomPlan } from "../holds/random-holds.ts";
import { PlanGround } from "./ground.ts";

/** The plan that the text of the policy makes of it. */
function planOf(ground: PlanGround, at: number) {
  const { queue, judge, members, inService, nisTarget } = ground;
  const floor = Math.ceil(Number(((nisTarget ?? 0.95) * members).toFixed(6)));
  const batch = Math.max(0, inService.length - floor);
  const up = new Set(inService.map(({ node }) => node));
  const touchedBy = (items: typeof queue) =>
    new Set(
      items
        .filter(({ costMs }) => costMs > 0)
        .flatMap(({ nodes }) => [...nodes].filter((node) => up.has(node))),
    ).size;
  const leftOut = queue.flatMap((item) => {
    if (!isAdmissible([item], judge)) return [{ rollout: item.name, because: "failed-alone" }];
    const isByFloor = batch === 0 && touchedBy([item]) > 0;
    return isByFloor ? [{ rollout: item.name, because: "nis-floor" }] : [];
  });
  const names = new Set(leftOut.map(({ rollout }) => rollout));
  const planned = queue.filter(({ name }) => !names.has(name));
  const waves = plannedWaves(planned, judge, inService, Math.max(1, batch)).map((rollouts) => {
    const items = rollouts.flatMap((name) => queue.filter((each) => each.name === name));
    const touched = touchedBy(items);
    const nis = (inService.length - Math.min(touched, batch)) / members;
    return {
      rollouts,
      touched,
      batches: touched === 0 ? 0 : Math.ceil(touched / batch),
      stops: touched === 0 ? 0 : stopsOf(items, inService, batch),
      nodeMs: items.reduce(
        (sum, { costMs, nodes }) => sum + costMs * [...nodes].filter((node) => up.has(node)).length,
        0,
      ),
      nis: members === 0 ? null : Number(nis.toFixed(9)),
      testedTogether: judge.passed.some((set) =>
        items.every(({ updates }) => [...updates].every((update) => set.has(update))),
      ),
      notBefore: instantText(ground.notBefore(rollouts, at)),
    };
  });
  return {
    members,
    inService: inService.length,
    nisTarget: nisTarget ?? 0.95,
    batch,
    waves,
    leftOut,
  };
}

/** Of a node that no fact names yet. */
function isUnknown(error: unknown): void {
  if (!isLedgerError(error) || error.code !== "not-found") throw error;
}

test("a release plan is the one that an independent reading makes", async () => {
  const seen = { waves: 0, stops: 0, costs: 0, leftOut: 0, later: 0 };
  for (let seed = 1; seed <= soakRuns(400, 40); seed++) {
    const { events, instants } = randomPlan(seed);
    const ledger = ledgerOf(events);
    const some = randomSource(seed + 1_000_000).between(1, events.length);
    for (const sequence of [events.length, some]) {
      const facts = effectiveFacts(events.slice(0, sequence));
      if (!facts.some(({ data }) => data.cluster === "c")) continue;
      for (const at of instants) {
        const ground = new PlanGround(
          facts.filter((fact) => fact.at < at),
          "c",
          at,
        );
        // The text gives those that nobody submitted no place in the queue.
        if (ground.hasUnsubmitted) continue;
        const expected = planOf(ground, at);
        // Other answers use the same queue, and may resolve names of no member.
        const asked = { cluster: "c", sequence, at };
        const ofNode = { ...asked, node: "n1" };
        await pendingUpdatesAnswer(ledger, ofNode, { limit: 10 }).catch(isUnknown);
        const {
          cluster: _cluster,
          budgetLeftNodeMs: _left,
          stops: _stops,
          nodeMs: _nodeMs,
          ...plan
        } = await releasePlanAnswer(ledger, asked);
        const waves = plan.waves.map(({ jobs: _jobs, ...wave }) => wave);
        const where = { seed, sequence, at };
        expect({ ...where, ...plan, waves }).toEqual({ ...where, ...expected });
        seen.leftOut += expected.leftOut.length;
        for (const wave of expected.waves) {
          seen.waves++;
          seen.stops += wave.stops;
          if (wave.nodeMs > 0) seen.costs++;
          if (wave.notBefore !== instantText(at)) seen.later++;
        }
      }
    }
  }
  for (const [name, count] of Object.entries(seen)) expect([name, count > 5]).toEqual([name, true]);
});
