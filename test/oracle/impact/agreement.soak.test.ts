/** Measured impact, families and the fast path in random ledgers, against an independent reading. */
import { expect, test } from "vitest";
import { confoundersOf } from "../../../projections/impact/confounders.ts";
import { evidenceOf } from "../../../projections/impact/evidence.ts";
import { familiesAt, haveFastPath, impactlessMs } from "../../../projections/impact/families.ts";
import { Fleet, rolloutsOf } from "../../../projections/impact/fleet.ts";
import { impactOf } from "../../../projections/impact/impact.ts";
import { standingOf } from "../../../projections/impact/treatment.ts";
import { declaredMs, familiesOf as namesOf } from "../../../projections/rollouts/declared.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import type { DecisionView } from "../../../projections/view.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import type { OracleData } from "../facts/oracle-event.ts";
import { policyBy } from "../gate/companions.ts";
import { viewsOf } from "../gate/views.ts";
import { costMs, familiesOf, isOnFastPath } from "./families.ts";
import { OracleFleet } from "./impact.ts";
import { randomImpact } from "./random-impact.ts";

interface Question {
  readonly view: DecisionView;
  readonly at: number;
  readonly factsBefore: number;
  readonly oracle: OracleFleet;
  readonly policy: OracleData;
}

/** Two positions of each random ledger; of each, what reads see at some instants, and what a decision sees. */
function* questions(seed: number): Generator<Question> {
  const { events, instants } = randomImpact(seed);
  const random = randomSource(seed + 1_000_000);
  for (const view of viewsOf(events, seed, random.between(1, events.length))) {
    const facts = effectiveFacts(events.slice(0, view.sequence));
    for (const at of instants) {
      const factsBefore = random.chance(0.5) ? at : at + 1;
      const seen = facts.filter((fact) => fact.at < factsBefore);
      yield { view, at, factsBefore, oracle: new OracleFleet(seen, at), policy: policyBy(seen) };
    }
  }
}

/** What the product says of a rollout, in the words of the reference. */
function toldOf(fleet: Fleet, view: DecisionView, rollout: string, windowMs: number) {
  const timeline = view.entity("rollout", rollout);
  if (timeline === null) throw new Error(`no rollout ${rollout}`);
  const impact = impactOf(fleet, standingOf(timeline, fleet), windowMs);
  const evidence = evidenceOf(fleet, impact, (job) => view.facts("job", job));
  const costs = evidence
    .filter(({ kind }) => kind === "interruption")
    .map(({ eventIds, interruptedNodeMs, lostNodeMs }) => ({
      eventId: eventIds[0] ?? "",
      interruptedNodeMs,
      lostNodeMs,
    }))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
  const { treated, before, after, verdict, reasons } = impact;
  const outOfServiceMs = impact.outOfService.nodeMs;
  const confounders = confoundersOf(fleet, impact, rolloutsOf(view));
  return { rollout, treated, before, after, outOfServiceMs, costs, verdict, reasons, confounders };
}

test("impact is as an independent reading measures it", () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= soakRuns(1_000, 70); seed++) {
    for (const { view, at, factsBefore, oracle, policy } of questions(seed)) {
      const fleet = new Fleet(view, { at, factsBefore });
      const windowMs = policy.impactWindowMs ?? 0;
      for (const rollout of oracle.rollouts) {
        const told = toldOf(fleet, view, rollout.rollout, windowMs);
        const confounders = oracle.confoundersOf(rollout, windowMs);
        const expected = { ...oracle.impactOf(rollout, windowMs), confounders };
        if (confounders.length > 0) seen.set("confounded", (seen.get("confounded") ?? 0) + 1);
        expect({ seed, at, factsBefore, ...told }).toEqual({ seed, at, factsBefore, ...expected });
        for (const each of [expected.verdict ?? "none", ...expected.reasons])
          seen.set(each, (seen.get(each) ?? 0) + 1);
      }
    }
  }
  const verdicts = ["missed", "pending", "as-declared", "none", "failure-rate", "out-of-service"];
  for (const each of [...verdicts, "job-interrupted", "longer-than-declared", "confounded"])
    expect([each, seen.get(each)]).toEqual([each, expect.any(Number)]);
});

test("families and the fast path stand as an independent reading says", () => {
  const seen = { has: 0, lacks: 0, regained: 0, costs: 0 };
  for (let seed = 1; seed <= soakRuns(1_000, 70); seed++) {
    for (const { view, at, factsBefore, oracle, policy } of questions(seed)) {
      const where = { seed, at, factsBefore };
      const terms = rolloutPolicyAt(view.rolloutPolicies, factsBefore - 1);
      const fleet = new Fleet(view, { at, factsBefore });
      const standings = familiesAt(fleet, rolloutsOf(view), terms);
      const families = familiesOf(oracle, policy);
      const told = standings.map(({ family, marked, rollouts, ...rest }) => ({
        family,
        hasFastPath: rest.hasFastPath,
        marked: marked.map(({ component, version }) => `${component}=${version}`).sort(),
        rollouts: rollouts.map(({ rollout, verdict }) => `${rollout} ${verdict}`),
      }));
      const expected = families.map(({ marked, rollouts, ...rest }) => ({
        ...rest,
        marked: [...marked].sort(),
        rollouts: rollouts.map(({ rollout, verdict }) => `${rollout} ${verdict}`),
      }));
      expect({ ...where, families: told }).toEqual({ ...where, families: expected });
      seen.regained += families.filter((each) => each.hasFastPath && each.marked.size > 0).length;
      for (const rollout of oracle.rollouts) {
        const submission = view.entity("rollout", rollout.rollout)?.submission?.data;
        if (rollout.submission === null || submission === undefined) continue;
        const names = new Set(namesOf(submission));
        const own = standings.filter(({ family }) => names.has(family));
        const isImpactless = submission.impact.kind === "impactless";
        const has = terms.fastPath && isImpactless && haveFastPath(own, submission.updates);
        const cost = isImpactless ? impactlessMs(submission, own) : declaredMs(submission.impact);
        expect({ ...where, has, cost }).toEqual({
          ...where,
          has: isOnFastPath(rollout, families, policy),
          cost: costMs(rollout, families),
        });
        seen[has ? "has" : "lacks"]++;
        if (isImpactless && cost > 0) seen.costs++;
      }
    }
  }
  for (const each of ["has", "lacks", "regained", "costs"] as const)
    expect([each, seen[each] > 0]).toEqual([each, true]);
});
