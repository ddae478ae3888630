/**
 * Processes submissions in rounds: what arrives during a round forms the next one, so that commits are shared without a
 * timer.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { LedgerError, Unanswered } from "../../errors.ts";
import { appendPatienceMs } from "../../limits/kurrentdb.ts";
import { maxBytesPerRound, maxEventsPerRound } from "../../limits/store.ts";
import type { EventStore, LedgerHead } from "../../store/port.ts";
import { KnownRevisions, appendEntries } from "./append.ts";
import { ClockGuard } from "./clock-guard.ts";
import { CorrectionBounds } from "./correction-bounds.ts";
import type { FindSaid } from "./correction-bounds.ts";
import { type Entry, refuse } from "./entry.ts";
import type { Submission } from "./submission.ts";
import { checkedEntries } from "./checked-entry.ts";
import { planRound } from "./plan.ts";
import { reachEnds } from "./reach-ends.ts";
import { readRecordedTimes, writeRecordedTimes } from "./recorded-times.ts";
import type { RecordedTimes } from "./recorded-times.ts";
import type { Made, Origin, Request } from "./request.ts";
import { submissionsOf, turnAway, turnAwayLate } from "./request.ts";
import { keepWholeParts } from "./whole-parts.ts";

/** Called after each round with the sequence that it reached and the time at which it was done. */
type OnAppended = (sequence: number, atMs: number) => void;

export class Writer {
  readonly #onAppended: OnAppended;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #revisions: KnownRevisions;
  readonly #corrections: CorrectionBounds;
  readonly clockGuard: ClockGuard;
  #head: LedgerHead;
  #recordedTimes: RecordedTimes;
  #queue: Request[] = [];
  #running: Promise<void> | null = null;
  #closed = false;
  /** The recorded time of the round in progress. */
  #recordingAt: number | null = null;

  private constructor(
    store: EventStore,
    clock: Clock,
    onAppended: OnAppended,
    said: FindSaid,
    head: LedgerHead,
    recordedTimes: RecordedTimes,
    clockGuard: ClockGuard,
  ) {
    this.#corrections = new CorrectionBounds(said);
    this.#store = store;
    this.clockGuard = clockGuard;
    this.#onAppended = onAppended;
    this.#clock = clock;
    this.#revisions = new KnownRevisions(store);
    this.#head = head;
    this.#recordedTimes = recordedTimes;
  }

  static async open(
    store: EventStore,
    clock: Clock,
    onAppended: OnAppended,
    said: FindSaid,
  ): Promise<Writer> {
    const [head, recordedTimes] = [await store.head(), await readRecordedTimes(store)];
    const guard = await ClockGuard.open(clock, store);
    return new Writer(store, clock, onAppended, said, head, recordedTimes, guard);
  }

  /** The head as this writer knows it: it learns what others append with its own next append. */
  get head(): LedgerHead {
    return this.#head;
  }

  /** Whether an append is in progress or waiting. */
  get busy(): boolean {
    return this.#running !== null;
  }

  /** The recorded time of the events in progress; `null` if there are none. */
  get recordingAt(): number | null {
    return this.#recordingAt;
  }

  get recordedTimes(): RecordedTimes {
    return this.#recordedTimes;
  }

  /** `refusals` say why some inputs must not be taken, by their index. */
  async submit(
    inputs: readonly unknown[],
    origin: Origin,
    refusals?: ReadonlyMap<number, LedgerError>,
  ): Promise<readonly Submission[]> {
    if (inputs.length === 0) return [];
    const entries = checkedEntries(inputs, origin, this.#nowMs(), refusals);
    if (this.#closed) {
      for (const entry of entries)
        refuse(entry, new LedgerError("not-ready", "the ledger is closed"));
    }
    if (entries.every((entry) => entry.outcome !== null)) return submissionsOf(entries);
    return await new Promise((resolve, reject) => {
      const patientUntil = performance.now() + appendPatienceMs;
      this.#queue.push({ entries, origin, patientUntil, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /**
   * Appends events that are made when their turn comes, from the head right before them: by then all is known that is in
   * the streams `reads`. Throws what `make` throws.
   */
  async submitMade(
    origin: "system" | "decision",
    make: (head: number) => Promise<Made>,
    reads: readonly string[] = [],
  ): Promise<readonly Submission[]> {
    if (this.#closed) throw new LedgerError("not-ready", "the ledger is closed");
    return await new Promise<readonly Submission[]>((resolve, reject) => {
      const patientUntil = performance.now() + appendPatienceMs;
      this.#queue.push({ entries: [], make, reads, origin, patientUntil, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Finishes what was accepted; this ends an import that preserves recorded times. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    if (this.#recordedTimes === "importing") await this.#setRecordedTimes("kept");
  }

  #nowMs(): number {
    return Math.floor(this.#clock.nowMs());
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // What came while the last round was stored is read in the next turn, and shares this round.
      await nextTurn();
      this.#turnAwayLate();
      const round = this.#nextRound();
      let isUnreachable = false;
      try {
        for (const request of round) await this.#makeEntries(request);
        await this.#take(round);
        for (const { entries, resolve } of round) resolve(submissionsOf(entries));
      } catch (error) {
        isUnreachable = error instanceof Unanswered;
        for (const { reject } of round) reject(error);
      }
      this.#recordingAt = null;
      if (isUnreachable || round.some(isUnanswered)) this.#turnAwayWaiting();
    }
    this.#running = null;
  }

  /**
   * The store did not answer in time: requests that came meanwhile would only wait as long again, one after another.
   */
  #turnAwayWaiting(): void {
    const error = new Unanswered("the appends before it were not answered");
    for (const request of this.#queue.splice(0)) turnAway(request, error);
  }

  /** Refuses appends that waited too long for a slow store. With a file, every append gets its turn. */
  #turnAwayLate(): void {
    if (this.#store.status === undefined) return;
    const nowMs = performance.now();
    const inTime = this.#queue.findIndex(({ patientUntil }) => patientUntil >= nowMs);
    const count = inTime < 0 ? this.#queue.length : inTime;
    for (const request of this.#queue.splice(0, count)) turnAwayLate(request);
  }

  async #makeEntries(request: Request): Promise<void> {
    if (request.make === undefined) return;
    await reachEnds(this.#store, request.reads ?? [], request.patientUntil);
    const { sequence } = await this.#store.head();
    const { inputs, revisions, refusals } = await request.make(
      Math.max(sequence, this.#head.sequence),
    );
    request.entries = checkedEntries(inputs, request.origin, this.#nowMs(), refusals);
    request.revisions = revisions;
  }

  /** The requests at the front of the queue that share a round: alike as to recorded times, and not too many. */
  #nextRound(): Request[] {
    const [first] = this.#queue;
    const isKept = first?.origin === "preserved";
    let events = 0;
    let bytes = 0;
    let end = 0;
    for (const { entries, origin, make } of this.#queue) {
      if (end > 0 && (make !== undefined || first?.make !== undefined)) break;
      if (end > 0 && events + entries.length > maxEventsPerRound) break;
      if ((origin === "preserved") !== isKept) break;
      for (const { event } of entries) bytes += sizeOf(event);
      if (end > 0 && bytes > maxBytesPerRound) break;
      events += entries.length;
      end++;
    }
    return this.#queue.splice(0, end);
  }

  async #take(round: readonly Request[]): Promise<void> {
    const isKept = round[0]?.origin === "preserved";
    const entries = round.flatMap((request) => request.entries);
    const refusal = await this.#enterMode(isKept);
    if (refusal !== null) {
      for (const entry of entries) if (entry.outcome === null) refuse(entry, refusal);
      return;
    }
    if (!isKept) await this.#holdBack(entries);
    const open = entries.filter((entry) => entry.outcome === null);
    const keptMs = open.reduce((latest, entry) => Math.max(latest, entry.recordedAt ?? 0), 0);
    // Recorded times must not go behind those of other instances either, as far as they are known.
    const { recordedAt: floorMs } = await this.#store.head();
    const nowMs = Math.max(this.#nowMs(), this.#head.recordedAt, floorMs, keptMs);
    this.#recordingAt = isKept ? null : nowMs;
    const corrections = this.#corrections;
    const { recordedAt: headRecordedAt } = this.#head;
    const planned = await planRound(this.#store, open, { nowMs, headRecordedAt, corrections });
    // The first request of the round has waited longest.
    const patientUntil = round[0]?.patientUntil ?? performance.now() + appendPatienceMs;
    try {
      const lists = round
        .filter(({ origin }) => origin === "list" || origin === "decision")
        .map((list) => list.entries);
      const fresh = await keepWholeParts(lists, planned, this.#store);
      for (const entry of fresh) entry.recordedAt ??= nowMs;
      const exact = round[0]?.revisions;
      const options = { inOrder: isKept, patientUntil, exact };
      await appendEntries(this.#store, this.#revisions, fresh, options);
      if (fresh.some(isAcceptedClock)) await this.clockGuard.accept();
      this.#noteHead(fresh);
    } finally {
      corrections.endRound(planned);
    }
  }

  /** While the clock is ahead, only its acceptance is recorded. */
  async #holdBack(entries: readonly Entry[]): Promise<void> {
    const refusal = await this.clockGuard.refusal();
    if (refusal === null) return;
    for (const entry of entries) {
      if (entry.outcome === null && entry.event?.type !== "ClockJumpAccepted") {
        refuse(entry, refusal);
      }
    }
  }

  /** Preserving recorded times begins in an empty ledger, and ends with the first event without one. */
  async #enterMode(kept: boolean): Promise<LedgerError | null> {
    if (kept && this.#recordedTimes === "own" && this.#head.sequence === 0) {
      await this.#setRecordedTimes("importing");
    }
    if (!kept && this.#recordedTimes === "importing") await this.#setRecordedTimes("kept");
    if (!kept || this.#recordedTimes === "importing") return null;
    return new LedgerError(
      "ledger-not-empty",
      `recorded times can be preserved only in an empty ledger; this one has ${this.#head.sequence} events`,
    );
  }

  async #setRecordedTimes(state: RecordedTimes): Promise<void> {
    await writeRecordedTimes(this.#store, state);
    this.#recordedTimes = state;
  }

  #noteHead(fresh: readonly Entry[]): void {
    let { sequence, recordedAt } = this.#head;
    for (const entry of fresh) {
      if (entry.outcome?.status !== "appended") continue;
      sequence = Math.max(sequence, entry.outcome.sequence ?? 0);
      recordedAt = Math.max(recordedAt, entry.recordedAt ?? 0);
    }
    this.#head = { sequence, recordedAt };
    if (sequence > 0) this.#onAppended(sequence, this.#nowMs());
  }
}

/** Whether the store has not answered for any part of it. */
function isUnanswered({ entries }: Request): boolean {
  return entries.some(
    ({ outcome }) => outcome?.status === "refused" && outcome.error instanceof Unanswered,
  );
}

function isAcceptedClock({ event, outcome }: Entry): boolean {
  return event?.type === "ClockJumpAccepted" && outcome?.status === "appended";
}

/** Approximate size in the store, in bytes. */
function sizeOf(event: Entry["event"]): number {
  return event === null ? 0 : event.dataJson.length + event.attributionJson.length;
}
