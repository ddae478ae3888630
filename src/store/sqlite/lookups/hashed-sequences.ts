/**
 * Sequences by hash, in memory: open addressing with 8 bytes a slot, 32 bits of the hash and the sequence. Eight more bits
 * choose the shard; shards grow one by one, so that growing moves only a small part at a time.
 */
import { at, wordAt } from "../../../../projections/arithmetic/invariants.ts";

const shardBits = 8;
/** Shards of a table, and what of a hash's high word chooses one. */
export const shardCount: number = 1 << shardBits;
export function shardOf(high: number): number {
  return high >>> (32 - shardBits);
}

const firstSlots = 64;
/** A shard grows when more than this fraction of its slots is in use, which keeps probes short. */
const maxLoad = 0.75;
/** Little, because memory is what a large ledger has least of. */
const growth = 1.25;
/** The slots keep sequences in 32 bits. */
const maxSequence = 0xffff_ffff;

interface Shard {
  count: number;
  readonly slots: number;
  /** Hash and sequence side by side, so that a probe reads one cache line. Sequence 0 is an empty slot: they begin at 1. */
  readonly words: Uint32Array;
}

function emptyShard(slots: number): Shard {
  return { count: 0, slots, words: new Uint32Array(2 * slots) };
}

function put(shard: Shard, low: number, sequence: number): void {
  const { words, slots } = shard;
  let slot = low % slots;
  while (words[2 * slot + 1] !== 0) slot = slot + 1 === slots ? 0 : slot + 1;
  words[2 * slot] = low;
  words[2 * slot + 1] = sequence;
  shard.count++;
}

/** The shard's entries with sequences up to `lastSequence`, in a new table with `slots` slots. */
function moved(shard: Shard, slots: number, lastSequence: number): Shard {
  const next = emptyShard(slots);
  const { words } = shard;
  for (let i = 0; i < words.length; i += 2) {
    const sequence = words[i + 1] ?? 0;
    if (sequence !== 0 && sequence <= lastSequence) put(next, words[i] ?? 0, sequence);
  }
  return next;
}

export class HashedSequences {
  #shards = Array.from({ length: shardCount }, () => emptyShard(firstSlots));

  /** Makes room for so many entries in all. */
  reserve(count: number): void {
    const slots = Math.ceil((count / shardCount) * (1 + 3 / Math.sqrt(count / shardCount + 1)));
    const wanted = Math.ceil(slots / maxLoad);
    this.#shards = this.#shards.map((shard) =>
      shard.slots >= wanted ? shard : moved(shard, wanted, maxSequence),
    );
  }

  /** Adds an entry, also if there is one with the same hash. */
  add(low: number, high: number, sequence: number): void {
    if (sequence > maxSequence) throw new RangeError(`sequence ${sequence} is past the index`);
    put(this.#roomy(high), low >>> 0, sequence);
  }

  /** Adds entries of one shard, those of `lows` from one index to another; the sequence of each is `first` and its offset. */
  addAll(
    shard: number,
    { lows, offsets, first }: { lows: Uint32Array; offsets: Uint16Array; first: number },
    begin: number,
    end: number,
  ): void {
    if (first + 0xffff > maxSequence) throw new RangeError(`sequence ${first} is past the index`);
    const high = shard << (32 - shardBits);
    for (let i = begin; i < end; i++)
      put(this.#roomy(high), wordAt(lows, i), first + at(offsets, i));
  }

  /** Adds an entry, or gives the one with the same hash another sequence. */
  set(low: number, high: number, sequence: number): void {
    const shard = this.#roomy(high);
    const { words, slots } = shard;
    const key = low >>> 0;
    for (let slot = key % slots; words[2 * slot + 1] !== 0;) {
      if (words[2 * slot] === key) {
        words[2 * slot + 1] = sequence;
        return;
      }
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
    put(shard, key, sequence);
  }

  /** The first sequence with this hash that `isMeant`; 0 if there is none. */
  find(low: number, high: number, isMeant: (sequence: number) => boolean): number {
    const { words, slots } = this.#shard(high);
    const key = low >>> 0;
    for (let slot = key % slots; ;) {
      const sequence = words[2 * slot + 1] ?? 0;
      if (sequence === 0) return 0;
      if (words[2 * slot] === key && isMeant(sequence)) return sequence;
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
  }

  /** Forgets all entries after `lastSequence`. */
  truncate(lastSequence: number): void {
    this.#shards = this.#shards.map((shard) => moved(shard, shard.slots, lastSequence));
  }

  #roomy(high: number): Shard {
    const shard = this.#shard(high);
    if (shard.count < shard.slots * maxLoad) return shard;
    const larger = moved(shard, Math.ceil(shard.slots * growth), maxSequence);
    this.#shards[shardOf(high)] = larger;
    return larger;
  }

  #shard(high: number): Shard {
    const shard = this.#shards[shardOf(high)];
    if (shard === undefined) throw new RangeError(`no shard ${shardOf(high)}`);
    return shard;
  }
}
