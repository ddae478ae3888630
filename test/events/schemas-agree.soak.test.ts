import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventType } from "../../src/events/catalogue.ts";
import { catalogue, eventTypes } from "../../src/events/catalogue.ts";
import { compileSchema } from "../../src/events/check/compiled-schema.ts";
import { submittedEnvelope } from "../../src/events/envelope.ts";
import { findJsonError } from "../../src/events/fields/json-value.ts";
import { contradictory } from "./contradictory-events.ts";
import { soakRuns } from "../random-runs.ts";

type Json = Record<string, unknown>;

function exampleOf(type: string): Json {
  const file = new URL(`golden/${type}.v1.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).sent as Json;
}

/** Values at the edges of what schemas tell apart. */
const edges: readonly unknown[] = [
  ..."|x|X y|a,b|a[1]|a[1-|a[2-1]|a[1-300000]|start|fault|impactless|impactful|hardware".split("|"),
  ..."2026-01-01T00:00:00Z|2026-13-01T00:00:00Z|2016-12-31T23:59:60Z|UTC|Mars/Base".split("|"),
  ...["x", "𝒳", "😀"].flatMap((char) => [char.repeat(256), char.repeat(257), char.repeat(4_096)]),
  ..."0 -0 -1 0.5 1 2 9007199254740992 9007199254740991 1e300 100001".split(" ").map(Number),
  ..."null true false [] {} [[]] {'checkpointId':'c'} {'kind':'impactless'} ['a']"
    .split(" ")
    .map((text) => JSON.parse(text.replaceAll("'", '"')) as unknown),
  "6f1d2c3b-0000-4000-8000-000000000001",
  "6f1d2c3b-0000-0000-0000-00000000000",
];
const edge = fc.oneof(
  fc.constantFrom(...edges),
  fc.string({ unit: "binary" }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The example with one place, at any depth, changed, left out or added. */
function mutant(value: unknown, way: readonly number[], change: unknown): unknown {
  const [step = 0, ...rest] = way;
  if (typeof value !== "object" || value === null || rest.length === 0) return change;
  if (Array.isArray(value)) {
    const place = value.length === 0 ? 0 : step % value.length;
    return value.length === 0 ? [change] : value.with(place, mutant(value[place], rest, change));
  }
  const keys = Object.keys(value);
  const key = keys[step % (keys.length + 1)];
  if (key === undefined) return { ...value, extra: change };
  const { [key]: old, ...others } = value as Json;
  return step % 7 === 0 ? others : { ...others, [key]: mutant(old, rest, change) };
}

const way = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 5 });

/** What an example leaves out: fields that came later, optional and without a new version. */
const further: { readonly [T in EventType]?: Json } = {
  SlaPolicySet: { excludeDownInMaintenance: true },
};

const examples = eventTypes.flatMap((type): [string, EventType, Json][] => {
  const data = exampleOf(type)["data"] as Json;
  const more = further[type];
  const whole =
    more === undefined ? [] : [[`${type} with every field`, type, { ...data, ...more }]];
  return [[type, type, data], ...(whole as [string, EventType, Json][])];
});

describe("the compiled schemas and zod's", () => {
  test.each(examples)("accept and refuse the same data of %s", (_, type, example) => {
    const schema = catalogue[type].data;
    const fits = compileSchema(schema);
    expect(fits(example)).toBe(true);
    fc.assert(
      fc.property(way, edge, (places, change) => {
        const value = mutant(example, places, change);
        fc.pre(findJsonError(value) === null);
        expect(fits(value), JSON.stringify(value)).toBe(schema.safeParse(value).success);
      }),
      { numRuns: soakRuns(150, 50) },
    );
  });

  test("accept an event that contradicts itself alike, because contradictions are checked after both", () => {
    for (const { type, data } of contradictory) {
      const schema = catalogue[type as EventType].data;
      expect(schema.safeParse(data).success, type).toBe(true);
      expect(compileSchema(schema)(data), type).toBe(true);
    }
  });

  test("accept and refuse the same envelopes", () => {
    const fits = compileSchema(submittedEnvelope);
    fc.assert(
      fc.property(fc.constantFrom(...eventTypes), way, edge, (type, places, change) => {
        const value = mutant(exampleOf(type), places, change);
        fc.pre(findJsonError(value) === null);
        expect(fits(value), JSON.stringify(value)).toBe(submittedEnvelope.safeParse(value).success);
      }),
      { numRuns: soakRuns(500, 200) },
    );
  });
});
