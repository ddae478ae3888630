/** Rows on their way into the events table, several to a statement, whose own price they share. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { CheckedEvent } from "../../../events/envelope.ts";
import type { EventPosition } from "./row-codec.ts";
import { columns } from "./row-codec.ts";

/** Measured: from here on more rows gain nothing. */
const rowsPerStatement = 20;
const columnCount = columns.split(",").length;

export class EventInserts {
  readonly #one: StatementSync;
  readonly #several: StatementSync;
  #waiting: SQLInputValue[] = [];

  constructor(db: DatabaseSync) {
    const row = `(${Array.from({ length: columnCount }, () => "?").join(", ")})`;
    const insert = (rows: number): StatementSync =>
      // What fails undoes the whole transaction: a statement need not be able to undo itself.
      db.prepare(
        `INSERT OR FAIL INTO events (${columns}) VALUES ${Array.from({ length: rows }, () => row).join(", ")}`,
      );
    this.#one = insert(1);
    this.#several = insert(rowsPerStatement);
  }

  /** Takes an event; its row is there once `flush` was called. */
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

  /** Lets go of what was not flushed. */
  clear(): void {
    this.#waiting = [];
  }
}
