import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HashedSequences } from "../../../src/store/sqlite/lookups/hashed-sequences.ts";
import { randomSeeds, SeededHash } from "../../../src/store/sqlite/lookups/seeded-hash.ts";
import { randomRuns } from "../../random-runs.ts";

/** Ids by their hashes, as the index of a ledger keeps them. */
class IdIndex {
  readonly sequences = new HashedSequences();
  readonly #hash = new SeededHash(randomSeeds());
  readonly #isThere: (sequence: number, id: string) => boolean;

  constructor(isThere: (sequence: number, id: string) => boolean) {
    this.#isThere = isThere;
  }

  add(id: string, sequence: number): void {
    this.#hash.ofId(id);
    this.sequences.add(this.#hash.low, this.#hash.high, sequence);
  }

  find(id: string): number {
    this.#hash.ofId(id);
    const { low, high } = this.#hash;
    return this.sequences.find(low, high, (sequence) => this.#isThere(sequence, id));
  }
}

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
  index.sequences.truncate(600);
  expect(ids.map((id) => index.find(id))).toEqual(
    ids.map((_, place) => (place < 600 ? place + 1 : 0)),
  );
});

test("room that is made beforehand changes nothing, and an entry that is set again moves", () => {
  const index = new HashedSequences();
  for (let n = 1; n <= 1_000; n++) index.set(n * 7, (n % 5) << 24, n);
  index.reserve(100_000);
  for (let n = 1; n <= 500; n++) index.set(n * 7, (n % 5) << 24, n + 5_000);
  const found = Array.from({ length: 1_000 }, (_, i) => {
    const n = i + 1;
    return index.find(n * 7, (n % 5) << 24, () => true) - n;
  });
  expect(found).toEqual(found.map((_, i) => (i < 500 ? 5_000 : 0)));
});
