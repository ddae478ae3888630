/** Whether work may be scaled onto a node: each reason, their order, and until when. */
import { describe, expect, it } from "vitest";
import { plannedMaintenanceTypes, schedulableAt } from "../../../projections/nodes/schedulable.ts";
import type { DecisionView } from "../../../projections/view.ts";
import { History, hour, hourMs, iso } from "../history.ts";

function known(view: DecisionView) {
  return {
    timeline: view.entity("node", "n"),
    planned: view.factsOfTypes("node", "n", plannedMaintenanceTypes),
  };
}

class NodeHistory extends History {
  at(hours: number, imminentHours = 1, P?: number) {
    const at = hour(hours);
    const asked = { at, imminentMs: imminentHours * hourMs };
    const { reasons, until } = schedulableAt(known(this.view(P)), asked);
    return { reasons, until: until === null ? null : (until - hour(0)) / hourMs };
  }

  commissioned(hours = 0): this {
    this.add("NodeCommissioned", hours, { node: "n" });
    return this;
  }

  failed(hours: number, faultId = "f"): this {
    this.add("NodeFailed", hours, { node: "n", faultId, category: "hardware" });
    return this;
  }

  announced(
    hours: number,
    [from, to]: readonly [number, number],
    more: { readonly id?: string; readonly recordedAt?: number; readonly event?: string } = {},
  ): string {
    const plan = { plannedFrom: iso(hour(from)), plannedTo: iso(hour(to)) };
    return this.add(
      "NodeMaintenanceAnnounced",
      hours,
      { node: "n", maintenanceId: more.id ?? "m", ...plan },
      {
        ...(more.recordedAt === undefined ? {} : { recordedAt: hour(more.recordedAt) }),
        ...(more.event === undefined ? {} : { id: more.event }),
      },
    );
  }

  started(hours: number, maintenanceId = "m"): this {
    this.add("NodeMaintenanceStarted", hours, { node: "n", maintenanceId });
    return this;
  }

  ended(hours: number, maintenanceId = "m"): this {
    this.add("NodeMaintenanceEnded", hours, { node: "n", maintenanceId });
    return this;
  }
}

const free = { reasons: [], until: null };

describe("a node is schedulable", () => {
  it("if it is a member, up, observed, and no maintenance of it is open or imminent", () => {
    expect(new NodeHistory().commissioned().at(1)).toEqual(free);
  });

  it("if only facts that are still to come speak against it", () => {
    const history = new NodeHistory().commissioned().failed(5);
    expect(history.at(4)).toEqual(free);
  });

  it("again from the instant after its fault is returned and its maintenance ended", () => {
    const history = new NodeHistory().commissioned().failed(1).started(1);
    history.add("NodeReturned", 3, { node: "n", faultIds: ["f"] });
    history.ended(3);
    expect(history.at(3).reasons).toEqual(["down", "under-maintenance"]);
    expect(history.at(3.001)).toEqual(free);
  });
});

describe("it is not, and the reasons are in this order:", () => {
  it("not-a-member: no fact names it, it has left, or it has not come yet", () => {
    const history = new NodeHistory();
    expect(history.at(1)).toEqual({ reasons: ["not-a-member"], until: null });
    history.commissioned(2);
    expect(history.at(2).reasons).toEqual(["not-a-member"]);
    expect(history.at(2.5)).toEqual(free);
    history.add("NodeDecommissioned", 3, { node: "n" });
    expect(history.at(3)).toEqual(free);
    expect(history.at(4).reasons).toEqual(["not-a-member"]);
  });

  it("down, under-maintenance, unobserved, maintenance-imminent, all at once", () => {
    const history = new NodeHistory().commissioned();
    history.announced(0, [6, 9], { id: "next" });
    history.add("NodeObservationLost", 1, { node: "n" });
    history.started(1).failed(1);
    expect(history.at(5.5)).toEqual({
      reasons: ["down", "under-maintenance", "unobserved", "maintenance-imminent"],
      until: 9,
    });
  });

  it("a member no more, and yet announced: both are said", () => {
    const history = new NodeHistory();
    history.announced(0, [2, 4]);
    expect(history.at(2)).toEqual({ reasons: ["not-a-member", "maintenance-imminent"], until: 4 });
  });
});

describe("maintenance is imminent", () => {
  it("from imminentMs before its planned start, and until its planned end, which is not in it", () => {
    const history = new NodeHistory().commissioned();
    history.announced(0, [4, 6]);
    const ms = 1 / hourMs;
    const at = [3 - ms, 3, 4, 6 - ms, 6].map((hours) => history.at(hours).reasons.length);
    expect(at).toEqual([0, 1, 1, 1, 0]);
    expect(history.at(4 - ms, 0)).toEqual(free);
    expect(history.at(4, 0).reasons).toEqual(["maintenance-imminent"]);
  });

  it("by the announcement that was recorded last, whenever it occurred; of one instant, the greatest id", () => {
    const history = new NodeHistory().commissioned();
    history.announced(2, [4, 6], { recordedAt: 2 });
    history.announced(1, [10, 12], { recordedAt: 3 });
    expect(history.at(5)).toEqual(free);
    expect(history.at(10)).toEqual({ reasons: ["maintenance-imminent"], until: 12 });
    const id = (n: number) => `f0000000-0000-4000-8000-00000000000${n}`;
    history.announced(1, [14, 15], { recordedAt: 4, event: id(2) });
    history.announced(1, [20, 21], { recordedAt: 4, event: id(1) });
    expect(history.at(14).until).toBe(15);
    expect(history.at(20)).toEqual(free);
  });

  it("no more once it began, though it ended before its plan, nor once it is retracted", () => {
    const history = new NodeHistory().commissioned();
    history.announced(0, [4, 8]);
    history.started(4).ended(5);
    expect(history.at(6)).toEqual(free);
    const event = history.announced(0, [10, 12], { id: "other" });
    expect(history.at(11).reasons).toEqual(["maintenance-imminent"]);
    history.add("FactRetracted", 9, { eventId: event });
    expect(history.at(11)).toEqual(free);
    expect(history.at(11, 1, history.events.length - 1).reasons).toHaveLength(1);
  });

  it("no more once it began, though it began before the node was a member", () => {
    const history = new NodeHistory();
    history.announced(0, [1, 9]);
    history.started(1).ended(2);
    history.commissioned(3);
    expect(history.at(4)).toEqual(free);
  });

  it("by a correction: it counts as recorded when it was corrected", () => {
    const history = new NodeHistory().commissioned();
    const first = history.announced(0, [4, 6], { recordedAt: 1 });
    history.announced(0, [10, 12], { recordedAt: 2 });
    const { data } = history.events.find(({ id }) => id === first) ?? { data: {} };
    history.add("FactCorrected", 3, {
      eventId: first,
      data: { ...data, plannedTo: iso(hour(7)) },
    });
    expect(history.at(6.5)).toEqual({ reasons: ["maintenance-imminent"], until: 7 });
    expect(history.at(10)).toEqual(free);
  });
});

describe("until when", () => {
  it("is the latest planned end of what is open or imminent, and null if nothing is planned", () => {
    const history = new NodeHistory().commissioned();
    history.started(1, "bare");
    expect(history.at(2)).toEqual({ reasons: ["under-maintenance"], until: null });
    history.announced(2, [2, 7], { id: "planned" });
    history.started(2, "planned");
    expect(history.at(3).until).toBe(7);
    history.announced(4, [5, 6], { id: "soon" });
    expect(history.at(5).until).toBe(7);
    history.announced(4, [5, 9], { id: "soon" });
    expect(history.at(5).until).toBe(9);
  });

  it("is the plan of open maintenance although that is over", () => {
    const history = new NodeHistory().commissioned();
    history.announced(0, [1, 2]);
    history.started(1);
    expect(history.at(5)).toEqual({ reasons: ["under-maintenance"], until: 2 });
  });
});
