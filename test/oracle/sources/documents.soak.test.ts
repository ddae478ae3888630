/** Documents of Azure's scheduled events, in any order, against the same documents in theirs. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { seeScheduledEvents } from "../../../src/sources/azure/scheduled-events.ts";
import { sourceOf } from "../../sources/payloads/deliveries.ts";
import { soakRuns } from "../../random-runs.ts";
import { OneNode, epoch, second } from "./one-node.ts";

const source = sourceOf({
  name: "src",
  kind: "azure-scheduled-events",
  cluster: "alpha",
  node: "{resource}",
});

/** The life of an event, by when its agent read it: announced for some plans, begun, gone. */
interface Life {
  readonly type: "Reboot" | "Redeploy" | "Freeze";
  readonly plans: readonly number[];
  readonly isBegun: boolean;
}

const life: fc.Arbitrary<Life> = fc.record({
  type: fc.constantFrom("Reboot" as const, "Redeploy" as const, "Freeze" as const),
  plans: fc.uniqueArray(fc.integer({ min: 50, max: 59 }), { maxLength: 3 }),
  isBegun: fc.boolean(),
});

interface Document {
  readonly at: number;
  readonly events: readonly object[];
}

function documentsOf({ type, plans, isBegun }: Life): Document[] {
  const event = (EventStatus: string, NotBefore: string) => ({
    EventId: "E1",
    EventType: type,
    EventStatus,
    Resources: ["n1"],
    NotBefore,
    EventSource: "Platform",
    DurationInSeconds: -1,
  });
  const announced = plans.map((plan, i) => ({
    at: 10 + i,
    events: [event("Scheduled", formatInstant(epoch + plan * second))],
  }));
  const begun = isBegun ? [{ at: 60, events: [event("Started", "")] }] : [];
  return [{ at: 5, events: [] }, ...announced, ...begun, { at: 70, events: [] }];
}

function factsAfter(documents: readonly Document[]) {
  const node = new OneNode("azure-scheduled-events");
  const nowMs = epoch + 86_400_000;
  for (const { at, events } of documents) {
    const observedAt = formatInstant(epoch + at * second);
    const body = { agent: "n1", observedAt, document: { Events: events } };
    if (source.kind !== "azure-scheduled-events") throw new Error("another source");
    node.run(seeScheduledEvents(source, body, { nowMs, known: [] }).tasks);
  }
  return node.facts();
}

test("documents in any order and repetition give the same facts, once the latest has come again", () => {
  fc.assert(
    fc.property(
      life.chain((each) => {
        const documents = documentsOf(each);
        return fc.tuple(
          fc.constant(documents),
          fc.shuffledSubarray(documents, { minLength: documents.length }),
          fc.array(fc.constantFrom(...documents), { maxLength: 4 }),
        );
      }),
      ([documents, order, again]) => {
        const last = documents.slice(-1);
        expect(factsAfter([...order, ...again, ...last])).toEqual(factsAfter(documents));
      },
    ),
    { numRuns: soakRuns(10_000, 1_000) },
  );
});
