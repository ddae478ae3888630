import { describe, expect, it } from "vitest";
import type { NodeTimeline } from "../../projections/nodes/timeline.ts";
import { begin, History, hour, hourMs, idOf } from "./history.ts";

const minutes = 1 / 60;

/** A history whose node `a` is a member from hour 0. */
function withNode(): History {
  const history = new History();
  history.add("NodeCommissioned", 0, { node: "a" });
  return history;
}

function failed(history: History, hours: number, faultId = "f"): string {
  return history.add("NodeFailed", hours, { node: "a", faultId, category: "hardware" });
}

function returned(history: History, hours: number, ...faultIds: string[]): string {
  return history.add("NodeReturned", hours, { node: "a", faultIds });
}

function nodeA(history: History): NodeTimeline {
  const node = history.view().entity("node", "a");
  if (node === null) throw new Error("there is no node a");
  return node;
}

function kinds(history: History): string[] {
  return nodeA(history).findings.map((finding) => finding.kind);
}

function hoursOf(intervals: readonly { from: number; to: number }[]): number[][] {
  return intervals.map(({ from, to }) => [(from - begin) / hourMs, (to - begin) / hourMs]);
}

describe("a fault", () => {
  it("is the failure that occurred first with its id, whichever was recorded first", () => {
    const history = withNode();
    failed(history, 5);
    failed(history, 3);
    returned(history, 6, "f");
    expect(hoursOf(nodeA(history).faults)).toEqual([[3, 6]]);
    expect(kinds(history)).toEqual(["fault-id-used"]);
  });

  it("is not closed by a late recovery from another fault", () => {
    const history = withNode();
    failed(history, 1, "old");
    failed(history, 2, "new");
    returned(history, 3, "old");
    expect(hoursOf(nodeA(history).faults)).toEqual([
      [1, 3],
      [2, Infinity],
    ]);
  });

  it("ends at its failure if the return is up to five minutes early, which is a finding", () => {
    const history = withNode();
    failed(history, 1);
    returned(history, 1 - 5 * minutes, "f");
    expect(hoursOf(nodeA(history).faults)).toEqual([[1, 1]]);
    expect(kinds(history)).toEqual(["return-before-failure"]);
  });

  it("is not ended by a return a millisecond earlier than that", () => {
    const history = withNode();
    failed(history, 1);
    returned(history, 1 - 5 * minutes - 1 / hourMs, "f");
    expect(hoursOf(nodeA(history).faults)).toEqual([[1, Infinity]]);
    expect(kinds(history)).toEqual(["return-ends-nothing"]);
  });

  it("causes no finding for a return that ends at least one of the faults it names", () => {
    const history = withNode();
    failed(history, 1);
    returned(history, 2, "f", "never");
    expect(kinds(history)).toEqual([]);
  });

  it("counts from the commissioning on; its failure outside a membership is a finding", () => {
    const history = new History();
    failed(history, 1);
    history.add("NodeCommissioned", 2, { node: "a" });
    returned(history, 4, "f");
    expect(hoursOf(nodeA(history).faults)).toEqual([[2, 4]]);
    expect(kinds(history)).toEqual(["not-a-member"]);
  });

  it("is censored by the decommissioning, and a return afterwards is no finding", () => {
    const history = withNode();
    failed(history, 1);
    history.add("NodeDecommissioned", 3, { node: "a" });
    history.add("NodeCommissioned", 4, { node: "a" });
    returned(history, 5, "f");
    expect(nodeA(history).faults.map((fault) => fault.outcome)).toEqual(["censored"]);
    expect(hoursOf(nodeA(history).faults)).toEqual([[1, 3]]);
    expect(kinds(history)).toEqual([]);
    const { mttr } = history.report(0, 5);
    expect(mttr.faultsClosed).toBe(0);
    expect(mttr.censored).toHaveLength(1);
    expect(mttr.meanMs).toBeNull();
    expect(mttr.note).toBeDefined();
  });

  it("is repaired by a return at the exact instant of the decommissioning", () => {
    const history = withNode();
    failed(history, 1);
    history.add("NodeDecommissioned", 3, { node: "a" });
    returned(history, 3, "f");
    expect(nodeA(history).faults.map((fault) => fault.outcome)).toEqual(["repaired"]);
  });

  it("without duration counts if its failure is within a membership", () => {
    const history = withNode();
    failed(history, 1);
    returned(history, 1, "f");
    expect(hoursOf(nodeA(history).faults)).toEqual([[1, 1]]);
    history.reach(2);
    expect(history.report(0, 1 + 1 / hourMs).mttr.faultsClosed).toBe(1);
  });

  it("that touches no membership counts nowhere; sent again, its id is merely in use", () => {
    const history = new History();
    failed(history, 1);
    failed(history, 1.5);
    returned(history, 2, "f");
    history.add("NodeCommissioned", 2, { node: "a" });
    expect(nodeA(history).faults).toEqual([]);
    expect(kinds(history)).toEqual(["not-a-member", "fault-id-used"]);
  });

  it("belongs to the window in which it ended; a window includes its first instant", () => {
    const history = withNode();
    failed(history, 1);
    returned(history, 2, "f");
    history.reach(5);
    expect(history.report(1, 2).mttr.faultsClosed).toBe(0);
    expect(history.report(1, 2).mttr.open).toHaveLength(1);
    expect(history.report(2, 3).mttr.faultsClosed).toBe(1);
    expect(history.report(2, 3).mttr.faultsOpened).toBe(0);
  });
});

describe("a node's state", () => {
  it("is down rather than in maintenance, and in maintenance rather than unknown", () => {
    const history = withNode();
    history.add("NodeObservationLost", 1, { node: "a" });
    history.add("NodeMaintenanceStarted", 2, { node: "a", maintenanceId: "m" });
    failed(history, 3);
    returned(history, 4, "f");
    history.add("NodeMaintenanceEnded", 5, { node: "a", maintenanceId: "m" });
    history.add("NodeObservationRestored", 6, { node: "a" });
    const states = Array.from(nodeA(history).segments, (each) => each.state);
    expect(states).toEqual([
      "in-service",
      "unknown",
      "maintenance",
      "down",
      "maintenance",
      "unknown",
      "in-service",
    ]);
  });

  it("is observed at the start of each membership: lost observation ends with the membership before", () => {
    const history = withNode();
    history.add("NodeObservationLost", 1, { node: "a" });
    history.add("NodeDecommissioned", 2, { node: "a" });
    history.add("NodeObservationRestored", 3, { node: "a" });
    history.add("NodeCommissioned", 4, { node: "a" });
    history.add("NodeObservationLost", 5, { node: "a" });
    expect(hoursOf(nodeA(history).unknown)).toEqual([
      [1, 2],
      [5, Infinity],
    ]);
    expect(kinds(history)).toEqual(["observation-does-not-fit"]);
  });

  it("has one observation switch, whoever observes", () => {
    const history = withNode();
    history.add("NodeObservationLost", 1, { node: "a", observer: "x" });
    history.add("NodeObservationLost", 2, { node: "a", observer: "y" });
    history.add("NodeObservationRestored", 3, { node: "a", observer: "y" });
    expect(hoursOf(nodeA(history).unknown)).toEqual([[1, 3]]);
    expect(kinds(history)).toEqual(["observation-does-not-fit"]);
  });

  it("uses a maintenance id once: its first start, and the first end at or after it", () => {
    const history = withNode();
    history.add("NodeMaintenanceEnded", 1, { node: "a", maintenanceId: "m" });
    history.add("NodeMaintenanceStarted", 2, { node: "a", maintenanceId: "m" });
    history.add("NodeMaintenanceEnded", 2, { node: "a", maintenanceId: "m" });
    history.add("NodeMaintenanceStarted", 3, { node: "a", maintenanceId: "m" });
    history.add("NodeMaintenanceEnded", 4, { node: "a", maintenanceId: "m" });
    expect(hoursOf(nodeA(history).maintenance)).toEqual([[2, 2]]);
    expect(kinds(history)).toEqual(Array.from({ length: 3 }, () => "maintenance-does-not-fit"));
  });
});

describe("facts at one instant", () => {
  it("apply in the order that fits: out of a membership and into the next", () => {
    const history = withNode();
    history.add("NodeCommissioned", 2, { node: "a" });
    history.add("NodeDecommissioned", 2, { node: "a" });
    expect(hoursOf(nodeA(history).memberships)).toEqual([
      [0, 2],
      [2, Infinity],
    ]);
    expect(kinds(history)).toEqual([]);
  });

  it("apply once per type; the others are findings", () => {
    const history = new History();
    for (const type of ["NodeCommissioned", "NodeDecommissioned", "NodeCommissioned"] as const) {
      history.add(type, 2, { node: "a" });
    }
    expect(hoursOf(nodeA(history).memberships)).toEqual([[2, 2]]);
    expect(nodeA(history).findings).toEqual([
      { kind: "membership-does-not-fit", at: hour(2), factId: idOf(3) },
    ]);
  });
});
