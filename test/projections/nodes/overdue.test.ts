/** Maintenance that should be over: past its plan, or longer than the policy allows. */
import { expect, it } from "vitest";
import { overdueAt } from "../../../projections/nodes/overdue.ts";
import { plannedMaintenanceTypes } from "../../../projections/nodes/schedulable.ts";
import { History, hour, hourMs, iso } from "../history.ts";

class Maintained extends History {
  announced(hours: number, to: number, recordedAt = hours): void {
    const plan = { plannedFrom: iso(hour(1)), plannedTo: iso(hour(to)) };
    const data = { node: "n", maintenanceId: "m", ...plan };
    this.add("NodeMaintenanceAnnounced", hours, data, { recordedAt: hour(recordedAt) });
  }

  started(hours: number): void {
    this.add("NodeMaintenanceStarted", hours, { node: "n", maintenanceId: "m" });
  }

  /** When what is overdue at the hour should have been over, in hours. */
  due(hours: number, maxHours = 24): number[] {
    const view = this.view();
    const timeline = view.entity("node", "n");
    if (timeline === null) return [];
    const planned = (node: string) => view.factsOfTypes("node", node, plannedMaintenanceTypes);
    const found = overdueAt(timeline, planned, hour(hours), maxHours * hourMs);
    return found.map(({ dueAt }) => (dueAt - hour(0)) / hourMs);
  }
}

function maintained(): Maintained {
  const history = new Maintained();
  history.add("NodeCommissioned", 0, { node: "n" });
  return history;
}

const ms = 1 / hourMs;

it("is overdue past the planned end of its latest announcement, not at it", () => {
  const history = maintained();
  history.announced(0, 4);
  history.started(1);
  expect([history.due(4), history.due(4 + ms)]).toEqual([[], [4]]);
});

it("is moved by an announcement that is recorded later, also while it is open", () => {
  const history = maintained();
  history.announced(0, 4);
  history.started(1);
  history.announced(3, 9);
  expect([history.due(5), history.due(10)]).toEqual([[], [9]]);
  history.announced(2, 6, 11);
  expect(history.due(7)).toEqual([6]);
});

it("without an announcement it is overdue once it is older than maintenanceMaxMs", () => {
  const history = maintained();
  history.started(1);
  expect([history.due(25), history.due(25 + ms), history.due(3, 1)]).toEqual([[], [25], [2]]);
});

it("is not overdue before it begins, nor once it has ended or its node has left", () => {
  const history = maintained();
  history.announced(0, 4);
  expect(history.due(10)).toEqual([]);
  history.started(1);
  history.add("NodeMaintenanceEnded", 6, { node: "n", maintenanceId: "m" });
  expect([history.due(6), history.due(6 + ms)]).toEqual([[4], []]);
  const gone = maintained();
  gone.started(1);
  gone.add("NodeDecommissioned", 5, { node: "n" });
  expect(gone.due(200)).toEqual([]);
});

it("is what the facts before the instant say: an announcement that came later changes nothing of it", () => {
  const history = maintained();
  history.started(1);
  history.announced(50, 60);
  expect([history.due(40), history.due(55), history.due(61)]).toEqual([[25], [], [60]]);
});
