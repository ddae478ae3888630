/** What every store promises about searches. */
import { describe, expect, test } from "vitest";
import type { EventFilter, EventStore } from "../../src/store/port.ts";
import type { EventSketch } from "./sample-events.ts";
import { checkedEvent, failure, part, positionOf, settled } from "./sample-events.ts";
import type { MakeStore } from "./store-under-test.ts";
import { fresh } from "./store-under-test.ts";

const history: readonly (readonly [string, EventSketch])[] = [
  ["node-alpha:n1", { data: failure("n1", "f1"), occurredAt: 100 }],
  ["node-beta:n1", { data: failure("n1", "f1", "beta"), occurredAt: 200 }],
  [
    "node-alpha:n1",
    {
      type: "NodeReturned",
      data: { cluster: "alpha", node: "n1", faultIds: ["f1"] },
      occurredAt: 300,
    },
  ],
  [
    "rollout-r1",
    { type: "RolloutStarted", data: { rollout: "r1", cluster: "alpha" }, occurredAt: 50 },
  ],
  [
    "node-beta:n1",
    {
      type: "FactRetracted",
      data: { eventId: "1f0e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11" },
      occurredAt: 200,
    },
  ],
  ["node-alpha:n2", { data: failure("n2", "f1"), occurredAt: 200 }],
];

async function fill(store: EventStore): Promise<void> {
  for (const [stream, sketch] of history) {
    const last = await store.streamRevision(stream);
    await positionOf(store, part(stream, last ?? "no-stream", [checkedEvent(sketch)]));
  }
  await settled(store, history.length);
}

export function queryContract(make: MakeStore): void {
  describe("a search", () => {
    test.each<[string, Partial<EventFilter>, number[]]>([
      ["everything", {}, [1, 2, 3, 4, 5, 6]],
      ["a stream", { stream: "node-alpha:n1" }, [1, 3]],
      ["a type", { type: "NodeFailed" }, [1, 2, 6]],
      ["a cluster", { cluster: "alpha" }, [1, 3, 4, 6]],
      ["a cluster whose facts were corrected", { cluster: "beta" }, [2, 5]],
      ["a time, half-open", { from: 100, to: 300 }, [1, 2, 5, 6]],
      ["what follows a place", { after: 3 }, [4, 5, 6]],
      ["what stands up to a place", { after: 1, upTo: 4 }, [2, 3, 4]],
      ["the first few", { limit: 2 }, [1, 2]],
      ["the first few of a stream", { stream: "node-alpha:n1", limit: 1 }, [1]],
      ["all at once", { cluster: "alpha", type: "NodeFailed", from: 150, after: 1 }, [6]],
      ["the last few, the latest first", { order: "desc", limit: 2 }, [6, 5]],
      ["a stream, the latest first", { stream: "node-alpha:n1", order: "desc" }, [3, 1]],
      [
        "a cluster between two places, the latest first",
        { cluster: "alpha", order: "desc", after: 1, upTo: 4 },
        [4, 3],
      ],
      ["what is not there", { cluster: "gamma" }, []],
      ["a stream that is not there", { stream: "node-alpha:n3" }, []],
    ])("for %s gives it by sequence", async (_, filter, expected) => {
      const { store } = await fresh(make);
      await fill(store);
      const found = await store.query({ after: 0, limit: 100, ...filter });
      expect(found.map((event) => event.sequence)).toEqual(expected);
    });
  });
}
