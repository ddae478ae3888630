import fc from "fast-check";
import { expect, test } from "vitest";
import type { RawEvent, Amendment } from "../../projections/facts/effective-facts.ts";
import { isAmendment } from "../../projections/facts/effective-facts.ts";
import { FactVersions } from "../../projections/facts/fact-versions.ts";
import { soakRuns } from "../random-runs.ts";
import { History, hour, idOf, iso } from "./history.ts";

/** What a touch says of an earlier event: a place back in the row, whether it retracts, and what it states. */
const step = fc.record({
  back: fc.nat(8),
  retracts: fc.boolean(),
  saysTime: fc.boolean(),
  saysData: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A failure with corrections and retractions of it, and of these, as deep as it comes. */
function told(steps: readonly Step[]): RawEvent[] {
  const history = new History();
  history.add("NodeFailed", 1, { node: "n", faultId: "f", category: "hardware" });
  for (const [i, { back, retracts, saysTime, saysData }] of steps.entries()) {
    const n = history.events.length;
    const target = history.events[Math.max(0, n - 1 - back)];
    if (target === undefined) continue;
    const eventId = target.id.toUpperCase();
    const said = {
      eventId,
      ...(saysTime ? { occurredAt: iso(hour(2 + i)) } : {}),
      ...(saysData ? { data: dataFor(target, `f${i}`) } : {}),
    };
    if (retracts) history.add("FactRetracted", 2, { eventId });
    else history.add("FactCorrected", 2, said as never);
  }
  return history.events;
}

/** New data for an event: of a correction, what it is to say from now on of the one that it names. */
function dataFor(target: RawEvent, faultId: string): object {
  if (!isAmendment(target)) return { cluster: "c", node: "n", faultId, category: "hardware" };
  return { eventId: target.data.eventId, data: { faultId }, occurredAt: iso(hour(50)) };
}

/** The rule as it is written: what an event's standing corrections say, the latest first, field by field. */
function plainly(event: RawEvent, touches: readonly Amendment[]): unknown {
  const of = (target: RawEvent) =>
    touches.filter(({ data }) => data.eventId.toLowerCase() === target.id).toReversed();
  const isOut = (target: RawEvent): boolean =>
    of(target).some((each) => each.type === "FactRetracted" && !isOut(each));
  const says = (target: RawEvent): Record<string, unknown>[] =>
    of(target)
      .filter((each) => each.type === "FactCorrected" && !isOut(each))
      .map(
        (each) =>
          (says(each).find(({ data }) => data !== undefined)?.["data"] ?? each.data) as Record<
            string,
            unknown
          >,
      );
  const time = says(event).find(({ occurredAt }) => occurredAt !== undefined)?.["occurredAt"];
  return {
    retracted: isOut(event),
    occurredAt: time === undefined ? event.occurredAt : Date.parse(time as string),
    data: says(event).find(({ data }) => data !== undefined)?.["data"] ?? event.data,
  };
}

test("a fact has the content that the rule defines, after each correction and retraction at any depth", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const [event, ...touches] = told(steps);
      if (event === undefined) throw new Error("there is no event");
      const versions = new FactVersions(event);
      for (const [i, touch] of touches.entries()) {
        if (!isAmendment(touch)) throw new Error("only the first is no correction");
        versions.add(touch);
        const before = touches.slice(0, i + 1).filter(isAmendment);
        expect(versions.latest).toMatchObject(plainly(event, before) as object);
        expect(versions.all[versions.indexAt(touch.sequence)]).toBe(versions.latest);
      }
      const last = versions.factAt(versions.all.length - 1);
      const ids = touches.map((_, i) => idOf(i + 2));
      expect(last?.amendedBy).toEqual(versions.latest.retracted ? undefined : ids);
    }),
    { numRuns: soakRuns(3_000, 1_000) },
  );
});
