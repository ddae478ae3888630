/** Reads the events table. Every statement ends before its method returns, so that no read delays a checkpoint. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { EventFilter, LedgerHead } from "../../port.ts";
import { isCorrectionType, malformed } from "./looked-up.ts";
import type { LookedUp } from "./looked-up.ts";
import type { RawEvent, Row } from "./row-codec.ts";
import { firstDecisionIn } from "./file-format.ts";
import { columns, corrupt, rawEvent } from "./row-codec.ts";
import { damaged, isDamage, unavailable } from "./sqlite-error.ts";

/** The cluster in an event's data; the number 0 where they cannot be parsed. */
const clusterInData =
  "CASE WHEN json_valid(data) THEN CASE json_type(data, '$.cluster') WHEN 'text' THEN json_extract(data, '$.cluster') END ELSE 0 END";

/** By what the event at a sequence is looked up. */
interface RowLookedUp {
  readonly sequence: number;
  readonly event: LookedUp & { readonly isCorrection: boolean };
}

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
  readonly #lookedUp: RowStatement;
  readonly #last: RowStatement;
  readonly #headAfter: RowStatement;
  readonly #idAt: RowStatement;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const rows = (sql: string) => rowsOf(db, sql);
    this.#range = rows(
      `SELECT ${columns} FROM events WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?`,
    );
    this.#last = rows("SELECT max(sequence) FROM events");
    this.#headAfter = rows("SELECT max(sequence), max(recorded_at) FROM events WHERE sequence > ?");
    this.#idAt = rows("SELECT id FROM events WHERE sequence = ?");
    this.#lookedUp = rows(
      `SELECT sequence, id, stream, revision, type, occurred_at, recorded_at, ${clusterInData}
       FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?`,
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

  /** Whether the row at `sequence` has this id. */
  hasId(sequence: number, id: string): boolean {
    return this.#read(() => this.#idAt.get(sequence))?.[0] === id;
  }

  /**
   * By what up to `limit` events after `after` are looked up, in order. The cluster is that of the data: for a correction,
   * it is to be taken from the first event of its stream.
   */
  lookedUp(after: number, limit: number): RowLookedUp[] {
    return this.#read(() => this.#lookedUp.all(after, limit)).map((row) => {
      const [sequence, id, stream, revision, type, occurredAt, recordedAt, cluster] = row;
      const event: RowLookedUp["event"] = {
        id: String(id),
        stream: String(stream),
        revision: Number(revision),
        type: String(type),
        cluster: typeof cluster === "string" ? cluster : cluster === 0 ? malformed : null,
        occurredAt: Number(occurredAt),
        recordedAt: Number(recordedAt),
        isCorrection: isCorrectionType(String(type)),
      };
      return { sequence: Number(sequence), event };
    });
  }

  /** The event at a sequence, `null` if there is none. Throws `corrupt-event`. */
  at(sequence: number): RawEvent | null {
    return this.range(sequence - 1, sequence, 1)[0] ?? null;
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

  /** Up to `limit` events by when they occurred, with `after` < sequence ≤ `upTo`, in the order of the filter. */
  occurred(
    { from, to, order }: Pick<EventFilter, "from" | "to" | "order">,
    after: number,
    upTo: number,
    limit: number,
  ): RawEvent[] {
    const direction = order === "desc" ? "DESC" : "ASC";
    const sql = `SELECT ${columns} FROM events
      WHERE sequence > ? AND sequence <= ? AND occurred_at >= ? AND occurred_at < ?
      ORDER BY sequence ${direction} LIMIT ?`;
    const bounds = [from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER];
    return this.#read(() => rowsOf(this.#db, sql).all(after, upTo, ...bounds, limit)).map(rawEvent);
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
