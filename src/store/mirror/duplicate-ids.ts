/**
 * Records of the store whose id stood already when they came: two instances can take one id at once, for
 * two streams. By rule the first in the order of the log is the ledger's event and every later one is
 * none, so that all mirrors agree. In the streams of the store such a record has a revision; in those
 * of the ledger it has none, so that here one is reckoned into the other.
 */
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { ExpectedRevision } from "../port.ts";
import type { Marks } from "../sqlite/rows/marks.ts";
import { mirrorMarks } from "../sqlite/rows/marks.ts";
import { LedgerError } from "../../errors.ts";

const countMark = `${mirrorMarks}doubled`;
const entryMark = (index: number): string => `${countMark}-${index}`;

export class DuplicateIds {
  /** Streams in the order in which such a record came; a mark each. */
  readonly #order: string[] = [];
  /** Revisions in the store, rising, by stream. */
  readonly #byStream = new Map<string, bigint[]>();

  /** What the mirror has noted. Throws `corrupt-event` for marks that cannot be read. */
  static async load(store: EmbeddedStore): Promise<DuplicateIds> {
    const duplicateIds = new DuplicateIds();
    const count = Number((await store.mark(countMark)) ?? 0);
    for (let index = 1; index <= count; index++) {
      const match = /^(\d+) (.+)$/s.exec((await store.mark(entryMark(index))) ?? "");
      if (match === null)
        throw new LedgerError("corrupt-event", `the mirror's mark ${entryMark(index)} is damaged`);
      duplicateIds.note(match[2] ?? "", BigInt(match[1] ?? 0));
    }
    return duplicateIds;
  }

  get count(): number {
    return this.#order.length;
  }

  /** Gives the marks that are to be set with it. */
  note(stream: string, storeRevision: bigint): Marks {
    const revisions = this.#byStream.get(stream);
    if (revisions === undefined) this.#byStream.set(stream, [storeRevision]);
    else revisions.push(storeRevision);
    this.#order.push(stream);
    return {
      [countMark]: String(this.count),
      [entryMark(this.count)]: `${storeRevision} ${stream}`,
    };
  }

  /** Takes back what was noted after the first `count`. */
  truncate(count: number): void {
    for (const stream of this.#order.splice(count)) this.#byStream.get(stream)?.pop();
  }

  has(stream: string, storeRevision: bigint): boolean {
    return this.#byStream.get(stream)?.includes(storeRevision) === true;
  }

  /** The ledger's revision of what stands at a revision of the store's and is the ledger's. */
  ledgerRevision(stream: string, storeRevision: bigint): bigint {
    const duplicateIds = this.#byStream.get(stream) ?? [];
    return storeRevision - BigInt(duplicateIds.findLastIndex((each) => each < storeRevision) + 1);
  }

  storeRevision(stream: string, ledgerRevision: bigint): bigint {
    const duplicateIds = this.#byStream.get(stream) ?? [];
    const last = duplicateIds.findLastIndex(
      (each, before) => each - BigInt(before) <= ledgerRevision,
    );
    return ledgerRevision + BigInt(last + 1);
  }

  /** The last revision in the store before the ledger's next event; -1 before everything. */
  lastBeforeNext(stream: string, ledgerRevision: bigint): bigint {
    return this.storeRevision(stream, ledgerRevision + 1n) - 1n;
  }

  /** Where the store's stream must stand for an append after the ledger's `expected`. */
  expected(stream: string, expected: ExpectedRevision): ExpectedRevision {
    const last = this.lastBeforeNext(stream, expected === "no-stream" ? -1n : expected);
    return last < 0n ? "no-stream" : last;
  }
}
