import { describe, expect, it } from "vitest";
import {
  maintenanceViolations,
  wasMaintenanceSeen,
} from "../../projections/figures/violations/maintenance.ts";
import type { Fact, FactOf } from "../../projections/facts/fact.ts";
import type { DecisionView } from "../../projections/view.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import type { EventType } from "../../src/events/catalogue.ts";
import { maintenanceOf } from "../../src/simulate/books/maintenance-commands.ts";
import type { Interval } from "../../src/simulate/setting/history.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { soakRuns } from "../random-runs.ts";
import { decisionsOf, Replay } from "./deciding.ts";
import { nodeDecidedAnew, requestsByHash } from "./deciding-nodes.ts";
import type { Simulation } from "./raw-events.ts";

const types: ReadonlySet<EventType> = new Set<EventType>([
  "NodeMaintenanceAnnounced",
  "NodeMaintenanceStarted",
  "NodeMaintenanceEnded",
  "NodeMaintenanceRefused",
]);

/** What the facts of a window say was decided. */
function decidedIn(view: DecisionView, { from, to }: Interval) {
  const facts = view
    .names("node")
    .flatMap((node) => view.factsOfTypes("node", node, types))
    .filter((fact) => fact.decision !== undefined)
    .filter(({ occurredAt }) => from <= occurredAt && occurredAt < to);
  const started = facts.filter((fact) => fact.type === "NodeMaintenanceStarted");
  const refused = facts.filter((fact) => fact.type === "NodeMaintenanceRefused");
  const zones = Map.groupBy(
    refused.flatMap(({ data }) => data.nfzIds),
    (nfz) => nfz,
  );
  return {
    announced: facts.filter(({ type }) => type === "NodeMaintenanceAnnounced").length,
    started: started.length,
    startedByRole: started.filter(({ data }) => data.role !== undefined).length,
    ended: facts.filter(({ type }) => type === "NodeMaintenanceEnded").length,
    refused: refused.length,
    refusedBy: Object.fromEntries([...zones].map(([nfz, all]) => [nfz, all.length])),
  };
}

/** Starts inside a zone that the ledger let happen although it knew of the zone: there must be none. */
function knowinglyInside(replay: Replay, view: DecisionView, window: Interval): string[] {
  return maintenanceViolations(view, view, window)
    .filter(({ isRightWithReason }) => !isRightWithReason)
    .flatMap(({ node, fact }) => {
      if (!isStart(fact) || fact.decision === undefined || node === null) return [];
      counted.unseen++;
      const seen = replay.view(view.cluster, fact.decision.sequence);
      const own = replay.view(view.cluster, fact.sequence).entity("node", node);
      return wasMaintenanceSeen(seen, own, fact) ? [fact.id] : [];
    });
}

/** The first command that the decider would have answered otherwise on some node; `null` if there is none. */
function firstOther(replay: Replay, simulation: Simulation): string | null {
  const requests = requestsByHash(simulation);
  for (const appended of decisionsOf(simulation)) {
    const [event] = appended.events;
    const request = requests.get(event?.decision?.request ?? "");
    if (!appended.command.startsWith("maintenance-") || request === undefined) continue;
    const view = replay.view(appended.cluster, appended.P);
    const anew = canonicalJson(nodeDecidedAnew(view, appended, request));
    const made = canonicalJson(appended.events.map(({ type, data }) => ({ type, data })));
    if (anew !== made) return `${appended.name} at ${appended.P}: ${anew}, simulator ${made}`;
  }
  return null;
}

function isStart(fact: Fact): fact is FactOf<"NodeMaintenanceStarted"> {
  return fact.type === "NodeMaintenanceStarted";
}

/** What was compared, and how many starts were inside a zone that the ledger was told of later. */
const counted = { started: 0, startedByRole: 0, ended: 0, refused: 0, unseen: 0 };

function compare(simulation: Simulation): void {
  const replay = new Replay(simulation);
  const { fromMs: from, endMs: to, seed } = simulation;
  expect(firstOther(replay, simulation), `seed ${seed}`).toBeNull();
  const middle = Math.floor((from + to) / 2);
  for (const truth of simulation.history.clusters) {
    const view = replay.view(truth.cluster, replay.raw.length);
    const whole = { from, to };
    for (const window of [whole, { from, to: middle }, { from: middle, to }]) {
      const books = maintenanceOf(truth, window);
      expect(decidedIn(view, window), `${truth.cluster}, seed ${seed}`).toEqual(books);
    }
    expect(knowinglyInside(replay, view, whole), `${truth.cluster}, seed ${seed}`).toEqual([]);
    const { started, startedByRole, ended, refused } = maintenanceOf(truth, whole);
    counted.started += started;
    counted.startedByRole += startedByRole;
    counted.ended += ended;
    counted.refused += refused;
  }
}

describe("the simulator's books about maintenance by command", () => {
  for (const [scenario, days, whole, sample, leastUnseen] of [
    ["quiet", 30, 390, 12, 0],
    ["stormy", 5, 600, 16, 1],
    ["supercomputer", 10, 10, 1, 0],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`have what the facts say was decided and refused, as the decider decides it, on ${count} seeds of "${scenario}"`, () => {
      Object.assign(counted, { started: 0, startedByRole: 0, ended: 0, refused: 0, unseen: 0 });
      for (let seed = 1; seed <= count; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        compare(simulate({ scenario, days, seed, endMs }));
      }
      const { unseen, ...decided } = counted;
      expect(unseen).toBeGreaterThanOrEqual(leastUnseen);
      for (const [kind, number] of Object.entries(decided)) expect(number, kind).toBeGreaterThan(0);
    });
  }
});
