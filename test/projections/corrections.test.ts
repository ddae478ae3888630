import { describe, expect, it } from "vitest";
import { isAmendment } from "../../projections/facts/effective-facts.ts";
import { effectiveFacts } from "./effective-facts-at.ts";
import { FactVersions } from "../../projections/facts/fact-versions.ts";
import { begin, History, hour, idOf, iso } from "./history.ts";

const failed = (faultId: string, node = "a") => ({ node, faultId, category: "hardware" }) as const;
const whole = (faultId: string, node = "a") => ({ cluster: "c", ...failed(faultId, node) });

/** What stands, as [id, hours, data] of the failures. */
function standing(history: History, P = history.events.length): unknown[] {
  return effectiveFacts(history.events, P)
    .filter((fact) => fact.type === "NodeFailed")
    .map((fact) => [fact.id, (fact.occurredAt - begin) / 3_600_000, fact.data.faultId]);
}

function withFailure(): History {
  const history = new History();
  history.add("NodeFailed", 1, failed("f"));
  return history;
}

describe("a correction", () => {
  it("of an event with several wins field by field, the highest sequence first", () => {
    const history = withFailure();
    history.add("FactCorrected", 9, {
      eventId: idOf(1),
      occurredAt: iso(hour(2)),
      data: whole("g"),
    });
    history.add("FactCorrected", 3, { eventId: idOf(1), occurredAt: iso(hour(4)) });
    expect(standing(history)).toEqual([[idOf(1), 4, "g"]]);
    expect(standing(history, 2)).toEqual([[idOf(1), 2, "g"]]);
    expect(standing(history, 1)).toEqual([[idOf(1), 1, "f"]]);
  });

  it("may be corrected: its own time is irrelevant, and it keeps what it names", () => {
    const history = withFailure();
    history.add("FactCorrected", 2, { eventId: idOf(1), occurredAt: iso(hour(2)) });
    history.add("FactCorrected", 3, { eventId: idOf(2), occurredAt: iso(hour(30)) });
    expect(standing(history)).toEqual([[idOf(1), 2, "f"]]);
    history.add("FactCorrected", 3, {
      eventId: idOf(2),
      data: { eventId: idOf(1), data: whole("g") },
    });
    // The whole new data of the correction no longer says another time.
    expect(standing(history)).toEqual([[idOf(1), 1, "g"]]);
  });

  it("may be retracted, and the retraction may be retracted too", () => {
    const history = withFailure();
    history.add("FactCorrected", 2, { eventId: idOf(1), occurredAt: iso(hour(2)) });
    history.add("FactRetracted", 3, { eventId: idOf(2) });
    expect(standing(history)).toEqual([[idOf(1), 1, "f"]]);
    history.add("FactRetracted", 4, { eventId: idOf(3) });
    expect(standing(history)).toEqual([[idOf(1), 2, "f"]]);
  });

  it("changes nothing if it names no event, a later one or a system event", () => {
    const history = new History();
    history.add("FactRetracted", 1, { eventId: idOf(2) });
    history.add("NodeFailed", 1, failed("f"));
    history.add("FactRetracted", 1, { eventId: idOf(99) });
    history.add("LedgerSealed", 2, {} as never);
    history.add("FactRetracted", 3, { eventId: idOf(4) });
    expect(standing(history)).toEqual([[idOf(2), 1, "f"]]);
    expect(effectiveFacts(history.events, 5).map((fact) => fact.type)).toEqual([
      "NodeFailed",
      "LedgerSealed",
    ]);
  });

  it("moves the event to where its new data say, with the event's own id and sequence", () => {
    const history = new History();
    history.add("NodeCommissioned", 0, { node: "a" });
    history.add("NodeCommissioned", 0, { node: "b" });
    history.add("NodeFailed", 1, failed("f", "a"));
    history.add("FactCorrected", 2, { eventId: idOf(3), data: whole("f", "b") });
    expect(history.view().entity("node", "a")?.faults).toEqual([]);
    expect(history.view().entity("node", "b")?.faults).toMatchObject([{ eventId: idOf(3) }]);
  });
});

describe("a retracted event", () => {
  it("has no effect, even if it is corrected, until the retraction is retracted", () => {
    const history = withFailure();
    history.add("FactRetracted", 2, { eventId: idOf(1) });
    history.add("FactCorrected", 3, { eventId: idOf(1), occurredAt: iso(hour(3)) });
    expect(standing(history)).toEqual([]);
    history.add("FactRetracted", 4, { eventId: idOf(2) });
    expect(standing(history)).toEqual([[idOf(1), 3, "f"]]);
  });
});

describe("a fact with amendments", () => {
  it("knows every correction and retraction at any depth, and counts as recorded with the last of them", () => {
    const history = withFailure();
    history.add("FactCorrected", 2, { eventId: idOf(1), occurredAt: iso(hour(2)) });
    history.add("FactRetracted", 5, { eventId: idOf(2) });
    history.add("FactRetracted", 7, { eventId: idOf(3) });
    history.reach(9);
    const [fact] = effectiveFacts(history.events, 4);
    expect(fact?.amendedBy).toEqual([idOf(2), idOf(3), idOf(4)]);
    expect(fact?.recordedAt).toBe(hour(7));
  });

  it("is the same from its own events alone as from all events, at every position", () => {
    const history = withFailure();
    history.add("FactCorrected", 2, { eventId: idOf(1), occurredAt: iso(hour(2)) });
    history.add("FactRetracted", 5, { eventId: idOf(1) });
    history.add("FactRetracted", 7, { eventId: idOf(3) });
    const [target, ...touches] = history.events;
    if (target === undefined) throw new Error("there is no first event");
    const versions = new FactVersions(target);
    for (const touch of touches) if (isAmendment(touch)) versions.add(touch);
    for (let P = 1; P <= 4; P++) {
      expect(versions.factAt(versions.indexAt(P))).toEqual(
        effectiveFacts(history.events, P)[0] ?? null,
      );
    }
  });
});
