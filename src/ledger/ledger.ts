/**
 * The ledger as the API, the command line and the audit see it: events in, views out. `open-ledger.ts`
 * makes one from a store's name.
 */
import type { ClusterView, DecisionView } from "../../projections/view.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import type { EventType } from "../events/catalogue.ts";
import type { Subject } from "../../projections/facts/subject.ts";
import type { ProjectionStatus } from "../read-model/projector.ts";
import type { Clock } from "../clock.ts";
import type { Attribution } from "../events/envelope.ts";
import type { Made } from "./append/request.ts";
import type { Submission } from "./append/submission.ts";
import type { ClockState } from "./clock-state.ts";
import type { EventStore, LeaseRole } from "../store/port.ts";
import type { Say } from "../store/telling.ts";

export type { ProjectionStatus };

export interface SubmitOptions {
  /**
   * Keep the `recordedAt` that each event carries: for simulations and moves. Begins in an empty ledger
   * only, continues from call to call, and ends when the ledger is closed or an event comes without;
   * an import that was cut off can be run again. The sequences follow the order of the inputs.
   */
  readonly preserveTimestamps?: boolean;
  /** What the call says of one stream is refused as a whole if any of it is refused. */
  readonly wholeParts?: boolean;
}

export interface Ledger {
  readonly store: EventStore;
  /**
   * Checks, deduplicates and appends; an answer per input, in the order of the inputs. What one stream
   * is given in one call is appended whole or not at all, save what is refused: that stays out alone,
   * unless `wholeParts` is asked for. Never throws for bad input.
   */
  submit(inputs: readonly unknown[], options?: SubmitOptions): Promise<readonly Submission[]>;
  /** The ledger's own door, for issued reports and seals: as `submit`, for events that no sender may write. */
  submitSystem(inputs: readonly unknown[]): Promise<readonly Submission[]>;
  /**
   * As `submitSystem`, of one event that speaks of all before it: `make` is given the store's head while
   * nothing else is on its way into this store, so that the event comes next.
   */
  submitSystemAtHead(make: (head: number) => Promise<unknown>): Promise<Submission>;
  /**
   * Decisions: `make` is given P, up to where this process sees facts, while nothing else is on its way into this store.
   * What it makes is appended where the streams stand as it read them; where one has moved on, its part is refused with
   * `wrong-expected-revision`. Throws what `make` throws.
   */
  submitDecided(make: (P: number) => Promise<Made>): Promise<readonly Submission[]>;
  /** How the ledger's time stands to the server's clock. */
  clockState(): Promise<ClockState>;
  /**
   * Records that an operator accepts a clock that was ahead, the server's or that of an earlier event; appends go on.
   * Throws `invalid-request` where there is nothing to accept. `id` is the event's own: given again, it is answered
   * with its original position.
   */
  acceptClock(said: Attribution, id?: string): Promise<Submission>;
  /** Whether the recorded times up to an import's end were kept from elsewhere; every report says so. */
  timestampsPreserved(): boolean;
  /** The last sequence that views have by default. */
  sequence(): number;
  /** Waits until the views have `sequence`. After `timeoutMs` throws `position-past-head` if the ledger has not come so far, else `not-ready`. */
  waitFor(sequence: number, timeoutMs: number): Promise<void>;
  /** The cluster as of `sequence` (left out: the newest projected). Throws `position-past-head`. */
  view(cluster: string, sequence?: number): DecisionView;
  /**
   * What `make` computes from the cluster as of `sequence`, without keeping others from their turns: `make` is called
   * again for each thing that it asked for and that was not folded yet. Throws `position-past-head`.
   */
  answer<T>(cluster: string, sequence: number, make: (view: ClusterView) => T): Promise<T>;
  /** Sequences after `after` and up to `upTo` at which anything that the cluster's figures are made of changed; rising. */
  changesOf(cluster: string, after: number, upTo: number): readonly number[];
  /** The events of some types after one sequence and up to another, in order, as they were stated. */
  eventsOf(types: ReadonlySet<EventType>, after: number, upTo: number): readonly RawEvent[];
  /** How many events a node, job, rollout or NFZ has: what folding it costs. */
  factCount(subject: Subject): number;
  /** What the event that the correction or retraction at `sequence` is about belonged to before it, and belongs to since; none if it changes nothing. */
  movedBy(sequence: number): readonly Subject[];
  /** Names of the clusters that any fact names, sorted, as of `sequence`. */
  clusters(sequence?: number): readonly string[];
  /** The last sequence up to which no event has a `recordedAt` after `instantMs`; 0 if there is none. */
  sequenceAsOfTime(instantMs: number): number;
  /** The ledger's clock, milliseconds since the epoch: what is recorded now gets this time, or a later one. */
  nowMs(): number;
  /**
   * Milliseconds since the epoch: before this instant nothing more is recorded, as far as this process can know. Events
   * that are on their way bear the time at which they set out; those of other instances come through the mirror.
   */
  closedTimestamp(): number;
  status(): ProjectionStatus;
  /** Calls back after the views have moved on; returns how to stop that. */
  onProjected(listener: (sequence: number) => void): () => void;
  /** What the store leaves without an answer is not tried again from now on: a stop need not wait for it. */
  stopTrying(): void;
  /** Finishes what was accepted, then closes. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** `sqlite:PATH`, or `esdb://…` and `kurrentdb://…` with a directory for the mirror. */
  readonly store: string;
  /** Where the mirror of a store that lives elsewhere is kept, unless its name says so (`#data=DIR`). */
  readonly dataDir?: string;
  /** `read` takes no lock and refuses `submit`. */
  readonly mode: "read" | "write";
  /** Of several processes on one store, whether this one seals if it is its turn. Default: `candidate` if it writes. */
  readonly lease?: LeaseRole;
  readonly clock?: Clock;
  /** Called with progress while catching up: events done, events in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with progress while a mirror is filled: bytes of the store's log, done and in all. */
  readonly onFilling?: (done: number, total: number) => void;
  /** Called with what an operator should know of the store. */
  readonly say?: Say;
}
