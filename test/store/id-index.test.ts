import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { IdIndex } from "../../src/store/id-index.ts";
import { randomRuns } from "../random-runs.ts";

test("every id is found at its sequence, and no other", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 400 }), fc.nat(400), (ids, known) => {
      const index = new IdIndex();
      const there = ids.slice(0, known);
      for (const [place, id] of there.entries()) index.add(id, place + 1);
      for (const [place, id] of ids.entries()) {
        const found = index.find(id, (sequence) => there[sequence - 1] === id);
        expect(found).toBe(place < there.length ? place + 1 : 0);
      }
    }),
    { numRuns: randomRuns(100) },
  );
});

test("it grows, and hardly ever asks for a row that is not the one", () => {
  const index = new IdIndex();
  const ids = Array.from({ length: 100_000 }, () => randomUUID());
  for (const [place, id] of ids.entries()) index.add(id, place + 1);
  let asked = 0;
  let found = 0;
  for (const [place, id] of ids.entries()) {
    const isThere = (sequence: number): boolean => {
      asked++;
      return ids[sequence - 1] === id;
    };
    if (index.find(id, isThere) === place + 1) found++;
  }
  expect(found).toBe(ids.length);
  expect(asked).toBeLessThan(ids.length + 3);
});

test("ids that differ in any one digit are told apart", () => {
  const zero = "00000000-0000-0000-0000-000000000000";
  const near = Array.from(zero).flatMap((character, at) =>
    character === "-"
      ? []
      : Array.from("123456789abcdef", (d) => zero.slice(0, at) + d + zero.slice(at + 1)),
  );
  const index = new IdIndex();
  for (const [place, id] of near.entries()) index.add(id, place + 1);
  let asked = 0;
  const found = near.map((id) =>
    index.find(id, (sequence) => {
      asked++;
      return near[sequence - 1] === id;
    }),
  );
  expect(found).toEqual(near.map((_, place) => place + 1));
  expect(asked).toBe(near.length);
});

test("what stands after the head is forgotten", () => {
  const index = new IdIndex();
  const ids = Array.from({ length: 1_000 }, () => randomUUID());
  for (const [place, id] of ids.entries()) index.add(id, place + 1);
  index.truncate(600);
  const isThere = (): boolean => true;
  expect(ids.map((id) => index.find(id, isThere))).toEqual(
    ids.map((_, place) => (place < 600 ? place + 1 : 0)),
  );
});
