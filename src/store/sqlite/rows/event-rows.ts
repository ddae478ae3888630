/** Reads the events table. Every statement ends before its method returns, so that no read delays a checkpoint. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { EventFilter, LedgerHead } from "../../port.ts";
import type { RawEvent, Row } from "./row-codec.ts";
import { firstDecisionIn } from "./file-format.ts";
import { columns, corrupt, rawEvent } from "./row-codec.ts";
import { damaged, isDamage, unavailable } from "./sqlite-error.ts";

/** The cluster of an event: from its data, or for a correction from the first event of its stream. */
const clusterOf = `
  CASE WHEN json_valid(e.data) THEN
    CASE WHEN e.type IN ('FactCorrected', 'FactRetracted') THEN
      (SELECT json_extract(f.data, '$.cluster') FROM events f
       WHERE f.stream = e.stream AND f.revision = 0 AND json_valid(f.data))
    ELSE json_extract(e.data, '$.cluster') END
  END`;

/** A statement that returns its rows as arrays. */
interface RowStatement {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
}

function rowsOf(db: DatabaseSync, sql: string): RowStatement {
  // The types of node:sqlite know rows only as objects.
  return db.prepare(sql, { returnArrays: true }) as unknown as RowStatement;
}

export class EventRows {
  readonly #db: DatabaseSync;
  readonly #range: RowStatement;
  readonly #ofStream: RowStatement;
  readonly #lastRevision: RowStatement;
  readonly #last: RowStatement;
  readonly #headAfter: RowStatement;
  readonly #idAt: RowStatement;
  readonly #ids: RowStatement;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const rows = (sql: string) => rowsOf(db, sql);
    this.#range = rows(
      `SELECT ${columns} FROM events WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?`,
    );
    this.#ofStream = rows(
      `SELECT ${columns} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
    );
    this.#lastRevision = rows("SELECT max(revision) FROM events WHERE stream = ?");
    this.#last = rows("SELECT max(sequence) FROM events");
    this.#headAfter = rows("SELECT max(sequence), max(recorded_at) FROM events WHERE sequence > ?");
    this.#idAt = rows("SELECT id FROM events WHERE sequence = ?");
    this.#ids = rows(
      "SELECT sequence, id, recorded_at FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?",
    );
  }

  /** The sequence of the first decision; `null` if there is none. */
  firstDecision(): number | null {
    return this.#read(() => firstDecisionIn(this.#db));
  }

  /** The last sequence, 0 if there is none. */
  lastSequence(): number {
    return Number(this.#read(() => this.#last.get())?.[0] ?? 0);
  }

  /** The last sequence and the largest recorded time of the rows after `after`; zeros if there are none. */
  headAfter(after: number): LedgerHead {
    const row = this.#read(() => this.#headAfter.get(after));
    return { sequence: Number(row?.[0] ?? 0), recordedAt: Number(row?.[1] ?? 0) };
  }

  /** The last revision of a stream, -1 if it does not exist. */
  lastRevision(stream: string): number {
    return Number(this.#read(() => this.#lastRevision.get(stream))?.[0] ?? -1);
  }

  /** Whether the row at `sequence` has this id. */
  hasId(sequence: number, id: string): boolean {
    return this.#read(() => this.#idAt.get(sequence))?.[0] === id;
  }

  /** Sequence, id and recorded time of up to `limit` rows after `after`. */
  ids(after: number, limit: number): readonly Row[] {
    return this.#read(() => this.#ids.all(after, limit));
  }

  /**
   * Up to `limit` events with `after` < sequence ≤ `upTo`. Throws `corrupt-event` for a row that
   * cannot be read, and for a gap.
   */
  range(after: number, upTo: number, limit: number): RawEvent[] {
    const rows = this.#read(
      () => this.#range.all(after, upTo, limit),
      () => this.#firstUnreadable(after, Math.min(upTo, after + limit)),
    );
    const events: RawEvent[] = Array.from({ length: rows.length });
    let expected = after + 1;
    for (let index = 0; index < rows.length; index++) {
      const event = rawEvent(rows[index] ?? []);
      if (event.sequence !== expected) throw corrupt(expected, "is missing");
      events[index] = event;
      expected++;
    }
    return events;
  }

  /** Up to `limit` events of a stream from a revision on. Throws `corrupt-event`. */
  ofStream(stream: string, fromRevision: number, limit: number): RawEvent[] {
    const events = this.#read(() => this.#ofStream.all(stream, fromRevision, limit)).map(rawEvent);
    for (const [index, event] of events.entries()) {
      if (event.revision !== fromRevision + index) {
        throw corrupt(event.sequence, `follows a gap before revision ${event.revision}`);
      }
    }
    return events;
  }

  /** Up to `limit` events that match, with `after` < sequence ≤ `upTo`, in the order of the filter. */
  matching(filter: EventFilter, after: number, upTo: number, limit: number): RawEvent[] {
    const conditions = ["e.sequence > ?", "e.sequence <= ?"];
    const values: SQLInputValue[] = [after, upTo];
    const where = (condition: string, value: SQLInputValue | undefined) => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    where("e.stream = ?", filter.stream);
    where("e.type = ?", filter.type);
    where("e.occurred_at >= ?", filter.from);
    where("e.occurred_at < ?", filter.to);
    // Malformed data passes the filter, so that the reader reports it instead of skipping it.
    where(`(NOT json_valid(e.data) OR ${clusterOf} = ?)`, filter.cluster);
    const names = columns.replaceAll(/\w+/g, "e.$&");
    const order = filter.stream === undefined ? "e.sequence" : "e.revision";
    const direction = filter.order === "desc" ? "DESC" : "ASC";
    const sql = `SELECT ${names} FROM events e WHERE ${conditions.join(" AND ")} ORDER BY ${order} ${direction} LIMIT ?`;
    return this.#read(() => rowsOf(this.#db, sql).all(...values, limit)).map(rawEvent);
  }

  /** Runs a read. If the stored data make it fail, `firstUnreadable` finds the sequence to report. */
  #read<T>(read: () => T, firstUnreadable: () => number | null = () => null): T {
    try {
      return read();
    } catch (error) {
      if (!isDamage(error)) throw unavailable("a read of the ledger", error);
      const sequence = firstUnreadable();
      if (sequence !== null) throw corrupt(sequence, "cannot be read", error);
      throw damaged(this.#db.location() ?? "the ledger's file", error);
    }
  }

  #firstUnreadable(after: number, upTo: number): number | null {
    for (let sequence = after + 1; sequence <= upTo; sequence++) {
      try {
        // If the statement finds no row at the sequence, the unreadable row has a rowid that is not a sequence.
        if (this.#range.all(sequence - 1, sequence, 1).length === 0) return sequence;
      } catch (error) {
        if (isDamage(error)) return sequence;
        throw unavailable("a read of the ledger", error);
      }
    }
    return null;
  }
}
