import { describe, expect, it } from "vitest";
import { overdueAt } from "../../projections/nodes/overdue.ts";
import { plannedMaintenanceTypes, schedulableAt } from "../../projections/nodes/schedulable.ts";
import { rolloutPolicyAt } from "../../projections/rollouts/policy.ts";
import type { DecisionView } from "../../projections/view.ts";
import { heldNodes, overdueNodes } from "../../src/simulate/books/holds.ts";
import { Random } from "../../src/simulate/setting/prng.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { soakRuns } from "../random-runs.ts";
import { Replay } from "./deciding.ts";
import type { Simulation } from "./raw-events.ts";

function heldIn(view: DecisionView, nodes: readonly string[], at: number) {
  const { imminentMs } = rolloutPolicyAt(view.rolloutPolicies, at - 1);
  return nodes.flatMap((node) => {
    const planned = view.factsOfTypes("node", node, plannedMaintenanceTypes);
    const known = { timeline: view.entity("node", node), planned };
    const { reasons, until } = schedulableAt(known, { at, imminentMs });
    return reasons.length === 0 ? [] : [{ node, reasons, until }];
  });
}

function overdueIn(view: DecisionView, at: number) {
  const { maintenanceMaxMs } = rolloutPolicyAt(view.rolloutPolicies, at - 1);
  const planned = (node: string) => view.factsOfTypes("node", node, plannedMaintenanceTypes);
  return [...view.entities("node")]
    .flatMap((timeline) => overdueAt(timeline, planned, at, maintenanceMaxMs))
    .map(({ node, maintenanceId, since, dueAt }) => ({ node, maintenanceId, since, dueAt }))
    .sort((a, b) => (`${a.node} ${a.maintenanceId}` < `${b.node} ${b.maintenanceId}` ? -1 : 1));
}

/** Instants of the simulation: anywhere, and where something happens to nodes. */
function instantsOf({ fromMs, endMs, seed, events }: Simulation): number[] {
  const random = new Random(seed, "instants of holds");
  const about = events.filter(({ type }) => /^Node(Maintenance|Failed|Returned)/.test(type));
  return Array.from({ length: 16 }, () => {
    if (random.chance(0.3)) return fromMs + 1 + random.below(endMs - fromMs);
    const [event] = random.sample(about, 1);
    const at = event === undefined ? fromMs + 1 : Date.parse(event.occurredAt);
    return at + random.pick([0, 1, 3_600_000, -3_600_000]);
  });
}

/** What the two have counted, to show that there was something to compare. */
const counted = { held: 0, imminent: 0, overdue: 0 };

function compare(simulation: Simulation): void {
  const replay = new Replay(simulation);
  const { amended, clusters } = simulation.history;
  for (const truth of clusters) {
    const view = replay.view(truth.cluster, replay.raw.length);
    const nodes = truth.nodes.map(({ node }) => node);
    for (const at of instantsOf(simulation)) {
      const where = `${truth.cluster}, seed ${simulation.seed}, ${at}`;
      const held = heldNodes(truth, at, amended);
      expect(heldIn(view, nodes, at), where).toEqual(held);
      const overdue = overdueNodes(truth, at, amended);
      expect(overdueIn(view, at), where).toEqual(overdue);
      counted.held += held.length;
      counted.imminent += held.filter(({ reasons }) =>
        reasons.includes("maintenance-imminent"),
      ).length;
      counted.overdue += overdue.length;
    }
  }
}

describe("the simulator's books about nodes that take no work", () => {
  for (const [scenario, days, whole, sample] of [
    ["quiet", 20, 400, 6],
    ["stormy", 7, 600, 10],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`have the reasons, the ends and the overdue maintenance of the folds, on ${count} seeds of "${scenario}"`, () => {
      Object.assign(counted, { held: 0, imminent: 0, overdue: 0 });
      for (let seed = 1; seed <= count; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        compare(simulate({ scenario, days, seed, endMs }));
      }
      expect(counted.held).toBeGreaterThan(count);
      expect(counted.imminent).toBeGreaterThan(0);
      expect(counted.overdue).toBeGreaterThan(0);
    });
  }
});
