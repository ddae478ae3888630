/**
 * Sends one stream's part to KurrentDB and waits until the mirror shows the outcome. The next part of a stream may go
 * as soon as the server has accepted the one before; the mirror confirms both later.
 */
import { setTimeout as pause } from "node:timers/promises";
import { assertNever, at } from "../../../projections/arithmetic/invariants.ts";
import { LedgerError, Unanswered, isLedgerError } from "../../errors.ts";
import { firstRetryMs, longestRetryMs, mirrorWaitMs, storeCallMs } from "../../limits/kurrentdb.ts";
import { AppendsUnderWay } from "./appends-in-flight.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { AppendOutcome, StreamAppend } from "../port.ts";
import type { AppendCounts, ServerAnswer } from "./append.ts";
import { appendPart, movedOn } from "./append.ts";
import type { KurrentDbClient, RecordedEvent } from "./client/client.ts";
import { answerGraceMs, unreachable, within } from "./client/client.ts";
import { standingBeginning } from "./partial-append.ts";
import { stoppedFor } from "./unavailable.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Say } from "../telling.ts";

/** A part of an append, and until when it may be tried. */
export interface TimedPart {
  readonly part: StreamAppend;
  /** On the clock of `performance.now()`: no attempt begins after it. */
  readonly patientUntil: number;
}

/** A part that was sent. Neither promise rejects. */
export interface SentPart {
  /** Resolves to undefined when the server has accepted the part, or to the outcome if that is known first. */
  readonly turn: Promise<AppendOutcome | undefined>;
  /** Resolves once the mirror has what the server accepted. */
  readonly outcome: Promise<AppendOutcome>;
}

export class KurrentDbAppender {
  readonly counts: AppendCounts = { retries: 0, unknownResolved: 0 };
  readonly #client: KurrentDbClient;
  readonly #mirrored: EmbeddedStore;
  readonly #mirror: Mirror;
  readonly #say: Say;
  readonly #over = new AbortController();
  readonly #underWay = new AppendsUnderWay();

  constructor(client: KurrentDbClient, mirrored: EmbeddedStore, mirror: Mirror, say: Say) {
    this.#client = client;
    this.#mirrored = mirrored;
    this.#mirror = mirror;
    this.#say = say;
  }

  get inFlight(): number {
    return this.#underWay.count;
  }

  /** Nothing is retried from now on. */
  giveUp(): void {
    this.#over.abort();
  }

  /** Resolves when every part has its outcome. */
  async idle(): Promise<void> {
    await this.#underWay.idle();
  }

  /** Sends the parts of a stream one at a time. */
  send(timed: TimedPart): SentPart {
    const { promise: taken, resolve: onTaken } = Promise.withResolvers<undefined>();
    const outcome = this.#underWay.run(timed.part.events, () =>
      this.#outcomeOf(timed, () => onTaken(undefined)),
    );
    return { turn: Promise.race([taken, outcome]), outcome };
  }

  /** Sends a part after another one; if the store never answered that one, both end the same way. */
  async sendBehind(before: SentPart | null, timed: TimedPart): Promise<SentPart> {
    return before !== null && (await isUnanswered(before)) ? before : this.send(timed);
  }

  async #outcomeOf(timed: TimedPart, onTaken: () => void): Promise<AppendOutcome> {
    const { expected } = this.#mirror;
    expected.expect(timed.part);
    try {
      return await this.#take(timed, onTaken);
    } catch (error) {
      if (isLedgerError(error)) return { ok: false, error };
      const detail = `the append to ${timed.part.stream} failed`;
      return { ok: false, error: new LedgerError("internal", detail, { cause: error }) };
    } finally {
      expected.forget(timed.part);
    }
  }

  async #take(timed: TimedPart, onTaken: () => void): Promise<AppendOutcome> {
    const { part } = timed;
    const known = this.#mirrored.judge(part);
    if (known !== null) return known.ok ? known : await this.#complete(timed, known);
    const answer = await this.#append(timed);
    switch (answer.kind) {
      case "refused":
        return { ok: false, error: answer.error };
      case "taken":
        onTaken();
        return await this.#confirm(timed, answer.lastRevision);
      case "moved": {
        // The stream may have moved on through our own attempt whose answer was lost, or through another instance.
        if (answer.actual !== null && !(await this.#mirrorHas(timed, answer.actual))) {
          return behind(part);
        }
        const judged = this.#mirrored.judge(part);
        if (judged === null) return movedOn(part, await this.#mirrored.streamRevision(part.stream));
        return judged.ok ? judged : await this.#complete(timed, judged);
      }
      default:
        return assertNever(answer, "answer of the store");
    }
  }

  /**
   * Checks a conflict that may not be one: the mirror may have seen only the beginning of the append so far, or the
   * store may hold only the beginning of an append that it never acknowledged, and refuse the whole from then on. In the
   * second case this appends the missing events; any other conflict stays a conflict.
   */
  async #complete(timed: TimedPart, conflict: AppendOutcome): Promise<AppendOutcome> {
    const { part } = timed;
    const last = await this.#lastRecord(part.stream, leftMs(timed, storeCallMs));
    if (last !== null && !(await this.#mirrorHas(timed, last.revision))) return behind(part);
    const judged = this.#mirrored.judge(part);
    if (judged?.ok === true) return judged;
    const isEnd = last !== null && last.revision === (await this.#mirror.lastOf(part.stream));
    const standing = isEnd ? await standingBeginning(this.#mirrored, part, last) : 0;
    if (standing === 0) return conflict;
    const first = part.expectedRevision === "no-stream" ? -1n : part.expectedRevision;
    const rest: StreamAppend = {
      stream: part.stream,
      expectedRevision: first + BigInt(standing),
      events: part.events.slice(standing),
      recordedAt: part.recordedAt.slice(standing),
    };
    if (this.#mirrored.judge(rest) !== null) return conflict;
    const answer = await this.#append({ ...timed, part: rest }, standing);
    if (answer.kind === "refused") return { ok: false, error: answer.error };
    if (answer.kind === "moved") return conflict;
    this.#say(`completed a partial append to ${part.stream}`, "warn");
    return await this.#confirm(timed, answer.lastRevision);
  }

  /** `skipped` is how many of the part's first events are already in the store. */
  async #append({ part, patientUntil }: TimedPart, skipped = 0): Promise<ServerAnswer> {
    if (performance.now() > patientUntil) return { kind: "refused", error: tooLate(part) };
    const expectedRevision = this.#mirror.duplicateIds.expected(part.stream, part.expectedRevision);
    const shifted = { ...part, expectedRevision };
    const { signal } = this.#over;
    const context = { counts: this.counts, signal, deadline: patientUntil, skipped };
    return await appendPart(this.#client, shifted, context);
  }

  /**
   * Resolves once the mirror has come to where the stream ends in the store, which is asked for until it answers, as with
   * appends. Throws `store-unavailable`.
   */
  async reachEnd(stream: string, patientUntil: number): Promise<void> {
    const stopped = stoppedFor(this.#mirror.failure);
    if (stopped !== null) throw stopped;
    const last = await this.#patiently(patientUntil, () => this.#lastRecord(stream, storeCallMs));
    if (last === null || (await this.#mirrorReaches(stream, last.revision, mirrorWaitMs))) return;
    throw new Unanswered(`the mirror does not have all of ${stream} yet; ask again`);
  }

  async #patiently<T>(patientUntil: number, ask: () => Promise<T>): Promise<T> {
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(2 * pauseMs, longestRetryMs)) {
      try {
        return await ask();
      } catch (error) {
        const isLate = performance.now() + pauseMs > patientUntil;
        if (!(error instanceof Unanswered) || isLate || this.#over.signal.aborted) throw error;
      }
      await pause(pauseMs);
    }
  }

  async #lastRecord(stream: string, limitMs: number): Promise<RecordedEvent | null> {
    try {
      const reading = this.#client.readLast(`${this.#client.name.prefix}${stream}`);
      return await within(reading, limitMs, `a read of ${stream}`);
    } catch (error) {
      throw unreachable(`a read of ${stream}`, error);
    }
  }

  /** Compares what the server acknowledged with what the mirror then holds. */
  async #confirm(timed: TimedPart, lastRevision: bigint): Promise<AppendOutcome> {
    const { part } = timed;
    if (!(await this.#mirrorHas(timed, lastRevision))) {
      return behind(part);
    }
    const position = this.#mirror.expected.positionOf(part);
    if (position !== null) return { ok: true, position };
    const judged = this.#mirrored.judge(part);
    if (judged === null) {
      const detail = `the last event of ${part.stream} in the store, at revision ${lastRevision}, is not the one that was appended`;
      return { ok: false, error: new LedgerError("corrupt-event", detail) };
    }
    if (!judged.ok) return judged;
    const { firstRevision, sequences } = judged.position;
    const first = sequences === null ? null : await this.#mirrored.readAt(at(sequences, 0));
    const duplicate = first?.recordedAt !== part.recordedAt[0];
    return { ok: true, position: { firstRevision, sequences, duplicate } };
  }

  async #mirrorHas(timed: TimedPart, revision: bigint): Promise<boolean> {
    return await this.#mirrorReaches(timed.part.stream, revision, leftMs(timed, mirrorWaitMs));
  }

  async #mirrorReaches(stream: string, revision: bigint, limitMs: number): Promise<boolean> {
    const half = limitMs / 2;
    if (await this.#mirror.waitFor(stream, revision, half)) return true;
    this.#mirror.resubscribe();
    return await this.#mirror.waitFor(stream, revision, half);
  }
}

/**
 * What is left of a wait. The last attempt begins when the patience ends and may take its full time, and then comes the
 * wait for the mirror. Other reads in between must not delay the answer beyond that.
 */
function leftMs({ patientUntil }: TimedPart, waitMs: number): number {
  const answeredBy = patientUntil + storeCallMs + answerGraceMs + mirrorWaitMs;
  return Math.max(0, Math.min(waitMs, answeredBy - performance.now()));
}

/** The earlier appends of the stream were answered, but too late for this one. */
function tooLate({ stream }: StreamAppend): LedgerError {
  return new LedgerError(
    "overloaded",
    `the append to ${stream} waited too long behind others; send it again`,
  );
}

/** Whether the store never answered a part, so that the parts behind it would wait in vain. */
export async function isUnanswered(sent: SentPart): Promise<boolean> {
  const end = await sent.turn;
  return end?.ok === false && end.error instanceof Unanswered;
}

/** The mirror lacks what the store has; when the append is sent again, it is found there. The mirror reads all streams in one order, so it is behind for all of them. */
function behind({ stream }: StreamAppend): AppendOutcome {
  const detail = `the outcome of the append to ${stream} is unknown; send it again`;
  return { ok: false, error: new Unanswered(detail) };
}
