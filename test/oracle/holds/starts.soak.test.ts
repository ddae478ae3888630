/** What deciders make of rollouts that ask to start in random ledgers, against an independent reading. */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import { isQueued } from "../../../projections/rollouts/status.ts";
import type { Outcome } from "../../../src/decisions/command/drafts.ts";
import { coTestGate } from "../../../src/decisions/command/co-test-gate.ts";
import { hasFastPath } from "../../../src/decisions/command/fast-path.ts";
import { worldAt } from "../../../src/decisions/command/world.ts";
import { decideRollout } from "../../../src/decisions/rollouts/commands.ts";
import { anybody } from "../../decisions/situation.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import { viewsOf } from "../gate/views.ts";
import { Holds } from "./holds.ts";
import { randomHolds } from "./random-holds.ts";

/** What the deciders answer, in the words of the reference, and whether what is recorded says the same. */
function toldOf(outcome: Outcome) {
  if (outcome.kind === "already") return { code: "already", isRecorded: true };
  const { refusal } = outcome;
  // A resume of one that was blocked says first that it is no longer.
  const first = outcome.kind === "append" ? outcome.drafts.at(-1) : undefined;
  const { nfzIds, pairs, fastPath } = (first?.data ?? {}) as {
    readonly [name in "nfzIds" | "pairs" | "fastPath"]?: readonly unknown[];
  };
  if (refusal === undefined)
    return { code: "started", fastPath: fastPath ?? null, isRecorded: first !== undefined };
  // What was said less than a minute ago is not recorded again.
  const isSaid = (type: string, recorded: unknown, answered: unknown) =>
    first === undefined || (first.type === type && isDeepStrictEqual(recorded, answered));
  const { code, extra } = refusal;
  if (code !== "nfz-in-force") {
    const isRecorded = isSaid("RolloutRefused", pairs, extra["pairs"]);
    return { code, pairs: extra["pairs"], isRecorded };
  }
  const nfzs = (extra["nfzs"] as readonly { readonly nfz: string }[]).map(({ nfz }) => nfz);
  return { code, nfzs, isRecorded: isSaid("RolloutBlocked", nfzIds, nfzs) };
}

test("a rollout that asks starts or resumes, or is held, as an independent reading says", () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= soakRuns(600, 60); seed++) {
    const { events, instants } = randomHolds(seed);
    const some = randomSource(seed + 1_000_000).between(1, events.length);
    const gates = { hasFastPath, untested: coTestGate() };
    for (const view of viewsOf(events, seed, some)) {
      const facts = effectiveFacts(events.slice(0, view.sequence));
      for (const at of instants) {
        const by = facts.filter((fact) => fact.at <= at);
        const holds = new Holds(by, "c", at);
        const world = worldAt(view, at);
        for (const timeline of view.entities("rollout")) {
          const { rollout } = timeline;
          const status = statusBefore(timeline, at + 1);
          const { state, submission } = status;
          if (submission === null || !(isQueued(state) || state === "paused")) continue;
          const name = state === "paused" ? "resume" : "start";
          const asking = { rollout, world, status, caller: anybody };
          const told = toldOf(decideRollout(asking, { name }, gates));
          const asked = holds.companions.rollouts.find((each) => each.rollout === rollout);
          const said = asked === undefined ? {} : holds.asks(asked, name);
          const expected = { ...said, isRecorded: true };
          const where = { seed, sequence: view.sequence, at, rollout };
          expect({ ...where, told }).toEqual({ ...where, told: expected });
          const kind = told.fastPath?.length ?? 0;
          const code = kind > 0 ? "fast-path start" : `${told.code} by ${name}`;
          seen.set(code, (seen.get(code) ?? 0) + 1);
        }
      }
    }
  }
  const started = ["started by start", "needs-co-test by start", "fast-path start"];
  for (const code of [...started, "nfz-in-force by start", "started by resume"])
    expect([code, (seen.get(code) ?? 0) > 5]).toEqual([code, true]);
}, 600_000);
