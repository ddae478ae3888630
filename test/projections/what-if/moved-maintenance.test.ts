/** Which maintenance moves with a rollout that another calendar lets start at another time. */
import { expect, test } from "vitest";
import { otherHistory } from "../../../projections/what-if/other-history.ts";
import { hypotheticalNfzs } from "../../../src/decisions/nfz/hypothetical.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { begin, hour, iso, zones } from "../history.ts";
import { Fleets } from "../impact/fleets.ts";

/** Maintenance of a node where rack r1 is under a zone from hour 10 to 30. */
function maintenanceOf(fleet: Fleets, node: string) {
  fleet.reach(400);
  const zone = {
    nfz: "z",
    clusters: "all" as const,
    scope: { racks: ["r1"] },
    inFlight: "finish" as const,
    occurrences: [{ from: iso(hour(10)), to: iso(hour(30)) }],
    declaredAt: begin,
  };
  const view = fleet.view();
  const other = otherHistory(
    view,
    view,
    stepsAtOnce(hypotheticalNfzs([zone], "c", hour(400), zones)),
  );
  const { maintenance = [] } = other.entity("node", node) ?? {};
  return maintenance.map(({ from, to }) => [(from - begin) / 3_600_000, (to - begin) / 3_600_000]);
}

test("is that which its first start names: a second start with the id begins nothing", () => {
  const fleet = new Fleets();
  fleet.ran("u", 20, 24);
  fleet.ran("v", 22, 24, { targets: { racks: ["r2"] } });
  fleet.maintenance("n1", 20, 21, "u", "m");
  fleet.maintenance("n1", 22, null, "v", "m");
  expect(maintenanceOf(fleet, "n1")).toEqual([[30, 31]]);
});

test("is also that which counted nowhere, as the node was no member yet", () => {
  const fleet = new Fleets();
  fleet.ran("u", 20, 24);
  fleet.add("NodeCommissioned", 25, { node: "n9", rack: "r1" });
  fleet.maintenance("n9", 20, 21, "u");
  expect(maintenanceOf(fleet, "n9")).toEqual([[30, 31]]);
});
