/**
 * Writes the store's deliveries into the mirror: rows, position and notes of duplicate ids in one transaction. A record
 * that the ledger has not written, or that does not fit, is refused with its position.
 */
import { LedgerError } from "../../errors.ts";
import { mirrorCheckpointMs } from "../../limits/kurrentdb.ts";
import { DuplicateIds } from "./duplicate-ids.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { AppendOutcome } from "../port.ts";
import type { KurrentDbClient, Position, RecordedEvent } from "../kurrentdb/client/client.ts";
import type { MirroredEvent } from "../kurrentdb/client/event.ts";
import { foreignRecord, fromKurrentDb } from "../kurrentdb/client/event.ts";
import type { Marks } from "../sqlite/rows/marks.ts";
import { lastEventMark, positionMark } from "../sqlite/rows/marks.ts";
import { ExpectedEvents } from "./expected.ts";
import { compareRow, compareStream, isWithdrawn, rowAt } from "./check.ts";
import type { Delivery } from "./feed.ts";
import type { MirrorHead } from "./position.ts";
import { partsOf } from "./parts.ts";
import type { Say } from "../telling.ts";

export class MirrorIntake {
  readonly expected = new ExpectedEvents();
  readonly #client: KurrentDbClient;
  readonly #store: EmbeddedStore;
  readonly #say: Say;
  #duplicateIds = new DuplicateIds();
  #position: Position | null = null;
  #lastEventAt: Position | null = null;
  #positionSavedAt = 0;
  #sequence = 0;
  readonly #spokenOf = new Set<string>();

  constructor(client: KurrentDbClient, store: EmbeddedStore, say: Say) {
    this.#client = client;
    this.#store = store;
    this.#say = say;
  }

  /** The mirror's position in the store's log. */
  get position(): Position | null {
    return this.#position;
  }

  /** The sequence of the mirror's last event. */
  get sequence(): number {
    return this.#sequence;
  }

  get head(): MirrorHead {
    const [sequence, position, lastEventAt] = [this.#sequence, this.#position, this.#lastEventAt];
    return { sequence, position, lastEventAt, duplicateIds: this.#duplicateIds };
  }

  get duplicateIds(): DuplicateIds {
    return this.#duplicateIds;
  }

  /**
   * Streams whose metadata changed since the start without a loss of events. A scavenge that began before the change
   * was undone may still remove events.
   */
  get spokenOf(): ReadonlySet<string> {
    return this.#spokenOf;
  }

  /** Continues from the mirror's position. */
  async start(): Promise<void> {
    this.#position = parsePosition(await this.#store.mark(positionMark));
    this.#lastEventAt = parsePosition(await this.#store.mark(lastEventMark));
    this.#duplicateIds = await DuplicateIds.load(this.#store);
    this.#sequence = (await this.#store.head()).sequence;
  }

  /** The last revision of a stream in the store that was taken or skipped; -1 if there is none. */
  async lastOf(stream: string): Promise<bigint> {
    const revision = (await this.#store.streamRevision(stream)) ?? -1n;
    return this.#duplicateIds.lastBeforeNext(stream, revision);
  }

  /**
   * Takes all deliveries up to one that is refused. Throws `corrupt-event` for that one, and the errors of the mirror's
   * file.
   */
  async takeIn(deliveries: readonly Delivery[]): Promise<void> {
    const events: MirroredEvent[] = [];
    let position = this.#position;
    let refusal: unknown = null;
    for (const delivery of deliveries) {
      try {
        const event = delivery.record === null ? null : await this.#read(delivery.record);
        if (event !== null) events.push(event);
      } catch (error) {
        refusal = error;
        break;
      }
      position = delivery.position;
    }
    if (position !== null && position !== this.#position) await this.#take(events, position);
    if (refusal instanceof Error) throw refusal;
  }

  /** The ledger's event in a record; `null` for harmless metadata of a stream. */
  async #read(record: RecordedEvent): Promise<MirroredEvent | null> {
    const { prefix } = this.#client.name;
    if (!record.streamId.startsWith("$$"))
      return this.#atLedgerRevision(fromKurrentDb(record, prefix));
    const stream = record.streamId.slice(2);
    if (await isWithdrawn(this.#client, stream)) {
      throw foreignRecord(record, `marks events of ${stream} as deleted or to be deleted`);
    }
    // It may undo an earlier change after a scavenge has already removed events permanently.
    const own = stream.slice(prefix.length);
    const found = await compareStream(this.#client, this.#store, own, this.#duplicateIds);
    if (found !== null) throw found;
    this.#spokenOf.add(own);
    return null;
  }

  /** At the revision that it has in the ledger. */
  #atLedgerRevision(event: MirroredEvent): MirroredEvent {
    if (this.#duplicateIds.count === 0) return event;
    const revision = this.#duplicateIds.ledgerRevision(event.stream, event.record.revision);
    return { ...event, revision };
  }

  async #take(events: readonly MirroredEvent[], position: Position): Promise<void> {
    const isDue = performance.now() - this.#positionSavedAt >= mirrorCheckpointMs;
    if (events.length > 0 || isDue) {
      if (!this.#write(events, position).every((outcome) => outcome.ok)) {
        await this.#takeByOne(events, position);
      }
      this.#positionSavedAt = performance.now();
    }
    this.#position = position;
  }

  #write(
    events: readonly MirroredEvent[],
    position: Position,
    marks: Marks = {},
  ): readonly AppendOutcome[] {
    const parts = partsOf(events);
    const lastEventAt = events.at(-1)?.record.position ?? this.#lastEventAt;
    const positions: Record<string, string> = { ...marks, [positionMark]: positionText(position) };
    if (lastEventAt !== null) positions[lastEventMark] = positionText(lastEventAt);
    const outcomes = this.#store.takeWhole(parts, positions);
    if (outcomes.every(({ ok }) => ok)) {
      this.#sequence += events.length;
      this.#lastEventAt = lastEventAt;
      this.expected.note(parts, outcomes);
    }
    return outcomes;
  }

  /** Each event is taken with its own position. A duplicate id is skipped; anything else that does not fit is refused. */
  async #takeByOne(events: readonly MirroredEvent[], end: Position): Promise<void> {
    for (const each of events) {
      const event = this.#atLedgerRevision(each);
      const position = event.record.position ?? end;
      const [outcome] = this.#write([event], position);
      if (outcome?.ok === false) await this.#passOver(event, outcome.error, position);
      this.#position = position;
    }
    this.#write([], end);
  }

  /** Throws `corrupt-event` unless the event's id already exists, in the mirror and in the store. */
  async #passOver(event: MirroredEvent, why: Error, position: Position): Promise<void> {
    const { stream, record } = event;
    const standing = await this.#store.findById(event.event.id);
    if (standing === null) throw foreignRecord(record, `conflicts with the mirror: ${why.message}`);
    // A mirror with events that its store lacks would take the store's events for duplicates.
    const row = await rowAt(this.#store, standing.sequence);
    const found = row === null ? null : await compareRow(this.#client, row, this.#duplicateIds);
    if (found !== null) throw found;
    const { count } = this.#duplicateIds;
    const marks = this.#duplicateIds.note(stream, record.revision);
    try {
      this.#write([], position, marks);
    } catch (error) {
      this.#duplicateIds.truncate(count);
      throw error;
    }
    this.#say(
      `the event at position ${position.commit} (revision ${record.revision} of ${record.streamId}) has the id of the event at sequence ${standing.sequence} (a duplicate id), so it is not part of the ledger`,
      "warn",
    );
  }
}

function positionText({ commit, prepare }: Position): string {
  return `${commit}/${prepare}`;
}

/** The mirror's position from its mark; `null` before it has one. Throws `corrupt-event` for a malformed mark. */
export function parsePosition(mark: string | null): Position | null {
  if (mark === null) return null;
  const match = /^(\d+)\/(\d+)$/.exec(mark);
  if (match === null) {
    throw new LedgerError("corrupt-event", `the mirror's position reads "${mark}"`);
  }
  return { commit: BigInt(match[1] ?? 0), prepare: BigInt(match[2] ?? 0) };
}
