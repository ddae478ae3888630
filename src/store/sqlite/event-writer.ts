/**
 * Commits groups of appends in one durable transaction. Every reason for a refusal is checked before a row
 * is written, so that refusing one part never affects another.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CheckedEvent, StoredEvent } from "../../events/envelope.ts";
import { PackedHashes } from "../../events/canonical/leaf-hash.ts";
import { LedgerError } from "../../errors.ts";
import { maxCachedStreams } from "../../limits/store.ts";
import type { AppendedPosition, AppendOutcome, StreamAppend } from "../port.ts";
import { EventInserts } from "./rows/event-inserts.ts";
import type { EventRows } from "./rows/event-rows.ts";
import type { FileCare } from "./files/file-care.ts";
import type { LeafReader } from "./rows/leaf-reader.ts";
import type { LedgerIndex } from "./lookups/ledger-index.ts";
import type { Lookups } from "./lookups/lookups.ts";
import { storeFullBlocks } from "./lookups/make-blocks.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { Marks } from "./rows/marks.ts";
import { writeMark } from "./rows/marks.ts";
import { appendedEvent } from "./rows/row-codec.ts";
import type { RawEvent } from "./rows/row-codec.ts";
import { decisionFormatVersion, isDecision, mayHoldDecisions, pragma } from "./rows/file-format.ts";
import { duplicateId, idConflict, sameContent } from "./same-ids.ts";
import { refused } from "../refusals.ts";
import { isSqliteError, unavailable } from "./rows/sqlite-error.ts";
import { StreamRevisions } from "./rows/stream-revisions.ts";

const appendedAt = (firstRevision: number, sequences: readonly number[], duplicate: boolean) => ({
  firstRevision: BigInt(firstRevision),
  sequences,
  duplicate,
});

function revisionWord(revision: number | bigint): number | string {
  if (revision < 0) return "no-stream";
  return revision <= Number.MAX_SAFE_INTEGER ? Number(revision) : String(revision);
}

export class EventWriter {
  readonly #db: DatabaseSync;
  readonly #rows: EventRows;
  readonly #index: LedgerIndex;
  readonly #leaves: LeafReader;
  readonly #lookups: Lookups;
  readonly #feed: LiveFeed;
  readonly #care: FileCare;
  /** The events of the current transaction, for those who follow the store. */
  #fresh: StoredEvent[] = [];
  #lastId = "";
  /** The hashes of the current transaction's events. */
  readonly #hashes = new PackedHashes();
  readonly #revisions: StreamRevisions;
  readonly #inserts: EventInserts;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #holdsDecisions: boolean;
  /** Why no append can be accepted until the ledger is reopened; `null` while appends can be. */
  #broken: LedgerError | null = null;

  constructor(
    db: DatabaseSync,
    rows: EventRows,
    lookups: Lookups,
    leaves: LeafReader,
    feed: LiveFeed,
    care: FileCare,
  ) {
    this.#db = db;
    this.#rows = rows;
    const { index } = lookups;
    this.#index = index;
    this.#lookups = lookups;
    this.#leaves = leaves;
    this.#feed = feed;
    this.#care = care;
    this.#inserts = new EventInserts(db);
    index.beforeLook = () => this.#inserts.flush();
    this.#revisions = new StreamRevisions(maxCachedStreams, (stream) => {
      this.#inserts.flush();
      return index.lastRevision(stream);
    });
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#holdsDecisions = mayHoldDecisions(pragma(db, "user_version"));
  }

  streamRevision(stream: string): number {
    return this.#revisions.last(stream);
  }

  /** Commits all parts and sets the marks, or does nothing if any part is refused. Throws `store-unavailable`. */
  takeWhole(parts: readonly StreamAppend[], marks: Marks): readonly AppendOutcome[] {
    const setMarks = (): void => {
      for (const [name, value] of Object.entries(marks)) writeMark(this.#db, name, value);
    };
    if (parts.length === 0) {
      const moved = this.#care.moved();
      if (moved !== null) throw moved;
      setMarks();
      return [];
    }
    let judged: readonly AppendOutcome[] = [];
    const outcomes = this.take(parts, (taken) => {
      judged = taken;
      if (!taken.every((outcome) => outcome.ok)) throw new Error("a stream's part was refused");
      setMarks();
    });
    if (judged.some((outcome) => !outcome.ok)) return judged;
    const failed = outcomes.find((outcome) => !outcome.ok);
    if (failed !== undefined && !failed.ok) throw failed.error;
    return outcomes;
  }

  /** One outcome per part, returned after the accepted parts are durably committed. Never throws; if `beforeCommit` throws, nothing is committed. */
  take(
    parts: readonly StreamAppend[],
    beforeCommit: (outcomes: readonly AppendOutcome[]) => void = () => undefined,
  ): readonly AppendOutcome[] {
    const before = this.#index.head();
    // Checked before writing too: SQLite's pages after the end of a truncated log would look valid.
    const gone = this.#care.moved();
    if (gone !== null) return refused(parts, gone);
    try {
      if (this.#broken !== null) throw this.#broken;
      this.#begin.run();
      this.#assertOwnEnd(before.sequence);
      this.#hashes.clear();
      this.#fresh = [];
      const outcomes = parts.map((part) => this.#takePart(part));
      this.#inserts.flush();
      if (this.#hashes.length > 0)
        this.#leaves.table.insert(before.sequence + 1, this.#hashes.bytes());
      storeFullBlocks(this.#lookups, this.#rows, this.#leaves);
      beforeCommit(outcomes);
      this.#care.beforeCommit();
      this.#commit.run();
      this.#index.settle();
      if (this.#index.head().sequence > before.sequence) this.#feed.note(this.#fresh);
      const moved = this.#care.afterCommit();
      if (moved !== null) return refused(parts, moved);
      const { sequence } = this.#index.head();
      if (sequence > before.sequence) this.#care.noteHead(sequence, this.#lastId);
      return outcomes;
    } catch (error) {
      this.#undo(before);
      // The refused parts fail as well: they were judged by rows that have been rolled back.
      const failure = unavailable("the append", error);
      if (isSqliteError(error) || this.#broken !== null) this.#care.failed(failure);
      return refused(parts, failure);
    }
  }

  /** Everything kept in memory assumes that no other process writes; this check notices if one did. */
  #assertOwnEnd(last: number): void {
    const stored = this.#rows.lastSequence();
    if (stored === last) return;
    const detail = `another process has written to the ledger: it ends at sequence ${stored}, not ${last}. Restart this one`;
    this.#broken = new LedgerError("store-unavailable", detail);
    throw this.#broken;
  }

  #undo(before: ReturnType<LedgerIndex["head"]>): void {
    this.#inserts.clear();
    this.#revisions.clear();
    this.#index.truncate(before);
    this.#holdsDecisions = false;
    try {
      // SQLite may already have rolled back when the commit failed.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
    } catch (error) {
      this.#broken = unavailable("an earlier rollback", error);
    }
  }

  #takePart(part: StreamAppend): AppendOutcome {
    const { stream, expectedRevision } = part;
    const expected = expectedRevision === "no-stream" ? -1 : Number(expectedRevision);
    const judged = this.judge(part);
    if (judged !== null) return judged;
    const last = this.#revisions.last(stream);
    if (expected !== last) {
      const extra = {
        stream,
        expected: revisionWord(expectedRevision === "no-stream" ? -1 : expectedRevision),
        actual: revisionWord(last),
      };
      const detail = `${stream} is at revision ${extra.actual}, not ${extra.expected}`;
      return { ok: false, error: new LedgerError("wrong-expected-revision", detail, { extra }) };
    }
    return { ok: true, position: this.#write(part, last + 1) };
  }

  /** What the rows alone decide: ids that are already in the ledger, or occur twice; `null` if they decide nothing. */
  judge(part: StreamAppend): AppendOutcome | null {
    const { expectedRevision, events } = part;
    const expected = expectedRevision === "no-stream" ? -1 : Number(expectedRevision);
    const found = this.#standing(events);
    if (found !== null) return this.#judgeStanding(part, expected + 1, found);
    const twice = duplicateId(events);
    if (twice === null) return null;
    return { ok: false, error: idConflict(twice, null, "occurs twice in one append") };
  }

  /** The rows that have these ids, one per event, or `null` if no id is known. */
  #standing(events: readonly CheckedEvent[]): (RawEvent | null)[] | null {
    let found: (RawEvent | null)[] | null = null;
    // Events that were sent together usually have neighbouring rows, so those are read at once.
    let neighbours: readonly RawEvent[] = [];
    let at = 0;
    for (const event of events) {
      const near = found === null ? undefined : neighbours[at];
      const row = near?.id === event.id ? near : this.#index.find(event.id);
      if (row !== null) {
        if (found === null) {
          found = events.map(() => null);
          if (at === 0 && events.length > 1) {
            neighbours = this.#index.ofStream(row.stream, row.revision, events.length);
          }
        }
        found[at] = row;
      }
      at++;
    }
    return found;
  }

  /** For ids that the ledger already has: the original position if all events are the same, otherwise a conflict. */
  #judgeStanding(
    part: StreamAppend,
    firstRevision: number,
    rows: readonly (RawEvent | null)[],
  ): AppendOutcome {
    const sequences: number[] = [];
    for (const [index, event] of part.events.entries()) {
      const row = rows[index] ?? null;
      let error: LedgerError | null = null;
      if (row === null) {
        error = idConflict(
          event,
          null,
          "is new, but other events of its append are already in the ledger",
        );
      } else if (row.stream !== part.stream || row.revision !== firstRevision + index) {
        error = idConflict(event, row, `is at revision ${row.revision} of ${row.stream}`);
      } else if (!sameContent(event, row)) {
        error = idConflict(event, row, "is used by an event with different content");
      }
      if (error !== null) return { ok: false, error };
      if (row !== null) sequences.push(row.sequence);
    }
    return { ok: true, position: appendedAt(firstRevision, sequences, true) };
  }

  /** Marks the file as one that holds decisions, in the transaction of the first decision. */
  #holdDecisions(): void {
    this.#db.exec(`PRAGMA user_version = ${decisionFormatVersion}`);
    this.#holdsDecisions = true;
  }

  #write(part: StreamAppend, firstRevision: number): AppendedPosition {
    const { stream, events, recordedAt } = part;
    const { isFollowed } = this.#feed;
    const sequences: number[] = [];
    let revision = firstRevision;
    for (const event of events) {
      const at = recordedAt[revision - firstRevision] ?? Number.NaN;
      const sequence = this.#index.addNew(event, stream, revision, at);
      const stands = { stream, revision, sequence, recordedAt: at };
      if (!this.#holdsDecisions && isDecision(event.attributionJson)) this.#holdDecisions();
      this.#inserts.add(event, stands);
      this.#hashes.addEvent(event, stands);
      if (isFollowed) this.#fresh.push(appendedEvent(event, stands));
      sequences.push(sequence);
      this.#lastId = event.id;
      revision++;
    }
    this.#revisions.set(stream, revision - 1);
    return appendedAt(firstRevision, sequences, false);
  }
}
