import { describe, expect, it } from "vitest";
import { compareQueuePlaces, queuePlace } from "../../../projections/rollouts/queue-order.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import { noStatus } from "../../../projections/rollouts/status.ts";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { hour, iso } from "../history.ts";

type Submission = DataOf<"RolloutSubmitted">;

interface Submitted extends Partial<Pick<Submission, "urgency" | "deadline">> {
  readonly at?: number;
}

function submitted(rollout: string, { at = 0, ...more }: Submitted = {}): RolloutStatus {
  const data: Submission = {
    rollout,
    cluster: "c",
    updates: [{ component: "driver", version: "1" }],
    impact: { kind: "impactless" },
    urgency: "routine",
    ...more,
  };
  const fact = { type: "RolloutSubmitted", id: rollout, occurredAt: hour(at), data } as const;
  const submission = { ...fact, sequence: 1, since: 1, recordedAt: hour(at), amendedBy: [] };
  return { ...noStatus, state: "submitted", submission };
}

function inOrder(statuses: Readonly<Record<string, RolloutStatus>>): string[] {
  return Object.entries(statuses)
    .map(([rollout, status]) => queuePlace(rollout, status))
    .sort(compareQueuePlaces)
    .map(({ rollout }) => rollout);
}

describe("the order of the queue", () => {
  it("puts emergencies first, then security, important and routine updates", () => {
    const order = inOrder({
      a: submitted("a", { urgency: "routine", deadline: iso(hour(1)) }),
      b: submitted("b", { urgency: "important" }),
      c: submitted("c", { urgency: "security" }),
      d: submitted("d", { urgency: "emergency", at: 9 }),
    });
    expect(order).toEqual(["d", "c", "b", "a"]);
  });

  it("puts the earlier deadline first, and rollouts without a deadline last", () => {
    const order = inOrder({
      a: submitted("a"),
      b: submitted("b", { deadline: iso(hour(20)), at: 1 }),
      c: submitted("c", { deadline: "2026-03-01T11:00:00+01:00", at: 2 }),
    });
    expect(order).toEqual(["c", "b", "a"]);
  });

  it("puts the earlier submission first, and at one instant the lesser id", () => {
    const order = inOrder({
      b: submitted("b", { at: 1 }),
      c: submitted("c"),
      a: submitted("a", { at: 1 }),
    });
    expect(order).toEqual(["c", "a", "b"]);
  });

  it("puts rollouts that nobody submitted last, by id", () => {
    expect(inOrder({ z: noStatus, y: noStatus, x: submitted("x") })).toEqual(["x", "y", "z"]);
  });
});
