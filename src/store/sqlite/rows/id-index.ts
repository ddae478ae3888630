/**
 * Maps event ids to sequences, in memory, because an index of random UUIDs on disk would halve ingest. It is
 * derived from the rows and rebuilt at startup. A hit only says where the id may be; the row decides.
 *
 * Open addressing over 64-bit hashes of the UUIDs, 12 bytes a slot, split into shards, so that growing
 * moves only a small part at a time. The hash is seeded, so that nobody can choose ids that collide.
 */
const shardBits = 8;
const firstSlots = 64;
/** A shard doubles when more than this fraction of its slots is in use, which keeps probes short. */
const maxLoad = 0.75;
/** The slots keep sequences in 32 bits. */
const maxSequence = 0xffff_ffff;

/** Four lower-case hexadecimal digits of `text` from index `at`, as a number. */
function quad(text: string, at: number): number {
  return (
    (digit(text.charCodeAt(at)) << 12) |
    (digit(text.charCodeAt(at + 1)) << 8) |
    (digit(text.charCodeAt(at + 2)) << 4) |
    digit(text.charCodeAt(at + 3))
  );
}

/** Character codes of letters have bit 6 set, and their low bits count from 1. */
function digit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/** A slot's words: low and high word of the hash, then the sequence, side by side so that a probe reads one cache line. */
const slotWords = 3;

interface Shard {
  count: number;
  readonly slots: number;
  /** A slot with sequence 0 is empty: sequences begin at 1. */
  readonly words: Int32Array;
}

function emptyShard(slots: number): Shard {
  return { count: 0, slots, words: new Int32Array(slots * slotWords) };
}

function put(shard: Shard, low: number, high: number, sequence: number): void {
  const { words } = shard;
  const mask = shard.slots - 1;
  let slot = low & mask;
  while (words[slot * slotWords + 2] !== 0) slot = (slot + 1) & mask;
  words[slot * slotWords] = low;
  words[slot * slotWords + 1] = high;
  words[slot * slotWords + 2] = sequence;
  shard.count++;
}

/** The shard's entries with sequences up to `lastSequence`, in a new table with `slots` slots. */
function moved(shard: Shard, slots: number, lastSequence: number): Shard {
  const next = emptyShard(slots);
  const { words } = shard;
  for (let at = 0; at < words.length; at += slotWords) {
    const sequence = (words[at + 2] ?? 0) >>> 0;
    if (sequence === 0 || sequence > lastSequence) continue;
    put(next, words[at] ?? 0, words[at + 1] ?? 0, sequence);
  }
  return next;
}

export class IdIndex {
  readonly #isThere: (sequence: number, id: string) => boolean;
  readonly #seeds = crypto.getRandomValues(new Int32Array(4));
  #shards = Array.from({ length: 1 << shardBits }, () => emptyShard(firstSlots));
  // The hash of the current id as two signed words; in fields, so that no lookup allocates.
  #hashed = "";
  #low = 0;
  #high = 0;

  /** `isThere` tells whether the row at a sequence has the id, because two ids can have the same hash. */
  constructor(isThere: (sequence: number, id: string) => boolean) {
    this.#isThere = isThere;
  }

  /** Adds the event `id` at `sequence`. */
  add(id: string, sequence: number): void {
    if (sequence > maxSequence) throw new RangeError(`sequence ${sequence} is past the id index`);
    this.#hash(id);
    const shardIndex = this.#high >>> (32 - shardBits);
    let shard = this.#shards[shardIndex];
    if (shard === undefined) throw new RangeError(`no shard ${shardIndex}`);
    if (shard.count >= shard.slots * maxLoad) {
      shard = moved(shard, shard.slots * 2, maxSequence);
      this.#shards[shardIndex] = shard;
    }
    put(shard, this.#low, this.#high, sequence);
  }

  /** The sequence of `id`, 0 if there is none. */
  find(id: string): number {
    this.#hash(id);
    const low = this.#low;
    const high = this.#high;
    const shard = this.#shards[high >>> (32 - shardBits)];
    if (shard === undefined) return 0;
    const { words } = shard;
    const mask = shard.slots - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * slotWords;
      const sequence = (words[at + 2] ?? 0) >>> 0;
      if (sequence === 0) return 0;
      const isCandidate = words[at] === low && words[at + 1] === high;
      if (isCandidate && this.#isThere(sequence, id)) return sequence;
    }
  }

  /** Forgets all events after `lastSequence`. */
  truncate(lastSequence: number): void {
    this.#shards = this.#shards.map((shard) => moved(shard, shard.slots, lastSequence));
  }

  #hash(id: string): void {
    // An append looks up an id and then adds it: the hash is computed once.
    if (id === this.#hashed) return;
    this.#hashed = id;
    this.#low = this.#seeds[0] ?? 0;
    this.#high = this.#seeds[1] ?? 0;
    // A UUID's four words; hyphens stand at 8, 13, 18 and 23.
    this.#mix((quad(id, 0) << 16) | quad(id, 4));
    this.#mix((quad(id, 9) << 16) | quad(id, 14));
    this.#mix((quad(id, 19) << 16) | quad(id, 24));
    this.#mix((quad(id, 28) << 16) | quad(id, 32));
    const low = Math.imul(this.#low ^ (this.#seeds[2] ?? 0), 0xc2b2ae35);
    const high = Math.imul(this.#high ^ (this.#seeds[3] ?? 0), 0x27d4eb2f);
    this.#low = low ^ (low >>> 16);
    this.#high = high ^ (high >>> 14);
  }

  #mix(word: number): void {
    const low = Math.imul(this.#low ^ word, 0x9e3779b1);
    this.#low = low ^ (low >>> 15);
    const high = Math.imul(this.#high ^ word ^ (low >>> 7), 0x85ebca6b);
    this.#high = high ^ (high >>> 13);
  }
}
