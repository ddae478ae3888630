/**
 * Records of the store with the id of an earlier record: two instances can append one id at once, to two streams.
 * The first in the order of the log is the ledger's event, and later ones are not events, so that all mirrors agree.
 * Such a record has a revision in the stream of the store but none in that of the ledger: this converts between them.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { ExpectedRevision } from "../port.ts";
import type { Marks } from "../sqlite/rows/marks.ts";
import { mirrorMarks } from "../sqlite/rows/marks.ts";
import { LedgerError } from "../../errors.ts";

const countMark = `${mirrorMarks}duplicate-ids`;
const entryMark = (index: number): string => `${countMark}-${index}`;

export class DuplicateIds {
  /** The stream of each such record, in the order in which they came; a mark each. */
  readonly #order: string[] = [];
  /** Revisions of such records in the store, ascending, by stream. */
  readonly #byStream = new Map<string, bigint[]>();

  /** Reads what the mirror has noted. Throws `corrupt-event` for marks that cannot be read. */
  static async load(store: EmbeddedStore): Promise<DuplicateIds> {
    const duplicateIds = new DuplicateIds();
    const count = Number((await store.mark(countMark)) ?? 0);
    for (let index = 1; index <= count; index++) {
      const match = /^(\d+) (.+)$/s.exec((await store.mark(entryMark(index))) ?? "");
      if (match === null)
        throw new LedgerError("corrupt-event", `the mirror's mark ${entryMark(index)} is damaged`);
      duplicateIds.note(at(match, 2), BigInt(at(match, 1)));
    }
    return duplicateIds;
  }

  get count(): number {
    return this.#order.length;
  }

  /** Notes a record with a duplicate id. Returns the marks to be set in the same transaction. */
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

  /** Removes what was noted after the first `count`. */
  truncate(count: number): void {
    for (const stream of this.#order.splice(count)) this.#byStream.get(stream)?.pop();
  }

  has(stream: string, storeRevision: bigint): boolean {
    return this.#byStream.get(stream)?.includes(storeRevision) === true;
  }

  /** The ledger's revision of the event at a revision of the store's stream. */
  ledgerRevision(stream: string, storeRevision: bigint): bigint {
    const duplicateIds = this.#byStream.get(stream) ?? [];
    return storeRevision - BigInt(duplicateIds.findLastIndex((each) => each < storeRevision) + 1);
  }

  /** The store's revision of the event at a revision of the ledger's stream. */
  storeRevision(stream: string, ledgerRevision: bigint): bigint {
    const duplicateIds = this.#byStream.get(stream) ?? [];
    const last = duplicateIds.findLastIndex(
      (each, before) => each - BigInt(before) <= ledgerRevision,
    );
    return ledgerRevision + BigInt(last + 1);
  }

  /** The last revision in the store before the ledger's next event; -1 if there is none. */
  lastBeforeNext(stream: string, ledgerRevision: bigint): bigint {
    return this.storeRevision(stream, ledgerRevision + 1n) - 1n;
  }

  /** The revision that the store's stream must have for an append after the ledger's `expected`. */
  expected(stream: string, expected: ExpectedRevision): ExpectedRevision {
    const last = this.lastBeforeNext(stream, expected === "no-stream" ? -1n : expected);
    return last < 0n ? "no-stream" : last;
  }
}
