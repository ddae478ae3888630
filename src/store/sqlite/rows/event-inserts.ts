/** Inserts rows into the events table, several per statement, because each statement has a fixed cost. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { CheckedEvent } from "../../../events/envelope.ts";
import type { EventPosition } from "./row-codec.ts";
import { columns } from "./row-codec.ts";

/** Measured: more rows per statement gain nothing. */
const rowsPerStatement = 20;
const columnCount = columns.split(",").length;

export class EventInserts {
  readonly #one: StatementSync;
  readonly #several: StatementSync;
  #waiting: SQLInputValue[] = [];

  constructor(db: DatabaseSync) {
    const row = `(${Array.from({ length: columnCount }, () => "?").join(", ")})`;
    const insert = (rows: number): StatementSync =>
      // OR FAIL: a failure rolls back the whole transaction anyway, so a statement need not undo itself.
      db.prepare(
        `INSERT OR FAIL INTO events (${columns}) VALUES ${Array.from({ length: rows }, () => row).join(", ")}`,
      );
    this.#one = insert(1);
    this.#several = insert(rowsPerStatement);
  }

  /** Queues an event; `flush` writes its row. */
  add(event: CheckedEvent, { sequence, stream, revision, recordedAt }: EventPosition): void {
    const { id, type, schemaVersion, occurredAt, dataJson, attributionJson } = event;
    const waiting = this.#waiting;
    waiting.push(sequence, stream, revision, id, type);
    waiting.push(schemaVersion, occurredAt, recordedAt, dataJson, attributionJson);
    if (waiting.length < rowsPerStatement * columnCount) return;
    this.#waiting = [];
    this.#several.run(...waiting);
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += columnCount) {
      this.#one.run(...waiting.slice(at, at + columnCount));
    }
  }

  /** Drops what was not flushed. */
  clear(): void {
    this.#waiting = [];
  }
}
