import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { IdIndex } from "../../../src/store/sqlite/rows/id-index.ts";
import { randomRuns } from "../../random-runs.ts";

test("every id is found at its sequence, and no other", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 400 }), fc.nat(400), (ids, known) => {
      const there = ids.slice(0, known);
      const index = new IdIndex((sequence, id) => there[sequence - 1] === id);
      for (const [place, id] of there.entries()) index.add(id, place + 1);
      for (const [place, id] of ids.entries()) {
        const found = index.find(id);
        expect(found).toBe(place < there.length ? place + 1 : 0);
      }
    }),
    { numRuns: randomRuns(100) },
  );
});

/** An index of these ids, and how often it asked for a row. */
function indexOf(ids: readonly string[]): { index: IdIndex; asked: () => number } {
  let asked = 0;
  const index = new IdIndex((sequence, id) => {
    asked++;
    return ids[sequence - 1] === id;
  });
  for (const [place, id] of ids.entries()) index.add(id, place + 1);
  return { index, asked: () => asked };
}

test("the index grows, and hardly ever asks for a row that is not the right one", () => {
  const ids = Array.from({ length: 100_000 }, () => randomUUID());
  const { index, asked } = indexOf(ids);
  expect(ids.filter((id, place) => index.find(id) !== place + 1)).toEqual([]);
  expect(asked()).toBeLessThan(ids.length + 3);
});

test("ids that differ in a single digit are distinguished", () => {
  const zero = "00000000-0000-0000-0000-000000000000";
  const near = Array.from(zero).flatMap((character, at) =>
    character === "-"
      ? []
      : Array.from("123456789abcdef", (d) => zero.slice(0, at) + d + zero.slice(at + 1)),
  );
  const { index, asked } = indexOf(near);
  expect(near.map((id) => index.find(id))).toEqual(near.map((_, place) => place + 1));
  expect(asked()).toBe(near.length);
});

test("ids after the head are forgotten", () => {
  const ids = Array.from({ length: 1_000 }, () => randomUUID());
  const { index } = indexOf(ids);
  index.truncate(600);
  expect(ids.map((id) => index.find(id))).toEqual(
    ids.map((_, place) => (place < 600 ? place + 1 : 0)),
  );
});
