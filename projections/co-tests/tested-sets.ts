/** The status of sets of updates, and of pairs of them, by the results of co-tests. */
import { at, wordAt } from "../arithmetic/invariants.ts";
import type { CoTestResults } from "./results.ts";
import { type UpdateSets, isSubset, union } from "./update-sets.ts";

export const pairStatuses = ["passed", "failed", "never", "conflict"] as const;

export type PairStatus = (typeof pairStatuses)[number];

/** Two rollouts are no pair if the updates of one are within the other's. */
type StatusOfTwo = PairStatus | "none";

const codes: readonly StatusOfTwo[] = ["none", ...pairStatuses];

/** Beyond this many sets, statuses are not kept in one table: it would be larger than 16 MB. */
const maxTableSets = 4_000;

export class TestedSets {
  readonly #sets: UpdateSets;
  /** Those that can lie within a union of the sets. */
  readonly #failed: readonly Uint32Array[];
  /** What they have in common with the sets. */
  readonly #passed: readonly Uint32Array[];
  /** For each set, the passed ones that contain it, and the failed ones that have an update of it. */
  readonly #over: (Uint32Array | null)[];
  readonly #touching: (readonly Uint32Array[] | null)[];
  /** Index into `codes`, plus 1; 0 is not known yet. */
  readonly #table: Uint8Array | null;

  constructor(sets: UpdateSets, { passed, failed }: CoTestResults) {
    this.#sets = sets;
    this.#failed = distinct(
      failed.flatMap(({ data }) => {
        const { bits, isWhole } = sets.known(data.updates);
        return isWhole ? [bits] : [];
      }),
    );
    this.#passed = distinct(passed.map(({ data }) => sets.known(data.updates).bits));
    this.#over = Array.from({ length: sets.count }, () => null);
    this.#touching = Array.from({ length: sets.count }, () => null);
    this.#table = sets.count > maxTableSets ? null : new Uint8Array(sets.count ** 2);
  }

  get hasFailed(): boolean {
    return this.#failed.length > 0;
  }

  /** Whether a failed set is within the updates. */
  failedWithin(bits: Uint32Array): boolean {
    return this.#failed.some((failed) => isSubset(failed, bits));
  }

  /**
   * Whether a failed set that has an update of `set` is within the updates: where nothing failed was within them before the
   * set was added, this is all that can be.
   */
  failedWith(set: number, bits: Uint32Array): boolean {
    return this.#failedOf(set).some((failed) => isSubset(failed, bits));
  }

  /** Whether an update of the set is in a failed set. */
  mayFail(set: number): boolean {
    return this.#failedOf(set).length > 0;
  }

  /** Whether the updates are within a set that passed. */
  hasPassed(bits: Uint32Array): boolean {
    return this.#passed.some((passed) => isSubset(bits, passed));
  }

  /** The status of the two sets' union. */
  ofTwo(a: number, b: number): StatusOfTwo {
    const table = this.#table;
    if (table === null) return this.#statusOf(a, b);
    const index = Math.min(a, b) * this.#sets.count + Math.max(a, b);
    const known = codes[(table[index] ?? 0) - 1];
    if (known !== undefined) return known;
    const status = this.#statusOf(a, b);
    table[index] = codes.indexOf(status) + 1;
    return status;
  }

  #statusOf(a: number, b: number): StatusOfTwo {
    if (this.#sets.conflict(a, b)) return "conflict";
    if (this.#sets.isWithin(a, b) || this.#sets.isWithin(b, a)) return "none";
    if (this.hasFailed && this.#failedWithinTwo(a, b)) return "failed";
    return meet(this.#passedOver(a), this.#passedOver(b)) ? "passed" : "never";
  }

  /** A failed set within the union has an update of both, or is within one of them. */
  #failedWithinTwo(a: number, b: number): boolean {
    const bits = union(this.#sets.bits(a), this.#sets.bits(b));
    return this.failedWith(a, bits) || this.failedWith(b, bits);
  }

  #failedOf(set: number): readonly Uint32Array[] {
    return (this.#touching[set] ??= this.#failed.filter((failed) =>
      meet(failed, this.#sets.bits(set)),
    ));
  }

  #passedOver(set: number): Uint32Array {
    return (this.#over[set] ??= marked(this.#passed, (passed) =>
      isSubset(this.#sets.bits(set), passed),
    ));
  }
}

function distinct(all: readonly Uint32Array[]): Uint32Array[] {
  return [...new Map(all.map((bits) => [bits.join(" "), bits])).values()];
}

const bitsOfWord = 32;

/** A bit for each of the list's items that is so. */
function marked(list: readonly Uint32Array[], isSo: (item: Uint32Array) => boolean): Uint32Array {
  const bits = new Uint32Array(Math.ceil(list.length / bitsOfWord));
  for (const [i, item] of list.entries())
    if (isSo(item)) {
      const word = Math.floor(i / bitsOfWord);
      bits[word] = at(bits, word) | (1 << (i % bitsOfWord));
    }
  return bits;
}

/** Whether the two have a bit in common. */
function meet(a: Uint32Array, b: Uint32Array): boolean {
  for (let word = 0; word < a.length; word++)
    if ((wordAt(a, word) & wordAt(b, word)) !== 0) return true;
  return false;
}
