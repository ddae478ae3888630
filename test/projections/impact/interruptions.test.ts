import { expect, test } from "vitest";
import { Fleets } from "./fleets.ts";

test.each([
  ["held", "n1", 1],
  ["took at its resume in the same millisecond", "n4", 0],
])("an interruption by maintenance of no node is by that of nodes that its job %s", (...row) => {
  const [, maintained, interruptions] = row;
  const fleet = new Fleets();
  fleet.ran("u", 20, 22);
  fleet.maintenance(maintained, 20, 21, "u", "m");
  fleet.add("JobStarted", 10, { job: "j", nodes: ["n1"] });
  fleet.add("JobInterrupted", 20, { job: "j", cause: { kind: "maintenance", maintenanceId: "m" } });
  fleet.add("JobResumed", 20, { job: "j", nodes: ["n4"] });
  expect(fleet.impact("u", 30).impact.interruptions).toBe(interruptions);
});
