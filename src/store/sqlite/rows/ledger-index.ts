/** What is kept in memory about all rows: their ids, the last sequence, the largest `recordedAt`. */
import type { LedgerHead } from "../../port.ts";
import type { EventRows } from "./event-rows.ts";
import { IdIndex } from "./id-index.ts";
import type { RawEvent } from "./row-codec.ts";
import { corrupt } from "./row-codec.ts";
import { scanRowsPerTurn } from "../../../limits/store.ts";

export class LedgerIndex {
  readonly #ids: IdIndex;
  readonly #rows: EventRows;
  /** Called before looking at a row that may have an id, because rows of the current transaction may not be flushed yet. */
  beforeLook: () => void = () => undefined;
  #sequence = 0;
  #recordedAt = 0;

  constructor(rows: EventRows) {
    this.#rows = rows;
    this.#ids = new IdIndex((sequence, id) => {
      this.beforeLook();
      return rows.hasId(sequence, id);
    });
  }

  head(): LedgerHead {
    return { sequence: this.#sequence, recordedAt: this.#recordedAt };
  }

  /** The row with this id, `null` if there is none. */
  find(id: string): RawEvent | null {
    const sequence = this.#ids.find(id);
    if (sequence === 0) return null;
    return this.#rows.range(sequence - 1, sequence, 1)[0] ?? null;
  }

  /** Adds up to one turn's worth of rows that the index lacks; returns whether there may be more. Throws `corrupt-event` at a gap. */
  takeTurn(): boolean {
    const rows = this.#rows.ids(this.#sequence, scanRowsPerTurn);
    for (const [sequence, id, recordedAt] of rows) {
      if (sequence !== this.#sequence + 1) throw corrupt(this.#sequence + 1, "is missing");
      this.add(String(id), Number(recordedAt));
    }
    return rows.length === scanRowsPerTurn;
  }

  /** Adds all rows that the index lacks, without blocking the event loop. */
  async catchUp(): Promise<void> {
    while (this.takeTurn()) await new Promise((resume) => setImmediate(resume));
  }

  /** Adds an event at the next sequence, which it returns. */
  add(id: string, recordedAt: number): number {
    this.#sequence++;
    this.#ids.add(id, this.#sequence);
    if (recordedAt > this.#recordedAt) this.#recordedAt = recordedAt;
    return this.#sequence;
  }

  /** Returns to an earlier head after a commit failed. */
  truncate(head: LedgerHead): void {
    this.#ids.truncate(head.sequence);
    this.#sequence = head.sequence;
    this.#recordedAt = head.recordedAt;
  }
}
