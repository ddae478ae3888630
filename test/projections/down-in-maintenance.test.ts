import { describe, expect, it } from "vitest";
import { asPolicy } from "../../projections/figures/exclusions/policy.ts";
import { History, hour, hourMs, iso } from "./history.ts";

const { eventId: _none, ...terms } = { ...asPolicy(null), monthlyAllowanceNodeHours: 10 };

/** Node `a` is a member from hour -100 (in February); the policy holds from then on. */
function withNode(own: Partial<typeof terms> = {}): History {
  const history = new History();
  history.add("SlaPolicySet", -1_000, { ...terms, ...own });
  history.add("NodeCommissioned", -100, { node: "a" });
  return history;
}

/** A maintenance of node `a`, planned from one hour to another and announced a day and more before. */
function announce(history: History, from: number, to: number): void {
  const planned = { plannedFrom: iso(hour(from)), plannedTo: iso(hour(to)) };
  history.add("NodeMaintenanceAnnounced", -40, { node: "a", maintenanceId: "m", ...planned });
}

function maintain(history: History, from: number, to: number): void {
  history.add("NodeMaintenanceStarted", from, { node: "a", maintenanceId: "m" });
  history.add("NodeMaintenanceEnded", to, { node: "a", maintenanceId: "m" });
}

describe("down time inside an announced maintenance", () => {
  /** Node `a` fails at hour 5 for an hour, inside a maintenance from 4 to 8 that is planned from 4 to 7. */
  function rebooted(own: Partial<typeof terms>): History {
    const history = withNode(own);
    announce(history, 4, 7);
    maintain(history, 4, 8);
    history.add("NodeFailed", 5, { node: "a", faultId: "f", category: "unknown" });
    history.add("NodeReturned", 6, { node: "a", faultIds: ["f"] });
    return history;
  }

  it("is not excluded unless the policy says so", () => {
    const history = rebooted({});
    history.reach(20);
    expect(history.report(0, 20).nis.excludedNodeMs).toBe(2 * hourMs);
  });

  it("is excluded with the maintenance if the policy says so, and stays down time", () => {
    const history = rebooted({ excludeDownInMaintenance: true });
    history.reach(20);
    const { nis, mttr, policy } = history.report(0, 20);
    expect(policy.excludeDownInMaintenance).toBe(true);
    expect(nis.exclusions).toMatchObject([{ kind: "maintenance", ms: 3 * hourMs }]);
    expect([nis.downNodeMs, nis.maintenanceNodeMs]).toEqual([hourMs, 3 * hourMs]);
    expect(mttr.faultsClosed).toBe(1);
  });

  it("is not excluded before or after the planned window, or after the interval has ended", () => {
    const history = withNode({ excludeDownInMaintenance: true });
    announce(history, 4, 7);
    maintain(history, 3, 6);
    history.add("NodeFailed", 2, { node: "a", faultId: "f", category: "unknown" });
    history.add("NodeReturned", 9, { node: "a", faultIds: ["f"] });
    history.reach(20);
    expect(history.report(0, 20).nis.excludedNodeMs).toBe(2 * hourMs);
  });

  it("uses the allowance, in order of time", () => {
    const history = rebooted({ excludeDownInMaintenance: true, monthlyAllowanceNodeHours: 1.5 });
    history.reach(20);
    expect(history.report(0, 20).nis.excludedNodeMs).toBe(1.5 * hourMs);
    expect(history.report(0, 5).nis.excludedNodeMs).toBe(hourMs);
    expect(history.report(5, 6).nis.excludedNodeMs).toBe(0.5 * hourMs);
  });

  it("follows the policy at the start of its own month, not of the interval's", () => {
    const history = withNode({});
    history.add("SlaPolicySet", 0, { ...terms, excludeDownInMaintenance: true });
    announce(history, -2, 4);
    maintain(history, -2, 4);
    history.add("NodeFailed", -1, { node: "a", faultId: "f", category: "unknown" });
    history.add("NodeReturned", 2, { node: "a", faultIds: ["f"] });
    history.reach(20);
    // February: from -2 to -1 in maintenance; March: all four hours, two of them down.
    expect(history.report(-10, 10).nis.excludedNodeMs).toBe(5 * hourMs);
  });
});
