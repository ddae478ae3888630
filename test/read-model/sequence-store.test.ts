/** Blocks of words for the lists of all entities. */
import { describe, expect, test } from "vitest";
import { indexIn, SequenceStore } from "../../src/read-model/entities/sequence-store.ts";
import { randomSource } from "../histories/random-source.ts";
import { randomRuns } from "../random-runs.ts";

const chunkBits = 18;

interface Held {
  readonly address: number;
  readonly bits: number;
  readonly mark: number;
}

/** Takes blocks and gives them back at random, and fills each with a mark; gives each as it was found in the end. */
function filledBlocks(seed: number): { readonly held: Held; readonly found: Uint32Array }[] {
  const store = new SequenceStore();
  const random = randomSource(seed);
  const held: Held[] = [];
  const gone: { readonly held: Held; readonly found: Uint32Array }[] = [];
  const words = ({ address, bits }: Held) =>
    store.chunkOf(address).subarray(indexIn(address), indexIn(address) + 2 ** bits);
  for (let mark = 1; mark <= 2_000; mark++) {
    const [block] = random.chance(0.45) ? held.splice(random.between(0, held.length), 1) : [];
    if (block !== undefined) {
      gone.push({ held: block, found: words(block).slice() });
      store.give(block.address, block.bits);
      continue;
    }
    const bits = random.between(2, random.chance(0.02) ? chunkBits + 1 : 10);
    const taken = { address: store.take(bits), bits, mark };
    words(taken).fill(mark);
    held.push(taken);
  }
  return [...gone, ...held.map((each) => ({ held: each, found: words(each) }))];
}

describe("a store of sequences", () => {
  test("gives blocks that no other holds, whatever was given back", () => {
    for (let seed = 1; seed <= randomRuns(20); seed++) {
      const blocks = filledBlocks(seed);
      expect(blocks.map(({ found }) => found.length)).toEqual(
        blocks.map(({ held }) => 2 ** held.bits),
      );
      expect(blocks.every(({ held, found }) => found.every((word) => word === held.mark))).toBe(
        true,
      );
    }
  });

  test("joins what was given back, so that lists that grow together need no more room", () => {
    const store = new SequenceStore();
    for (let bits = 2; bits < chunkBits; bits++) {
      const count = 2 ** (chunkBits - bits);
      const blocks = Array.from({ length: count }, () => store.take(bits));
      expect(Math.max(...blocks)).toBeLessThan(2 ** chunkBits);
      for (const address of blocks) store.give(address, bits);
    }
    expect(store.take(chunkBits)).toBe(0);
  });

  test("gives a block larger than a chunk again to who needs one of its size", () => {
    const store = new SequenceStore();
    const large = store.take(chunkBits + 2);
    store.give(large, chunkBits + 2);
    expect(store.take(chunkBits)).not.toBe(large);
    expect(store.take(chunkBits + 2)).toBe(large);
  });
});
