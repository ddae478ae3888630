/**
 * Of several instances on one store, only the holder of a lease does what the lease is for, such as sealing. The lease is
 * the last event of a stream, appended at exact revisions. It expires by what others observe, not by clocks, which may
 * differ: when the stream has not changed for the lease's duration, any instance may take it. The revision at which it does
 * is its term, which is larger than every term before. A stream that was deleted for good can never be written again; all
 * instances see that, and continue in the next stream.
 */
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { jsonEvent } from "@eventstore/db-client";
import { leaseMs, leaseRenewMs } from "../../limits/kurrentdb.ts";
import type { LeaseRole } from "../port.ts";
import type { KurrentDbClient, RecordedEvent } from "./client/client.ts";
import { errorKind, isProgramError } from "./client/client.ts";
import { controlStream } from "./marks.ts";
import type { Say } from "../telling.ts";

export interface LeaseStatus {
  /** The holder, as far as is known; `null` if there is none, or if the lease could not be read for its whole duration. */
  readonly holder: string | null;
  readonly isOurs: boolean;
  /** Whether this instance takes the lease when it is free. */
  readonly mayHold: boolean;
  /** The revision at which this instance took the lease; `null` if it does not hold it. */
  readonly term: bigint | null;
  /** A message for the operator; `null` while nothing is wrong. */
  readonly error: string | null;
}

/** The holder gives up this long before others may take over, because its own calls take time too. */
const safetyMs = 1_000;
/** How many events the store keeps of the stream; only the last one counts. */
const keptEvents = 100;
/** Terms per stream, so that the terms of the next stream are larger than all of these. */
const termsOfStream = 2n ** 40n;

/** What the holder of a lease does; each has a stream of its own. */
interface LeasePurpose {
  /** The stream's name, after the ledger's own prefix. */
  readonly stream: string;
  /** What messages say that the holder does, such as `seals`. */
  readonly does: string;
}

export const sealing: LeasePurpose = { stream: "lease", does: "seals" };
export const timers: LeasePurpose = { stream: "lease-timers", does: "drives timers" };

export class StoreLease {
  readonly #client: KurrentDbClient;
  /** How many of the lease's streams were deleted for good. */
  #deleted = 0n;
  /** On the clock of `performance.now()`: by then a lease held in a deleted stream has expired. */
  #freeFrom = 0;
  readonly #name: string;
  readonly #say: Say;
  readonly #purpose: LeasePurpose;
  readonly #isUpToDate: () => boolean;
  #role: LeaseRole = "none";
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #holder: string | null = null;
  /** Revision of the last event seen, and since when it has been the last one. */
  #revision = -1n;
  #seenAt = 0;
  #heldUntil = 0;
  /** When the stream was last read. */
  #lookedAt = 0;
  #term: bigint | null = null;
  /** The last failure reported, so that it is reported once, and again only after a success. */
  #toldFailure: string | null = null;

  /** `isUpToDate` tells whether this instance's appends would reach its mirror; an instance that is behind leaves the lease to others. */
  constructor(client: KurrentDbClient, purpose: LeasePurpose, say: Say, isUpToDate: () => boolean) {
    this.#client = client;
    this.#purpose = purpose;
    this.#name = `${hostname()}/${process.pid}/${crypto.randomUUID().slice(0, 8)}`;
    this.#say = say;
    this.#isUpToDate = isUpToDate;
  }

  start(role: LeaseRole): void {
    this.#role = role;
    if (role !== "none") this.#running = this.#run();
  }

  status(): LeaseStatus {
    const nowMs = performance.now();
    const isOurs = this.#term !== null && nowMs < this.#heldUntil;
    const isKnown = isOurs || (nowMs - this.#lookedAt < leaseMs && this.#holder !== this.#name);
    return {
      holder: isKnown ? this.#holder : null,
      isOurs,
      mayHold: this.#mayHold(),
      term: isOurs ? this.#term : null,
      error: this.#toldFailure ?? this.#whyElsewhere(),
    };
  }

  /** The first stream has the name that earlier versions use. */
  get #stream(): string {
    return this.#streamAfter(this.#deleted);
  }

  #streamAfter(deleted: bigint): string {
    const { stream } = this.#purpose;
    return controlStream(this.#client, deleted === 0n ? stream : `${stream}-${deleted + 1n}`);
  }

  #whyElsewhere(): string | null {
    if (this.#deleted === 0n) return null;
    return `${this.#streamAfter(this.#deleted - 1n)} was deleted for good: the lease continues in ${this.#stream}`;
  }

  #mayHold(): boolean {
    return this.#role === "candidate" && this.#isUpToDate();
  }

  /** Gives the lease up, so that others need not wait for it to expire. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    if (!this.status().isOurs) return;
    this.#heldUntil = 0;
    try {
      await this.#append("LeaseReleased", this.#revision);
    } catch {
      // The lease expires by itself.
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        this.#failed(error);
      }
      await pause(leaseRenewMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A store that does not answer is reported elsewhere, and the lease expires meanwhile. */
  #failed(error: unknown): void {
    const kind = errorKind(error);
    // Perhaps because of our own event, whose answer was lost: the next turn reads whose it is.
    if (kind === "wrong-expected-version") this.#heldUntil = 0;
    if (kind === "stream-deleted") {
      this.#goOnInNext();
      return;
    }
    if (isPassing(error, kind)) return;
    const words = error instanceof Error ? error.message : String(error);
    if (words === this.#toldFailure) return;
    this.#toldFailure = words;
    this.#say(`the lease cannot be taken or renewed: ${words}`, "error");
  }

  /** The holder in the deleted stream may not know yet, so nobody takes the lease before that hold has expired. */
  #goOnInNext(): void {
    this.#lose();
    this.#deleted++;
    this.#revision = -1n;
    this.#holder = null;
    this.#freeFrom = performance.now() + leaseMs;
    this.#say(this.#whyElsewhere() ?? "", "warn");
  }

  async #turn(): Promise<void> {
    if (!this.#mayHold()) await this.#giveBack();
    if (this.#term !== null && performance.now() < this.#heldUntil) {
      await this.#hold("LeaseRenewed");
      return;
    }
    const last = await this.#client.readLast(this.#stream);
    this.#lookedAt = performance.now();
    if (this.#term !== null && last !== null && this.#isStillOurs(last)) {
      this.#revision = last.revision;
      await this.#hold("LeaseRenewed");
      return;
    }
    this.#lose();
    // If the last event has our own name, the answer to our append was lost.
    const isFree = last === null || last.type === "LeaseReleased" || holderOf(last) === this.#name;
    this.#holder = isFree ? null : holderOf(last);
    const revision = last?.revision ?? -1n;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#seenAt = performance.now();
    }
    if (!isFree && performance.now() - this.#seenAt < leaseMs) return;
    if (performance.now() < this.#freeFrom) return;
    if (!this.#mayHold()) return;
    if (revision < 0n) await this.#keepShort();
    await this.#hold("LeaseTaken");
    this.#term = this.#deleted * termsOfStream + this.#revision;
    this.#say(
      `this instance holds the lease and ${this.#purpose.does} (term ${this.#term})`,
      "info",
    );
  }

  /** The answer to a renewal was lost or late, and nobody took the lease meanwhile. */
  #isStillOurs(last: RecordedEvent): boolean {
    return this.#mayHold() && last.type !== "LeaseReleased" && holderOf(last) === this.#name;
  }

  async #hold(type: string): Promise<void> {
    const sentAt = performance.now();
    this.#revision = await this.#append(type, this.#revision);
    this.#heldUntil = sentAt + leaseMs - safetyMs;
    this.#lookedAt = performance.now();
    this.#toldFailure = null;
    this.#holder = this.#name;
  }

  #lose(): void {
    if (this.#term !== null)
      this.#say(`this instance no longer holds the lease: another ${this.#purpose.does}`, "warn");
    this.#term = null;
    this.#heldUntil = 0;
  }

  async #append(type: string, after: bigint): Promise<bigint> {
    const event = jsonEvent({ type, data: { holder: this.#name } });
    const expected = after < 0n ? "no-stream" : after;
    return (await this.#client.append(this.#stream, [event], expected)).nextExpectedRevision;
  }

  async #keepShort(): Promise<void> {
    const event = jsonEvent({ type: "$metadata", data: { $maxCount: keptEvents } });
    try {
      await this.#client.append(`$$${this.#stream}`, [event], "no-stream");
    } catch (error) {
      // It is already set, or only administrators may set it: then the stream only gets a little longer.
      const kind = errorKind(error);
      if (kind !== "wrong-expected-version" && kind !== "access-denied") throw error;
    }
  }
}

/** Errors of a store that is unavailable, is electing a leader or is held by another instance; they pass without intervention. */
const passing = new Set([
  "wrong-expected-version",
  "unavailable",
  "deadline-exceeded",
  "not-leader",
  "timeout",
  "cancelled",
  "unknown",
]);

function isPassing(error: unknown, kind: string | null): boolean {
  if (isProgramError(error)) return false;
  // Errors without a kind are refused connections and calls that timed out.
  return kind === null || passing.has(kind);
}

function holderOf({ data }: RecordedEvent): string | null {
  if (typeof data !== "object" || !("holder" in data)) return null;
  return typeof data.holder === "string" ? data.holder : null;
}
