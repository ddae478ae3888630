import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalCheckedEvent,
  canonicalEvent,
  canonicalJson,
} from "../../src/events/canonical/canonical.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { randomRuns } from "../random-runs.ts";

const vectors = join(import.meta.dirname, "../../../shared/data/vectors/jcs-rfc8785/testdata");
const why = existsSync(vectors) ? "" : ` (skipped: ${vectors} is not there)`;

describe(`canonical JSON by RFC 8785${why}`, () => {
  test.skipIf(why !== "")("agrees with the vectors of the RFC's author", () => {
    const names = readdirSync(join(vectors, "input"));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const input: unknown = JSON.parse(readFileSync(join(vectors, "input", name), "utf8"));
      const output = readFileSync(join(vectors, "output", name), "utf8");
      expect(canonicalJson(input), name).toBe(output);
      // Its members stand in order now: the quick way must give the same.
      expect(canonicalJson(JSON.parse(output)), name).toBe(output);
    }
  });

  test("is the same from either implementation", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        const canonical = canonicalize(value);
        expect(canonicalJson(value)).toBe(canonical);
        expect(canonicalJson(JSON.parse(canonical ?? ""))).toBe(canonical);
      }),
      { numRuns: randomRuns(500) },
    );
  });

  test.each([
    ["a lone surrogate", { a: "\ud800" }, /lone surrogate/i],
    ["a lone surrogate in a name", { "\udfff": 1 }, /lone surrogate/i],
    ["not a number", { a: Number.NaN }, /NaN/],
    ["infinity", [Number.POSITIVE_INFINITY], /infinity/i],
    ["nothing", undefined, /not a JSON value/],
    ["a function", () => 1, /not a JSON value/],
  ])("refuses %s", (_, value, words) => {
    expect(() => canonicalJson(value)).toThrow(words);
  });

  test("is refused for a cycle, without exhausting the stack", () => {
    const cycle: Record<string, unknown> = {};
    cycle["a"] = cycle;
    expect(() => canonicalJson(cycle)).toThrow(/circular/i);
  });
});

const parts: Parameters<typeof canonicalEvent>[0] = {
  stream: "node-alpha:n1",
  revision: 3,
  id: "0b5e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11",
  type: "NodeFailed",
  schemaVersion: 1,
  occurredAt: 0,
  recordedAt: 1_234,
  dataJson: '{"cluster":"alpha"}',
  attributionJson: "{}",
};

describe("the canonical text of an event", () => {
  test("has its members in order of their names", () => {
    expect(canonicalEvent({ ...parts, attributionJson: '{"actor":"eva","ticket":"T-1"}' })).toBe(
      '{"actor":"eva","data":{"cluster":"alpha"},"id":"0b5e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11",' +
        '"occurredAt":"1970-01-01T00:00:00.000Z","recordedAt":"1970-01-01T00:00:01.234Z",' +
        '"revision":3,"schemaVersion":1,"stream":"node-alpha:n1","ticket":"T-1","type":"NodeFailed"}',
    );
  });

  test("is RFC 8785's canonical form of the whole event, whatever its texts contain", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    const attribution = fc.record(
      {
        actor: text,
        causationId: text,
        correlationId: text,
        reason: text,
        source: text,
        ticket: text,
      },
      { requiredKeys: [] },
    );
    const instant = fc.integer({ min: -2_000_000_000_000, max: 250_000_000_000_000 });
    fc.assert(
      fc.property(
        attribution,
        fc.dictionary(text, fc.jsonValue()),
        text,
        fc.bigInt({ min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) }),
        instant,
        instant,
        (who, data, stream, revision, occurredAt, recordedAt) => {
          const row = {
            ...parts,
            stream,
            revision,
            occurredAt,
            recordedAt,
            dataJson: canonicalJson(data),
            attributionJson: canonicalJson(who),
          };
          const whole = canonicalEvent(row);
          expect(canonicalCheckedEvent(row, row)).toBe(whole);
          const { id, schemaVersion, type } = parts;
          const plain = canonicalize({
            ...who,
            data,
            id,
            occurredAt: formatInstant(occurredAt),
            recordedAt: formatInstant(recordedAt),
            revision: Number(revision),
            schemaVersion,
            stream,
            type,
          });
          expect(whole).toBe(plain);
        },
      ),
      { numRuns: randomRuns(300) },
    );
  });

  test.each([
    '{"source":"a","zone":"b"}',
    '{"source" :"a"}',
    '{"ticket":"a","source":"b"}',
    '{"source":"a","source":"a"}',
    "null",
    "[]",
    "5",
  ])("refuses the attribution %s, part of which it would otherwise ignore", (attributionJson) => {
    expect(() => canonicalEvent({ ...parts, attributionJson })).toThrow(/attribution/);
  });
});
