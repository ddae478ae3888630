/** What is read off a leaf's end is what parsing the leaf gives. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lookAtBlock } from "../../src/verify/leaves/leaf-block.ts";
import type { LeafBlockLook } from "../../src/verify/leaves/leaf-block.ts";
import { leafPosition } from "../../src/verify/leaves/leaf-position.ts";
import { canonicalEvent, canonicalJson } from "../../src/events/canonical/canonical.ts";
import { uuid } from "../ledger/sample-events.ts";

/** Words that are full of what ends a text, or looks like the end of a leaf. */
const words = fc
  .array(
    fc.constantFrom('"', "\\", ',"type":"', '","occurredAt":"', '"}', "\n", "ü", "x", '"ticket":"'),
    { minLength: 1, maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

const leaves = fc
  .record(
    {
      reason: words,
      source: words,
      ticket: words,
      name: words,
      data: words,
      revision: fc.nat(),
      at: fc.integer({ min: 0, max: 2 ** 42 }),
    },
    { requiredKeys: ["name", "data", "revision", "at"] },
  )
  .map(({ name, data, revision, at, ...attribution }) =>
    canonicalEvent({
      stream: `node-${name}`,
      revision,
      id: uuid(revision),
      type: "NodeFailed",
      schemaVersion: 1,
      occurredAt: at,
      recordedAt: at,
      dataJson: canonicalJson({ cluster: data }),
      attributionJson: canonicalJson(attribution),
    }),
  );

function lookAt(leaf: string): LeafBlockLook {
  const bytes = Uint8Array.from(Buffer.from(`\n${leaf}`));
  const types = {
    known: ["NodeFailed"],
    noted: new Set<string>(),
    streams: new Map<string, readonly string[]>(),
    longLeafBytes: Infinity,
  };
  return lookAtBlock({ bytes, ends: Uint32Array.of(bytes.length), first: 0 }, types, () => true);
}

test("the position read from a leaf is the event's, whatever its texts contain", () => {
  fc.assert(
    fc.property(leaves, (leaf) => {
      const { id, type, recordedAt, stream, revision } = JSON.parse(leaf) as Record<string, string>;
      expect(leafPosition(leaf)).toEqual({ id, type, recordedAt });
      const { noted, streams } = lookAt(leaf);
      expect(noted).toEqual([]);
      expect(Buffer.from(streams.names, "latin1").toString()).toBe(
        JSON.stringify(stream).slice(1, -1),
      );
      expect([...streams.numbers]).toEqual([0, Number(revision), Number(revision)]);
    }),
  );
});

test("a leaf with one of its last bytes missing has the position that it states, or must be parsed", () => {
  let parsed = 0;
  fc.assert(
    fc.property(leaves, fc.nat(), (leaf, some) => {
      const bytes = Buffer.from(leaf);
      const from = bytes.indexOf('"id":"');
      const at = from + (some % (bytes.length - from));
      const cut = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]).toString();
      const place = leafPosition(cut);
      const said = jsonOf(cut);
      if (said !== null) parsed++;
      // What is no JSON any more and has a place nevertheless has another hash: it does not pass.
      expect(said ?? place ?? {}).toMatchObject(place ?? {});
      expect(place ?? lookAt(cut).noted).not.toEqual([]);
    }),
  );
  expect(parsed).toBeGreaterThan(10);
});

function jsonOf(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

test.each([
  ["no revision", '"revision":7,', '"revision":,'],
  ["a revision of more digits than are safe", '"revision":7,', '"revision":1234567890123456,'],
  ["no version of its schema", '"schemaVersion":1,', '"schemaVersion":,'],
  ["a name of its own", '"stream":', '"strean":'],
])("a leaf with %s must be parsed", (_, what, instead) => {
  const parts = { id: uuid(1), type: "NodeFailed", schemaVersion: 1, occurredAt: 0, recordedAt: 0 };
  const texts = { dataJson: "{}", attributionJson: "{}" };
  const leaf = canonicalEvent({ ...parts, ...texts, stream: "s", revision: 7 });
  expect(leafPosition(leaf)).not.toBeNull();
  const changed = leaf.replace(what, instead);
  expect(changed).not.toBe(leaf);
  expect(leafPosition(changed)).toBeNull();
  expect(lookAt(changed).noted).toMatchObject([{ at: 0, isInForm: false, text: changed }]);
});
