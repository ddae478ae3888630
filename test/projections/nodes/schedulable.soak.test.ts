/** Reasons against a node at any instant of random histories. */
import { expect, it } from "vitest";
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { nodeKind } from "../../../projections/nodes/kind.ts";
import { plannedMaintenanceTypes, schedulableAt } from "../../../projections/nodes/schedulable.ts";
import { soakRuns } from "../../random-runs.ts";
import { History, hour } from "../history.ts";

function reasonsAt(history: History, at: number): readonly string[] {
  const view = history.view();
  const planned = view.factsOfTypes("node", "n", plannedMaintenanceTypes);
  const known = { timeline: view.entity("node", "n"), planned };
  return schedulableAt(known, { at, imminentMs: 0 }).reasons;
}

/** What is open after the last of the facts before the instant: the other reading of the same page. */
it("at any instant of random histories it is what the facts before the instant leave open", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const types = [
    "NodeCommissioned",
    "NodeDecommissioned",
    "NodeFailed",
    "NodeReturned",
    "NodeMaintenanceStarted",
    "NodeMaintenanceEnded",
    "NodeObservationLost",
    "NodeObservationRestored",
  ] as const;
  for (let run = 0; run < soakRuns(2_000, 200); run++) {
    const history = new History();
    for (let i = 0; i < 14; i++) {
      const type = types[random(types.length)] ?? "NodeFailed";
      const id = `x${random(3)}`;
      const own = {
        NodeFailed: { faultId: id, category: "hardware" },
        NodeReturned: { faultIds: [id] },
        NodeMaintenanceStarted: { maintenanceId: id },
        NodeMaintenanceEnded: { maintenanceId: id },
      }[type as "NodeFailed"];
      history.add(type, random(12), { node: "n", ...own });
    }
    for (let hours = 0; hours <= 12; hours++) {
      const at = hour(hours);
      const before = history
        .view()
        .facts("node", "n")
        .filter((fact) => fact.occurredAt < at);
      const left = foldEntity(nodeKind, "n", before);
      const isLasting = ({ to }: { readonly to: number }) => to === Infinity;
      const expected = [
        left.memberships.some(isLasting) ? [] : ["not-a-member"],
        left.faults.some(isLasting) ? ["down"] : [],
        left.maintenance.some(isLasting) ? ["under-maintenance"] : [],
        left.unknown.some(isLasting) ? ["unobserved"] : [],
      ].flat();
      expect([run, hours, reasonsAt(history, at)]).toEqual([run, hours, expected]);
    }
  }
});
