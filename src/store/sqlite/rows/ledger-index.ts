/** What is kept in memory about all rows: ids, the last sequence, the largest recorded time. */
import type { LedgerHead } from "../../port.ts";
import type { EventRows } from "./event-rows.ts";
import { IdIndex } from "./id-index.ts";
import type { RawEvent } from "./row-codec.ts";
import { corrupt } from "./row-codec.ts";
import { scanRowsPerTurn } from "../../../limits/store.ts";

export class LedgerIndex {
  readonly #ids: IdIndex;
  readonly #rows: EventRows;
  /** Called before a row that may have an id is looked at: those of a transaction under way may wait. */
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

  /** Takes up to a turn's worth of rows that it does not have yet; tells whether there may be more. Throws `corrupt-event` at a gap. */
  takeTurn(): boolean {
    const rows = this.#rows.ids(this.#sequence, scanRowsPerTurn);
    for (const [sequence, id, recordedAt] of rows) {
      if (sequence !== this.#sequence + 1) throw corrupt(this.#sequence + 1, "is missing");
      this.add(String(id), Number(recordedAt));
    }
    return rows.length === scanRowsPerTurn;
  }

  /** Takes all rows that it does not have yet, without keeping others from their turn. */
  async catchUp(): Promise<void> {
    while (this.takeTurn()) await new Promise((resume) => setImmediate(resume));
  }

  /** Notes the event at the next sequence, which it gives. */
  add(id: string, recordedAt: number): number {
    this.#sequence++;
    this.#ids.add(id, this.#sequence);
    if (recordedAt > this.#recordedAt) this.#recordedAt = recordedAt;
    return this.#sequence;
  }

  /** Back to an earlier head, after a commit that failed. */
  truncate(head: LedgerHead): void {
    this.#ids.truncate(head.sequence);
    this.#sequence = head.sequence;
    this.#recordedAt = head.recordedAt;
  }
}
