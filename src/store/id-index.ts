/**
 * From event ids to sequences, in memory: an index of random UUIDs on disk would halve ingest. It is
 * derived from the rows and rebuilt at start; a hit says only "perhaps here", and the row decides.
 *
 * Open addressing over 64 bits hashed from the UUID, 12 bytes a slot, in shards, so that growing
 * moves a small part at a time. The hash is seeded, so that ids cannot be chosen to collide.
 */
const shardBits = 8;
const firstSlots = 64;
/** Beyond this part of its slots in use, a shard doubles: probes stay short. */
const maxLoad = 0.75;
/** Sequences are kept in 32 bits. */
const maxSequence = 0xffff_ffff;

const hexValues = new Uint8Array(128);
for (let digit = 0; digit < 16; digit++) hexValues["0123456789abcdef".charCodeAt(digit)] = digit;

/** Where the eight hexadecimal digits of each of a UUID's four words begin; a hyphen may split them. */
const wordDigits = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [9, 10, 11, 12, 14, 15, 16, 17],
  [19, 20, 21, 22, 24, 25, 26, 27],
  [28, 29, 30, 31, 32, 33, 34, 35],
].flat();

interface Shard {
  count: number;
  mask: number;
  low: Uint32Array;
  high: Uint32Array;
  /** 0 is an empty slot: sequences begin at 1. */
  sequences: Uint32Array;
}

function emptyShard(slots: number): Shard {
  return {
    count: 0,
    mask: slots - 1,
    low: new Uint32Array(slots),
    high: new Uint32Array(slots),
    sequences: new Uint32Array(slots),
  };
}

function put(shard: Shard, low: number, high: number, sequence: number): void {
  let slot = low & shard.mask;
  while (shard.sequences[slot] !== 0) slot = (slot + 1) & shard.mask;
  shard.low[slot] = low;
  shard.high[slot] = high;
  shard.sequences[slot] = sequence;
  shard.count++;
}

/** The shard's entries with sequences up to `lastSequence`, in a table of `slots`. */
function moved(shard: Shard, slots: number, lastSequence: number): Shard {
  const next = emptyShard(slots);
  for (let slot = 0; slot <= shard.mask; slot++) {
    const sequence = shard.sequences[slot] ?? 0;
    if (sequence === 0 || sequence > lastSequence) continue;
    put(next, shard.low[slot] ?? 0, shard.high[slot] ?? 0, sequence);
  }
  return next;
}

export class IdIndex {
  readonly #seeds = crypto.getRandomValues(new Uint32Array(4));
  #shards = Array.from({ length: 1 << shardBits }, () => emptyShard(firstSlots));
  // The hash of the id at hand: fields, so that no lookup allocates.
  #low = 0;
  #high = 0;

  /** Notes that the event `id` stands at `sequence`. */
  add(id: string, sequence: number): void {
    if (sequence > maxSequence) throw new RangeError(`sequence ${sequence} is past the id index`);
    this.#hash(id);
    const place = this.#high >>> (32 - shardBits);
    let shard = this.#shards[place];
    if (shard === undefined) throw new RangeError(`no shard ${place}`);
    if (shard.count >= (shard.mask + 1) * maxLoad) {
      shard = moved(shard, (shard.mask + 1) * 2, maxSequence);
      this.#shards[place] = shard;
    }
    put(shard, this.#low, this.#high, sequence);
  }

  /** The sequence of `id`, 0 if there is none. `isThere` tells whether the row at a place has that id. */
  find(id: string, isThere: (sequence: number) => boolean): number {
    this.#hash(id);
    const low = this.#low;
    const high = this.#high;
    const shard = this.#shards[high >>> (32 - shardBits)];
    if (shard === undefined) return 0;
    let slot = low & shard.mask;
    for (;;) {
      const sequence = shard.sequences[slot] ?? 0;
      if (sequence === 0) return 0;
      if (shard.low[slot] === low && shard.high[slot] === high && isThere(sequence)) {
        return sequence;
      }
      slot = (slot + 1) & shard.mask;
    }
  }

  /** Forgets what stands after `lastSequence`. */
  truncate(lastSequence: number): void {
    this.#shards = this.#shards.map((shard) => moved(shard, shard.mask + 1, lastSequence));
  }

  #hash(id: string): void {
    let low = this.#seeds[0] ?? 0;
    let high = this.#seeds[1] ?? 0;
    for (let word = 0; word < 4; word++) {
      let bits = 0;
      for (let digit = word * 8; digit < word * 8 + 8; digit++) {
        bits = (bits << 4) | (hexValues[id.charCodeAt(wordDigits[digit] ?? 0)] ?? 0);
      }
      low = Math.imul(low ^ bits, 0x9e3779b1);
      low ^= low >>> 15;
      high = Math.imul(high ^ bits ^ (low >>> 7), 0x85ebca6b);
      high ^= high >>> 13;
    }
    low = Math.imul(low ^ (this.#seeds[2] ?? 0), 0xc2b2ae35);
    high = Math.imul(high ^ (this.#seeds[3] ?? 0), 0x27d4eb2f);
    this.#low = (low ^ (low >>> 16)) >>> 0;
    this.#high = (high ^ (high >>> 14)) >>> 0;
  }
}
