import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LedgerError } from "../../src/errors.ts";
import { checkEvent } from "../../src/events/check/check.ts";
import { definitionOf, isEventType } from "../../src/events/catalogue.ts";
import { ownEnvelope } from "../../src/events/envelope.ts";
import { scenarios } from "../../src/simulate/scenarios/table.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import type { Simulation } from "./raw-events.ts";

const bytesOf = ({ events, truth }: Simulation) =>
  createHash("sha256")
    .update(JSON.stringify([events, truth]))
    .digest("hex");

const small = { quiet: 10, stormy: 5, supercomputer: 2 } as const;

describe("a simulation", () => {
  it.each(Object.entries(small))(
    "of %s has the same bytes for the same seed, others for another",
    (scenario, days) => {
      const bytes = bytesOf(simulate({ scenario, days, seed: 7 }));
      expect(bytesOf(simulate({ scenario, days, seed: 7 }))).toBe(bytes);
      expect(bytesOf(simulate({ scenario, days, seed: 8 }))).not.toBe(bytes);
    },
  );

  it.each(Object.entries(small))(
    "of %s states only events that fit their types",
    (scenario, days) => {
      for (const { recordedAt, ...event } of simulate({ scenario, days, seed: 11 }).events) {
        expect(ownEnvelope.safeParse(event).error, JSON.stringify(event)).toBeUndefined();
        if (!isEventType(event.type)) throw new Error(`no such type: ${event.type}`);
        const definition = definitionOf(event.type);
        expect(definition.data.safeParse(event.data).error, JSON.stringify(event)).toBeUndefined();
        for (const field of definition.needs ?? []) expect(event[field]).toBeTypeOf("string");
        expect(Date.parse(recordedAt)).not.toBeNaN();
      }
    },
  );

  it.each(Object.entries(small))(
    "of %s states only events that an import with kept recorded times takes, and decisions by no other door",
    (scenario, days) => {
      for (const seed of [11, 12, 13]) {
        for (const { recordedAt, ...event } of simulate({ scenario, days, seed }).events) {
          const nowMs = Date.parse(recordedAt);
          const taken = checkEvent(event, { nowMs, door: "moved" });
          if (taken instanceof LedgerError) throw taken;
          const stated = checkEvent(event, { nowMs, door: "sender" });
          const refused =
            stated instanceof LedgerError ? [stated.code, stated.errors[0]?.path] : [];
          expect(refused).toEqual("decision" in event ? ["invalid-event", "/decision"] : []);
        }
      }
    },
  );

  it.each(Object.entries(small))(
    "of %s is recorded in order, up to its end, and never before it happened",
    (scenario, days) => {
      const simulation = simulate({ scenario, days, seed: 5 });
      let last = -Infinity;
      for (const event of simulation.events) {
        const recordedAt = Date.parse(event.recordedAt);
        expect(recordedAt).toBeGreaterThanOrEqual(last);
        expect(recordedAt).toBeGreaterThanOrEqual(Date.parse(event.occurredAt));
        last = recordedAt;
      }
      expect(last).toBe(simulation.endMs);
    },
  );

  it("ends at the stated instant unless another is given", () => {
    expect(simulate({ scenario: "quiet", days: 1, seed: 1 }).endMs).toBe(Date.UTC(2026, 3, 1, 12));
    const endMs = Date.UTC(2020, 1, 29);
    const simulation = simulate({ scenario: "quiet", days: 3, seed: 1, endMs });
    expect(simulation.events.at(-1)?.recordedAt).toBe("2020-02-29T00:00:00.000Z");
    expect(simulation.events[0]?.occurredAt).toBe("2020-02-26T00:00:00.000Z");
  });

  it("is refused for an unknown scenario, part of a day, or a seed that is no whole number", () => {
    expect(() => simulate({ scenario: "calm", days: 1, seed: 1 })).toThrow(/supercomputer, quiet/);
    expect(() => simulate({ scenario: "quiet", days: 0, seed: 1 })).toThrow(RangeError);
    expect(() => simulate({ scenario: "quiet", days: 1.5, seed: 1 })).toThrow(RangeError);
    expect(() => simulate({ scenario: "quiet", days: 1, seed: 0.5 })).toThrow(RangeError);
  });

  it("has ids that are used once, but for lines that come again unchanged", () => {
    const seen = new Map<string, string>();
    for (const { recordedAt: _at, ...event } of simulate({ scenario: "stormy", days: 6, seed: 4 })
      .events) {
      const content = JSON.stringify(event);
      expect(seen.get(event.id) ?? content).toBe(content);
      seen.set(event.id, content);
    }
  });

  it("has a unique name and a description for each scenario", () => {
    expect(scenarios.map(({ name }) => name)).toEqual(["supercomputer", "quiet", "stormy"]);
    expect(new Set(scenarios.map(({ purpose }) => purpose)).size).toBe(scenarios.length);
  });
});
