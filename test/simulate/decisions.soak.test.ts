import { describe, expect, it } from "vitest";
import { decisionInstantsOf } from "./decision-instants.ts";
import { Random } from "../../src/simulate/setting/prng.ts";
import type { Draft } from "../../src/decisions/command/drafts.ts";
import { worldAt } from "../../src/decisions/command/world.ts";
import type { Request } from "../../src/simulate/setting/decision-log.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { soakRuns } from "../random-runs.ts";
import { nfzDecidedAnew } from "./deciding-nfzs.ts";
import { type Appended, decidedAnew, decisionsOf, Replay, sweptAnew } from "./deciding.ts";
import { nodeDecidedAnew, requestsByHash } from "./deciding-nodes.ts";
import type { Simulation } from "./raw-events.ts";

const minuteMs = 60_000;

function anewOf(
  replay: Replay,
  appended: Appended,
  requests: ReadonlyMap<string, Request>,
): readonly Draft[] | null {
  const [{ type, decision } = { type: "", decision: undefined }] = appended.events;
  if (type.startsWith("Nfz")) return nfzDecidedAnew(replay, appended);
  const view = replay.view(appended.cluster, appended.P);
  const request = requests.get(decision?.request ?? "");
  return type.startsWith("Node") && request !== undefined
    ? nodeDecidedAnew(view, appended, request)
    : decidedAnew(view, appended);
}

/** The first decision that the deciders would have made otherwise; `null` if there is none. */
function firstOther(simulation: Simulation): string | null {
  const replay = new Replay(simulation);
  const requests = requestsByHash(simulation);
  for (const appended of decisionsOf(simulation)) {
    const anew = anewOf(replay, appended, requests);
    const made = appended.events.map(({ type, data }) => ({ type, data }));
    const [theirs, ours] = [canonicalJson(anew), canonicalJson(made)];
    if (theirs !== ours)
      return `${appended.command} at ${appended.P}: deciders ${theirs}, simulator ${ours}`;
  }
  return null;
}

/** What a sweep would still have to do where nothing has happened for more than a minute; `null` if there is nothing. */
function firstForgotten(simulation: Simulation, tries: number): string | null {
  const replay = new Replay(simulation);
  const random = new Random(simulation.seed, "instants");
  const asked = simulation.history.clusters.filter(({ asksLedger }) => asksLedger);
  for (let i = 0; i < tries; i++) {
    const P = random.between(1, replay.raw.length - 1);
    const at = (replay.raw[P - 1]?.recordedAt ?? 0) + minuteMs;
    if (at >= (replay.raw[P]?.recordedAt ?? 0)) continue;
    for (const { cluster, unattended, rollouts } of asked) {
      if (unattended.some(({ from, to }) => from <= at && at < to + minuteMs)) continue;
      const view = replay.view(cluster, P);
      const world = worldAt(view, at);
      for (const { rollout } of rollouts) {
        const due = sweptAnew(view, world, rollout);
        if (due !== null) return `${rollout} at ${P}, ${at}: ${JSON.stringify(due)}`;
      }
    }
  }
  return null;
}

describe("what the simulator says a ledger decided", () => {
  for (const [scenario, days, whole, sample] of [
    ["quiet", 20, 40, 4],
    ["stormy", 7, 80, 6],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`is what the deciders decide from what they would have seen, on ${count} seeds of "${scenario}"`, () => {
      for (let seed = 1; seed <= count; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        const simulation = simulate({ scenario, days, seed, endMs });
        expect(firstOther(simulation), `scenario ${scenario}, seed ${seed}`).toBeNull();
        expect(decisionInstantsOf(simulation), `scenario ${scenario}, seed ${seed}`).toBeNull();
      }
    });

    it(`leaves a sweep nothing to do while timers are driven, on ${count} seeds of "${scenario}"`, () => {
      for (let seed = 1; seed <= count; seed++) {
        const simulation = simulate({ scenario, days, seed });
        expect(firstForgotten(simulation, 40), `scenario ${scenario}, seed ${seed}`).toBeNull();
      }
    });
  }

  it("has further occurrences of rules listed before they run out, in a simulation of 500 days", () => {
    const simulation = simulate({ scenario: "quiet", days: 500, seed: 3 });
    const resolved = decisionsOf(simulation).filter(({ command }) => command === "resolve");
    expect(resolved.length).toBeGreaterThan(0);
    const replay = new Replay(simulation);
    for (const appended of resolved) {
      const made = appended.events.map(({ type, data }) => ({ type, data }));
      expect(nfzDecidedAnew(replay, appended)).toEqual(made);
    }
  });
});
