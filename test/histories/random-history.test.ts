import { describe, expect, it } from "vitest";
import { definitionOf, isEventType } from "../../src/events/catalogue.ts";
import { maxFutureSkewMs } from "../../src/limits/events.ts";
import type { OracleData, OracleEvent } from "../oracle/facts/oracle-event.ts";
import { randomRuns } from "../random-runs.ts";
import { randomHistory } from "./random-history.ts";
import { randomRequest } from "./random-request.ts";

const seeds = Array.from({ length: randomRuns(200) }, (_, place) => place + 1);

/** What a type's schema says against data; null if nothing. */
function fault(type: string, data: OracleData): unknown {
  if (!isEventType(type)) return `${type} is an unknown event type`;
  const result = definitionOf(type).data.safeParse(data);
  return result.success ? null : result.error.issues;
}

/** What is wrong with the new data that a correction gives, down through corrections of corrections. */
function amendmentFault(history: readonly OracleEvent[], place: number): unknown {
  const amendment = history[place];
  const target = history.findIndex((event) => event.id === amendment?.data.eventId);
  if (target < 0 || target >= place) return "it names no earlier event";
  const check = (type: string, data: OracleData | undefined, named: OracleEvent): unknown => {
    if (data === undefined) return null;
    const found = fault(type, data);
    if (found !== null || !named.type.startsWith("Fact")) return found;
    if (data.eventId !== named.data.eventId) return "a correction must keep its eventId";
    const inner = history.find((event) => event.id === data.eventId);
    return inner ? check(inner.type, data.data, inner) : "it names no event";
  };
  const named = history[target];
  return named ? check(named.type, amendment?.data.data, named) : "it names no event";
}

describe("random histories", () => {
  it("are the same for the same seed, and so are the requests", () => {
    for (const seed of seeds.slice(0, 20)) {
      const history = randomHistory(seed);
      expect(randomHistory(seed)).toEqual(history);
      expect(randomRequest(seed, history)).toEqual(randomRequest(seed, history));
    }
    expect(randomHistory(1)).not.toEqual(randomHistory(2));
  });

  it("contain only events that are valid by their schemas, recorded at most the allowed clock difference early", () => {
    for (const seed of seeds) {
      for (const event of randomHistory(seed)) {
        expect({ seed, event, fault: fault(event.type, event.data) }).toMatchObject({
          fault: null,
        });
        const early = Date.parse(event.occurredAt) - Date.parse(event.recordedAt);
        expect(early).toBeLessThanOrEqual(maxFutureSkewMs);
      }
    }
  });

  it("correct and retract only earlier events, with complete and valid data", () => {
    let amended = 0;
    for (const seed of seeds) {
      const history = randomHistory(seed);
      for (const [place, event] of history.entries()) {
        if (!event.type.startsWith("Fact")) continue;
        amended += 1;
        const found = amendmentFault(history, place);
        expect({ seed, event, found }).toMatchObject({ found: null });
      }
    }
    expect(amended).toBeGreaterThan(seeds.length);
  });

  it("give every event a unique id", () => {
    for (const seed of seeds) {
      const ids = randomHistory(seed).map((event) => event.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
