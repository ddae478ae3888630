import { describe, expect, it } from "vitest";
import { type Queued, byQueueOrder } from "../../../projections/rollouts/queue-order.ts";
import type { DataOf } from "../../../src/events/catalogue.ts";
import { hour, iso } from "../history.ts";

type Submission = DataOf<"RolloutSubmitted">;

interface Submitted extends Partial<Pick<Submission, "urgency" | "deadline">> {
  readonly at?: number;
}

function submitted(rollout: string, { at = 0, ...more }: Submitted = {}): Queued {
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
  return { rollout, submission };
}

function inOrder(...rollouts: readonly Queued[]): string[] {
  return rollouts.toSorted(byQueueOrder).map(({ rollout }) => rollout);
}

describe("the order of the queue", () => {
  it("takes emergencies first, then security, important and routine updates", () => {
    const order = inOrder(
      submitted("a", { urgency: "routine", deadline: iso(hour(1)) }),
      submitted("b", { urgency: "important" }),
      submitted("c", { urgency: "security" }),
      submitted("d", { urgency: "emergency", at: 9 }),
    );
    expect(order).toEqual(["d", "c", "b", "a"]);
  });

  it("takes the earlier deadline first, and those without one last", () => {
    const order = inOrder(
      submitted("a"),
      submitted("b", { deadline: iso(hour(20)), at: 1 }),
      submitted("c", { deadline: "2026-03-01T11:00:00+01:00", at: 2 }),
    );
    expect(order).toEqual(["c", "b", "a"]);
  });

  it("takes who was submitted first, and of one instant the lesser id", () => {
    const order = inOrder(submitted("b", { at: 1 }), submitted("c"), submitted("a", { at: 1 }));
    expect(order).toEqual(["c", "a", "b"]);
  });

  it("takes what nobody submitted last, by id", () => {
    const never = (rollout: string): Queued => ({ rollout, submission: null });
    expect(inOrder(never("z"), never("y"), submitted("x"))).toEqual(["x", "y", "z"]);
  });
});
