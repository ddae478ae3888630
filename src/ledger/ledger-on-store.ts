/** A ledger on an open store: its writer and its views. */
import type { Steps } from "../turns.ts";
import { randomUUID } from "node:crypto";
import { type Clock, msUntil, systemClock } from "../clock.ts";
import type { ClusterView, DecisionView } from "../../projections/view.ts";
import { isLedgerError, LedgerError } from "../errors.ts";
import { appendPatienceMs } from "../limits/kurrentdb.ts";
import { maxReadWaitMs } from "../limits/requests.ts";
import type { Keepable } from "../read-model/live/kept-answers.ts";
import { Projector } from "../read-model/projector.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import type { EventType } from "../events/catalogue.ts";
import type { Subject } from "../../projections/facts/subject.ts";
import { leafStore } from "../store/leaf-store.ts";
import type { EventStore } from "../store/port.ts";
import { derivedSuffix } from "../store/sqlite/files/side-files.ts";
import type { Attribution } from "../events/envelope.ts";
import { acceptedBefore, type ClockState, clockAccepted } from "./clock-state.ts";
import type { Ledger, OpenOptions, ProjectionStatus, Recordings, SubmitOptions } from "./ledger.ts";
import type { Made } from "./append/request.ts";
import type { Submission } from "./append/submission.ts";
import { RecordedTimesWatch } from "./recorded-times-watch.ts";
import { decidedRefusals } from "./append/checked-entry.ts";
import { Writer } from "./append/writer.ts";

/** Makes a ledger of an open store; closing the ledger closes the store. */
export async function ledgerOn(
  store: EventStore,
  options: Omit<OpenOptions, "store">,
): Promise<Ledger> {
  const clock = options.clock ?? systemClock;
  const projector = new Projector(leafStore(store), {
    path: snapshotPath(store),
    mode: options.mode,
    say: options.say,
  });
  const onAppended = (sequence: number, atMs: number): void => {
    projector.noteAppended(sequence, atMs);
  };
  const said = (id: string) => projector.model.saidOf(id);
  const writer =
    options.mode === "write" ? await Writer.open(store, clock, onAppended, said) : null;
  try {
    await projector.start(options.onProgress);
  } catch (error) {
    await projector.stop();
    throw error;
  }
  const times = await RecordedTimesWatch.start(store, projector);
  return new OpenLedger(store, writer, projector, times, clock);
}

/**
 * The snapshot file, beside the file that the store reads from; `null` if there is none, and a start then begins with
 * the first event.
 */
function snapshotPath(store: EventStore): string | null {
  const path = store.localPath;
  return path === undefined ? null : `${path}${derivedSuffix}`;
}

class OpenLedger implements Ledger {
  readonly store: EventStore;
  readonly #writer: Writer | null;
  readonly #projector: Projector;
  readonly #times: RecordedTimesWatch;
  readonly #clock: Clock;
  #closing: Promise<void> | null = null;

  constructor(
    store: EventStore,
    writer: Writer | null,
    projector: Projector,
    times: RecordedTimesWatch,
    clock: Clock,
  ) {
    this.store = store;
    this.#writer = writer;
    this.#projector = projector;
    this.#times = times;
    this.#clock = clock;
  }

  async submit(
    inputs: readonly unknown[],
    options: SubmitOptions = {},
  ): Promise<readonly Submission[]> {
    if (this.#writer === null) return inputs.map(refusedForReading);
    const origin = options.wholeParts === true ? "list" : "sender";
    return await this.#writer.submit(
      inputs,
      options.preserveTimestamps === true ? "preserved" : origin,
      options.refusals,
    );
  }

  async submitSystem(inputs: readonly unknown[]): Promise<readonly Submission[]> {
    if (this.#writer === null) return inputs.map(refusedForReading);
    return await this.#writer.submit(inputs, "system");
  }

  async submitSystemAtHead(make: (head: number) => Promise<unknown>): Promise<Submission> {
    if (this.#writer === null) return refusedForReading();
    const made = async (head: number) => ({ inputs: [await make(head)] });
    const [submission] = await this.#writer.submitMade("system", made);
    if (submission === undefined) throw new LedgerError("internal", "an event has no outcome");
    return submission;
  }

  async submitDecided(
    streams: string | readonly string[],
    make: (P: number) => Promise<Made>,
  ): Promise<readonly Submission[]> {
    return await this.#submitMade("decision", [streams].flat(), make);
  }

  async submitSystemIn(
    stream: string,
    make: (P: number) => Promise<Made>,
  ): Promise<readonly Submission[]> {
    return await this.#submitMade("system", [stream], make);
  }

  async #submitMade(
    origin: "system" | "decision",
    streams: readonly string[],
    make: (P: number) => Promise<Made>,
  ): Promise<readonly Submission[]> {
    if (this.#writer === null) throw new LedgerError("read-only", readOnlyText);
    const made = async (head: number): Promise<Made> => {
      await this.waitFor(head, maxReadWaitMs);
      return await make(head);
    };
    return await this.#writer.submitMade(origin, made, streams);
  }

  async refusalsOf(inputs: readonly unknown[]): Promise<ReadonlyMap<number, LedgerError>> {
    return decidedRefusals(inputs, this.nowMs());
  }

  async clockState(): Promise<ClockState> {
    const jump = (await this.#writer?.clockGuard.look()) ?? null;
    return {
      nowMs: this.nowMs(),
      ledgerTimeMs: this.#projector.model.view("").headRecordedAt,
      jump,
      timesKept: this.timestampsPreserved(),
      speed: this.#clock.speed?.() ?? null,
    };
  }

  async acceptClock(said: Attribution, id: string = randomUUID()): Promise<Submission> {
    const before = await this.store.findById(id);
    if (before !== null) return acceptedBefore(before, said);
    const state = await this.clockState();
    const [submission = refusedForReading()] = await this.submitSystem([
      clockAccepted(state, said, id),
    ]);
    return submission;
  }

  timestampsPreserved(): boolean {
    return this.#times.areKept || (this.#writer?.recordedTimes ?? "own") !== "own";
  }

  sequence(): number {
    return this.#projector.sequence;
  }

  async waitFor(sequence: number, timeoutMs: number): Promise<void> {
    try {
      await this.#projector.waitFor(sequence, timeoutMs);
    } catch (error) {
      const head = await this.store.head();
      if (!isLedgerError(error, "not-ready") || sequence <= head.sequence) throw error;
      // Another instance may have appended it, and this mirror may not have it yet: the caller may try again.
      if (timeoutMs > 0 && this.store.status !== undefined) throw error;
      throw new LedgerError(
        "position-past-head",
        `the ledger ends at sequence ${head.sequence}, but ${sequence} was requested`,
        { extra: { sequence, head: head.sequence }, cause: error },
      );
    }
  }

  async answer<T>(cluster: string, sequence: number, make: (view: ClusterView) => T): Promise<T> {
    return await this.#projector.model.answer(cluster, sequence, make);
  }

  async answerInSteps<T>(
    cluster: string,
    sequence: number,
    make: (view: ClusterView) => Steps<T>,
  ): Promise<T> {
    return await this.#projector.model.answerInSteps(cluster, sequence, make);
  }

  async keptAnswer<T>(cluster: string, sequence: number, what: Keepable<T>): Promise<T> {
    return await this.#projector.model.keptAnswer(cluster, sequence, what);
  }

  view(cluster: string, sequence?: number): DecisionView {
    return this.#projector.model.view(cluster, sequence);
  }

  eventsOf(types: ReadonlySet<EventType>, after: number, upTo: number): readonly RawEvent[] {
    return this.#projector.model.eventsOf(types, after, upTo);
  }

  latestDecisionAt(): number {
    return this.#projector.model.latestDecisionAt;
  }

  factCount(subject: Subject, from = -Infinity): number {
    return this.#projector.model.factCount(subject, from);
  }

  amendedAt(sequence: number): RawEvent | null {
    return this.#projector.model.amendedAt(sequence);
  }

  movedBy(sequence: number): readonly Subject[] {
    return this.#projector.model.movedBy(sequence);
  }

  changesOf(cluster: string, after: number, upTo: number): readonly number[] {
    return this.#projector.model.changesOf(cluster, after, upTo);
  }

  clusters(sequence?: number): readonly string[] {
    return this.#projector.model.clusters(sequence);
  }

  sequenceAsOfTime(instantMs: number): number {
    return this.#projector.model.sequenceAsOfTime(instantMs);
  }

  idOf(sequence: number): string {
    return this.#projector.model.log.idOf(sequence);
  }

  async recordings(): Promise<Recordings> {
    return this.#projector.model.log.recordings;
  }

  minutes(): Pick<Recordings, "lastBefore" | "minuteOf"> {
    return this.#projector.model.log.recordings;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  msUntil(instantMs: number): number {
    return msUntil(this.#clock, instantMs);
  }

  closedTimestamp(): number {
    const nowMs = this.nowMs();
    const own = Math.min(nowMs, this.#writer?.recordingAt ?? nowMs);
    const mirror = this.store.status?.();
    if (mirror === undefined) return own;
    return Math.min(own, nowMs - appendPatienceMs - mirror.mirrorLagSeconds * 1_000);
  }

  status(): ProjectionStatus {
    return this.#projector.status(this.nowMs());
  }

  onProjected(listener: (sequence: number) => void): () => void {
    return this.#projector.onProjected(listener);
  }

  stopTrying(): void {
    this.store.stopTrying?.();
  }

  close(): Promise<void> {
    this.stopTrying();
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    try {
      await this.#writer?.close();
      await this.#times.stop();
      await this.#projector.stop();
    } finally {
      await this.store.close();
    }
  }
}

const readOnlyText = "the ledger is open for reading only";

function refusedForReading(): Submission {
  const error = new LedgerError("read-only", readOnlyText);
  return { status: "refused", id: null, error };
}
