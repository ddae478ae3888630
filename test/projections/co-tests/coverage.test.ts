import { expect, test } from "vitest";
import { QueueCoverage } from "../../../projections/co-tests/coverage.ts";
import { rolloutsInQueue } from "../../../projections/co-tests/queued-rollouts.ts";
import { History, hour } from "../history.ts";

const driver = (version: string) => ({ component: "driver", version });

/** A queue of reported rollouts of these updates, all of the whole cluster. */
function coverageOf(...lists: (readonly { component: string; version: string }[])[]) {
  const history = new History();
  history.add("NodeCommissioned", 0, { node: "n1" });
  for (const [index, updates] of lists.entries())
    history.add("RolloutSubmitted", 1, {
      rollout: `u${index}`,
      updates: [...updates],
      impact: { kind: "impactless" },
      urgency: "routine",
    });
  const queue = rolloutsInQueue(history.view(), hour(2));
  const coverage = new QueueCoverage(queue);
  const conflicts = queue.rollouts.map((each) => coverage.of(each).conflict);
  return { total: coverage.total(), conflicts, pairs: coverage.page(null, 10)?.pairs };
}

test("a rollout that names a component in two versions is in no conflict with itself", () => {
  const { total, conflicts, pairs } = coverageOf([driver("1"), driver("2")]);
  expect(pairs).toEqual([]);
  expect(conflicts).toEqual([0]);
  expect(total).toEqual({ passed: 0, failed: 0, never: 0, conflict: 0 });
});

test("it is in conflict with each other rollout of the component, also of the same updates", () => {
  const both = [driver("1"), driver("2")];
  const { total, conflicts, pairs } = coverageOf(both, both, [driver("1")]);
  expect(pairs?.map(({ rollouts }) => rollouts.join())).toEqual(["u0,u1", "u0,u2", "u1,u2"]);
  expect(conflicts).toEqual([2, 2, 2]);
  expect(total.conflict).toBe(3);
});
