/**
 * The ledger as the API, the command line and the audit see it: events in, views out. `open-ledger.ts`
 * makes one from a store's name.
 */
import type { LedgerError } from "../errors.ts";
import type { Steps } from "../turns.ts";
import type { ClusterView, DecisionView } from "../../projections/view.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import type { EventType } from "../events/catalogue.ts";
import type { Subject } from "../../projections/facts/subject.ts";
import type { RecordingIndex } from "../read-model/columns/recording-index.ts";
import type { Keepable } from "../read-model/live/kept-answers.ts";
import type { ProjectionStatus } from "../read-model/projector.ts";
import type { Clock } from "../clock.ts";
import type { Attribution } from "../events/envelope.ts";
import type { Made } from "./append/request.ts";
import type { Submission } from "./append/submission.ts";
import type { ClockState } from "./clock-state.ts";
import type { EventStore, LeaseRole } from "../store/port.ts";
import type { Say } from "../store/telling.ts";

export type { ProjectionStatus };

/** As the read model keeps it. */
export type Recordings = Pick<
  RecordingIndex,
  "first" | "firstAt" | "lastBefore" | "minuteOf" | "events" | "corrections" | "seals"
>;

export interface SubmitOptions {
  /**
   * Preserve the `recordedAt` of each event, for simulations and moves. This begins in an empty ledger only, continues
   * from call to call, and ends when the ledger is closed or an event comes without one; an interrupted import can be
   * run again. Sequences follow the order of the inputs.
   */
  readonly preserveTimestamps?: boolean;
  /** If one event of a stream is refused, refuse all events of that stream in this call. */
  readonly wholeParts?: boolean;
  /** Why inputs must not be taken, by their index: whoever sends them may not state them. */
  readonly refusals?: ReadonlyMap<number, LedgerError>;
}

export interface Ledger {
  readonly store: EventStore;
  /**
   * Checks, deduplicates and appends; returns an outcome per input, in their order. The events of one stream in one
   * call are appended together or not at all, without those that are refused; with `wholeParts` a refusal extends to
   * the stream's other events. Never throws for bad input.
   */
  submit(inputs: readonly unknown[], options?: SubmitOptions): Promise<readonly Submission[]>;
  /** As `submit`, for system events such as issued reports and seals, which no sender may write. */
  submitSystem(inputs: readonly unknown[]): Promise<readonly Submission[]>;
  /**
   * As `submitSystem`, for one event about all events before it: `make` is given the store's head while no other append
   * of this process is in progress, so that the event comes next.
   */
  submitSystemAtHead(make: (head: number) => Promise<unknown>): Promise<Submission>;
  /**
   * As `submitDecided`, for system events: what `make` makes is appended where `stream` stands as it read it.
   */
  submitSystemIn(
    stream: string,
    make: (P: number) => Promise<Made>,
  ): Promise<readonly Submission[]>;
  /**
   * Decisions: `make` is given P, the position up to which this process sees facts, while no other append of it is in
   * progress: everything that is in the streams by then, whoever appended it. What it makes is appended where the streams
   * stand as it read them; the part of a stream that has moved on is refused with `wrong-expected-revision`. Throws what
   * `make` throws, and `store-unavailable`.
   */
  submitDecided(
    streams: string | readonly string[],
    make: (P: number) => Promise<Made>,
  ): Promise<readonly Submission[]>;
  /**
   * Which inputs of a `submitDecided` would be refused for their form, or because whoever sends them may not state them, by
   * their index. Nothing is appended.
   */
  refusalsOf(inputs: readonly unknown[]): Promise<ReadonlyMap<number, LedgerError>>;
  /** The ledger's time compared with the server's clock. */
  clockState(): Promise<ClockState>;
  /**
   * Records that an operator accepts a clock that was ahead, the server's or that of an earlier event; appends then
   * continue. Throws `invalid-request` if there is nothing to accept. `id` is the event's own: if it is given again,
   * the original position is returned.
   */
  acceptClock(said: Attribution, id?: string): Promise<Submission>;
  /** Whether an import preserved recorded times from elsewhere; every report says so. */
  timestampsPreserved(): boolean;
  /** The last sequence that views have by default. */
  sequence(): number;
  /**
   * Waits until the views contain `sequence`. After `timeoutMs`, throws `position-past-head` if the ledger does not
   * contain it, else `not-ready`.
   */
  waitFor(sequence: number, timeoutMs: number): Promise<void>;
  /** The cluster as of `sequence` (left out: the newest projected). Throws `position-past-head`. */
  view(cluster: string, sequence?: number): DecisionView;
  /**
   * Computes `make` from the cluster as of `sequence`, in turns with other work: `make` is called again each time it
   * asked for something that was not folded yet. Throws `position-past-head`.
   */
  answer<T>(cluster: string, sequence: number, make: (view: ClusterView) => T): Promise<T>;
  /** As `answer`, for work that pauses between its steps. */
  answerInSteps<T>(
    cluster: string,
    sequence: number,
    make: (view: ClusterView) => Steps<T>,
  ): Promise<T>;
  /**
   * As `answerInSteps`; the result is kept, and given again for other positions as long as nothing changed that it was
   * computed from.
   */
  keptAnswer<T>(cluster: string, sequence: number, what: Keepable<T>): Promise<T>;
  /** Sequences after `after` and up to `upTo` at which an input of the cluster's figures changed, ascending. */
  changesOf(cluster: string, after: number, upTo: number): readonly number[];
  /** The events of some types after one sequence and up to another, in order, as they were stated. */
  eventsOf(types: ReadonlySet<EventType>, after: number, upTo: number): readonly RawEvent[];
  /** The latest instant of any decision that is seen, as it was first stated; 0 if there is none. */
  latestDecisionAt(): number;
  /** How many events of a node, job, rollout or NFZ are folded to tell what is of an instant and later; by default all of it. */
  factCount(subject: Subject, from?: number): number;
  /**
   * The subjects, before and since, of the event that the amendment at `sequence` is about; empty if it has no effect.
   */
  movedBy(sequence: number): readonly Subject[];
  /** The event that the amendment at `sequence` is about in the end, as it was stated; `null` if it has no effect. */
  amendedAt(sequence: number): RawEvent | null;
  /** Names of the clusters that any fact names, sorted, as of `sequence`. */
  clusters(sequence?: number): readonly string[];
  /** The last sequence up to which no event has a `recordedAt` after `instantMs`; 0 if there is none. */
  sequenceAsOfTime(instantMs: number): number;
  /** The id of the event at a sequence. Throws `position-past-head`. */
  idOf(sequence: number): string;
  /** How many events, corrections and seals were recorded, and when; it grows with the views. */
  recordings(): Promise<Recordings>;
  /** When positions were recorded, to the minute; it grows with the views. */
  minutes(): Pick<Recordings, "lastBefore" | "minuteOf">;
  /** The ledger's clock, in milliseconds since the epoch: new events get this recorded time or a later one. */
  nowMs(): number;
  /** How long to wait, in milliseconds, until the ledger's clock reads the instant; Infinity while it stands. */
  msUntil(instantMs: number): number;
  /**
   * Milliseconds since the epoch: no more events will be recorded before this instant, as far as this process knows.
   * Events in progress have the time at which they set out; those of other instances arrive through the mirror.
   */
  closedTimestamp(): number;
  status(): ProjectionStatus;
  /** Calls `listener` after the views have advanced; returns a function that stops this. */
  onProjected(listener: (sequence: number) => void): () => void;
  /** From now on, appends that the store does not answer are not retried, so that a stop need not wait for them. */
  stopTrying(): void;
  /** Finishes what was accepted, then closes. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** `sqlite:PATH`, or `esdb://…` and `kurrentdb://…` with a directory for the mirror. */
  readonly store: string;
  /** The folder for the mirror of an external store, unless its name says so (`#data=DIR`). */
  readonly dataDir?: string;
  /** `read` takes no lock and refuses `submit`. */
  readonly mode: "read" | "write";
  /** Whether this process seals when it is its turn, among several on one store. Default: `candidate` if it writes. */
  readonly lease?: LeaseRole;
  readonly clock?: Clock;
  /** Called with progress while the views catch up: events done, events in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with progress while a mirror is filled: bytes of the store's log, done and in all. */
  readonly onFilling?: (done: number, total: number) => void;
  /** Called with messages about the store for an operator. */
  readonly say?: Say;
}
