import { expect, test } from "vitest";
import { rolloutsInQueue } from "../../../projections/co-tests/queued-rollouts.ts";
import { releasePlan } from "../../../projections/release-plan/plan.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { History, hour } from "../history.ts";

test("a plan of a queue that is kept is the same after other questions named nodes that are no members", () => {
  const history = new History();
  for (const node of ["n1", "n2"]) history.add("NodeCommissioned", 0, { node });
  history.add("RolloutSubmitted", 1, {
    rollout: "u",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactful", secondsPerNode: 60 },
    urgency: "routine",
  });
  const view = history.view();
  const queue = rolloutsInQueue(view, hour(2));
  const plan = () => stepsAtOnce(releasePlan(view, queue, 0.5, () => 60_000));
  const before = plan();
  queue.nodeSets.setOf({ nodes: ["x[1-3]"] });
  expect(plan()).toEqual(before);
  expect(before.waves).toMatchObject([{ rollouts: ["u"], touched: 2, batches: 2 }]);
});
