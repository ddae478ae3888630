import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/store/sqlite/rows/row-codec.ts";
import { rawEvent, storedEvent } from "../../../src/store/sqlite/rows/row-codec.ts";

const columns = {
  sequence: 8,
  stream: "node-alpha:n1",
  revision: 0,
  id: "1f0e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11",
  type: "NodeFailed",
  schemaVersion: 1,
  occurredAt: 1,
  recordedAt: 2,
  data: '{"cluster":"alpha"}',
  attribution: '{"source":"a"}',
};

function row(changed: Partial<Record<keyof typeof columns, Row[number]>>): Row {
  return Object.values({ ...columns, ...changed });
}

describe("a row", () => {
  test("becomes an event", () => {
    expect(storedEvent(rawEvent(row({})))).toEqual({
      sequence: 8,
      stream: "node-alpha:n1",
      revision: 0n,
      id: columns.id,
      type: "NodeFailed",
      schemaVersion: 1,
      occurredAt: 1,
      recordedAt: 2,
      data: { cluster: "alpha" },
      attribution: { source: "a" },
    });
  });

  test.each<[string, Parameters<typeof row>[0]]>([
    ["data that is no JSON", { data: "{" }],
    ["data that is no object", { data: "[]" }],
    ["data that is null", { data: "null" }],
    ["an attribution that is no JSON", { attribution: "x" }],
    ["an attribution that is not text", { attribution: '{"source":1}' }],
    ["an unknown type", { type: "NodeExploded" }],
    ["a type that is an object's own word", { type: "constructor" }],
    ["a schema version to come", { schemaVersion: 99 }],
    ["schema version 0", { schemaVersion: 0 }],
    ["a revision below 0", { revision: -1 }],
    ["a time that is no whole number", { occurredAt: 1.5 }],
    ["a stream that is no text", { stream: 5 }],
    ["an id that is missing", { id: null }],
  ])("with %s is corrupt, and the error names its sequence", (_, changed) => {
    expect(() => storedEvent(rawEvent(row(changed)))).toThrow(
      expect.objectContaining({ code: "corrupt-event", extra: { sequence: 8 } }),
    );
  });
});
