/** A ledger in one SQLite file that is open. */
import type { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../../events/envelope.ts";
import { livePollMs, readBatchEvents } from "../../limits/store.ts";
import { copyFileInUse } from "./copy-file-in-use.ts";
import type { EmbeddedStore, ReadOptions } from "./embedded-store.ts";
import { EventRows } from "./rows/event-rows.ts";
import type {
  AppendOutcome,
  EventFilter,
  LedgerHead,
  StoreTrouble,
  StreamAppend,
} from "../port.ts";
import { EventWriter } from "./event-writer.ts";
import { FileCare } from "./files/file-care.ts";
import { GroupCommit } from "./group-commit.ts";
import { LeafReader, leafText } from "./rows/leaf-reader.ts";
import { Finder } from "./lookups/finder.ts";
import { searchEvents } from "./lookups/event-search.ts";
import type { LedgerIndex } from "./lookups/ledger-index.ts";
import type { Lookups } from "./lookups/lookups.ts";
import type { StoredLeaves } from "../leaf-store.ts";
import { LiveFeed } from "./live-feed.ts";
import { type Marks, readMark } from "./rows/marks.ts";
import { type RawEvent, corrupt, storedEvent } from "./rows/row-codec.ts";
import { closed, readOnly, refused } from "../refusals.ts";
import { assertWellFormed } from "../well-formed-append.ts";
import type { Say } from "../telling.ts";
import { type WriterLock } from "./files/writer-lock.ts";

/** What a store that is written to needs besides its file. */
interface Writing {
  readonly lock: WriterLock;
  readonly say: Say | undefined;
  readonly isDerived: boolean | undefined;
  readonly lookups: Lookups;
}

export class SqliteStore implements EmbeddedStore {
  readonly description: string;
  readonly localPath: string;
  readonly #db: DatabaseSync;
  readonly #lock: WriterLock | null;
  readonly #rows: EventRows;
  readonly #finder: Finder;
  /** The writer's; a reader's is loaded when it is needed. */
  readonly #index: LedgerIndex | null;
  readonly #leaves: LeafReader;
  readonly #care: FileCare | null;
  readonly #writer: EventWriter | null;
  readonly #commits: GroupCommit;
  readonly #feed: LiveFeed;
  readonly #backups = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;
  #isOpen = true;
  /** The head that a reader last found. */
  #seen: LedgerHead = { sequence: 0, recordedAt: 0 };

  constructor(path: string, db: DatabaseSync, blockEvents: number, writing: Writing | null) {
    this.description = `sqlite:${path}`;
    this.localPath = path;
    this.#db = db;
    this.#lock = writing?.lock ?? null;
    this.#rows = new EventRows(db);
    this.#index = writing?.lookups.index ?? null;
    const pollMs = writing === null ? livePollMs : null;
    this.#feed = new LiveFeed((after) => this.#following(after), pollMs);
    this.#leaves = new LeafReader(db, this.#rows);
    const settings = { db, rows: this.#rows, leaves: this.#leaves, blockEvents };
    this.#finder = new Finder(settings, writing?.lookups ?? null, () => this.#assertOpen());
    this.#care = writing && new FileCare({ db, path, ...writing });
    this.#writer =
      writing &&
      this.#care &&
      new EventWriter(db, this.#rows, writing.lookups, this.#leaves, this.#feed, this.#care);
    this.#care?.start();
    this.#commits = new GroupCommit((parts) => this.#commit(parts));
  }

  async append(parts: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    for (const part of parts) assertWellFormed(part);
    if (this.#closing !== null) return refused(parts, closed());
    if (this.#writer === null) return refused(parts, readOnly(this.description));
    return await this.#commits.append(parts);
  }

  judge(part: StreamAppend): AppendOutcome | null {
    return this.#writing().judge(part);
  }

  takeWhole(parts: readonly StreamAppend[], marks: Marks): readonly AppendOutcome[] {
    return this.#writing().takeWhole(parts, marks);
  }

  async streamRevision(stream: string): Promise<bigint | null> {
    this.#assertOpen();
    const last =
      this.#writer?.streamRevision(stream) ?? (await this.#finder.upToDate()).lastRevision(stream);
    return last < 0 ? null : BigInt(last);
  }

  async *readStream(stream: string, fromRevision = 0n): AsyncIterable<StoredEvent> {
    let next = Number(fromRevision);
    for (;;) {
      const index = await this.#finder.upToDate();
      const batch = index.ofStream(stream, next, readBatchEvents);
      for (const raw of batch) yield storedEvent(raw);
      if (batch.length < readBatchEvents) return;
      next += batch.length;
    }
  }

  async *readAll(after: number, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    for await (const batch of this.readRaw(after, options)) yield batch.map(storedEvent);
  }

  async *readRaw(after: number, options: ReadOptions = {}): AsyncIterable<readonly RawEvent[]> {
    const { upTo = Number.MAX_SAFE_INTEGER, batchSize = readBatchEvents } = options;
    let position = after;
    for (;;) {
      this.#assertOpen();
      const batch = this.#rows.range(position, upTo, batchSize);
      if (batch.length === 0) return;
      position += batch.length;
      yield batch;
    }
  }

  async *readLeaves(after: number, options: ReadOptions = {}): AsyncIterable<readonly string[]> {
    for await (const batch of this.readRaw(after, options)) yield batch.map(leafText);
  }

  async leafHashes(from: number, to: number): Promise<Buffer> {
    this.#assertOpen();
    return this.#leaves.hashes(from, to);
  }

  async storedLeaves(): Promise<StoredLeaves> {
    this.#assertOpen();
    return {
      ...this.#leaves.stored(),
      rangeRoot: (from, to) => this.#finder.root(from, to),
      lookupDifference: (upTo) => this.#finder.difference(upTo),
    };
  }

  async firstDecision(): Promise<number | null> {
    this.#assertOpen();
    return this.#rows.firstDecision();
  }

  subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]> {
    return this.#feed.follow(after, signal);
  }

  async query(filter: EventFilter): Promise<readonly StoredEvent[]> {
    const upTo = Math.min(filter.upTo ?? Number.MAX_SAFE_INTEGER, this.#lastSequence());
    const index = await this.#finder.upToDate();
    const found = await searchEvents(this.#rows, index, filter, upTo, () => this.#assertOpen());
    return found.map(storedEvent);
  }

  async findById(id: string): Promise<StoredEvent | null> {
    return (await this.findByIds([id]))[0] ?? null;
  }

  async findByIds(ids: readonly string[]): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    const index = await this.#finder.upToDateWithIds();
    const found: StoredEvent[] = [];
    for (const id of ids) {
      const raw = index.find(id);
      if (raw !== null) found.push(storedEvent(raw));
    }
    return found;
  }

  async readAt(sequence: number): Promise<StoredEvent | null> {
    if (sequence < 1 || sequence > this.#lastSequence()) return null;
    const [raw] = this.#rows.range(sequence - 1, sequence, 1);
    if (raw === undefined) throw corrupt(sequence, "is missing");
    return storedEvent(raw);
  }

  async head(): Promise<LedgerHead> {
    this.#assertOpen();
    if (this.#index !== null) return this.#index.head();
    const more = this.#rows.headAfter(this.#seen.sequence);
    this.#seen = {
      sequence: Math.max(this.#seen.sequence, more.sequence),
      recordedAt: Math.max(this.#seen.recordedAt, more.recordedAt),
    };
    return this.#seen;
  }

  async mark(name: string): Promise<string | null> {
    this.#assertOpen();
    return readMark(this.#db, name);
  }

  async setMark(name: string, value: string): Promise<void> {
    this.#writing().takeWhole([], { [name]: value });
  }

  troubles(): readonly StoreTrouble[] {
    return this.#isOpen ? (this.#care?.troubles() ?? []) : [];
  }

  lookAfterFiles(): void {
    this.#assertOpen();
    this.#care?.look();
  }

  async backup(path: string): Promise<void> {
    this.#assertOpen();
    const running = copyFileInUse(this.localPath, path);
    this.#backups.add(running);
    try {
      await running;
    } finally {
      this.#backups.delete(running);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#commits.idle();
    await Promise.allSettled(this.#backups);
    this.#isOpen = false;
    this.#feed.wake();
    await this.#closeFiles();
    this.#lock?.release();
  }

  async #closeFiles(): Promise<void> {
    await this.#finder.close();
    (this.#care ?? this.#db).close();
  }

  #commit(parts: readonly StreamAppend[]): readonly AppendOutcome[] {
    return this.#writer === null ? refused(parts, closed()) : this.#writer.take(parts);
  }

  #following(after: number): readonly StoredEvent[] {
    this.#assertOpen();
    return this.#rows.range(after, Number.MAX_SAFE_INTEGER, readBatchEvents).map(storedEvent);
  }

  #lastSequence(): number {
    this.#assertOpen();
    return this.#index?.head().sequence ?? this.#rows.lastSequence();
  }

  #writing(): EventWriter {
    this.#assertOpen();
    if (this.#writer === null) throw readOnly(this.description);
    return this.#writer;
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw closed();
  }
}
