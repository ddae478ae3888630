/**
 * Takes one stream's part to KurrentDB and waits until the mirror shows what became of it. Once the server
 * has taken a part, the next one of its stream may go; what the mirror shows of the two comes later.
 */
import { assertNever, at } from "../../../projections/arithmetic/invariants.ts";
import { LedgerError, Unanswered, isLedgerError } from "../../errors.ts";
import { mirrorWaitMs, storeCallMs } from "../../limits/kurrentdb.ts";
import { AppendsUnderWay } from "./appends-in-flight.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { AppendOutcome, StreamAppend } from "../port.ts";
import type { AppendCounts, ServerAnswer } from "./append.ts";
import { appendPart, movedOn } from "./append.ts";
import type { KurrentDbClient, RecordedEvent } from "./client/client.ts";
import { answerGraceMs, unreachable, within } from "./client/client.ts";
import { standingBeginning } from "./partial-append.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Say } from "../telling.ts";

/** A part of an append, and how long there is for it. */
export interface TimedPart {
  readonly part: StreamAppend;
  /** By `performance.now()`: no attempt begins after it. */
  readonly patientUntil: number;
}

/** A part on its way. Neither promise rejects. */
export interface SentPart {
  /** Resolves when the server has taken the part, with nothing, or its outcome is known. */
  readonly turn: Promise<AppendOutcome | undefined>;
  /** Known once the mirror has what the server took. */
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

  /** Nothing is tried again from now on. */
  giveUp(): void {
    this.#over.abort();
  }

  /** Resolves when every part has its outcome. */
  async idle(): Promise<void> {
    await this.#underWay.idle();
  }

  /** One turn at a time per stream. */
  send(timed: TimedPart): SentPart {
    const { promise: taken, resolve: onTaken } = Promise.withResolvers<undefined>();
    const outcome = this.#underWay.run(timed.part.events, () =>
      this.#outcomeOf(timed, () => onTaken(undefined)),
    );
    return { turn: Promise.race([taken, outcome]), outcome };
  }

  /** Sends a part behind another one; where the store has left that one without an answer, both end like it. */
  async sendBehind(before: SentPart | null, timed: TimedPart): Promise<SentPart> {
    return before !== null && (await isUnanswered(before)) ? before : this.send(timed);
  }

  async #outcomeOf(timed: TimedPart, onTaken: () => void): Promise<AppendOutcome> {
    try {
      return await this.#take(timed, onTaken);
    } catch (error) {
      if (isLedgerError(error)) return { ok: false, error };
      const detail = `the append to ${timed.part.stream} failed`;
      return { ok: false, error: new LedgerError("internal", detail, { cause: error }) };
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
        // What moved the stream on may be our own: an attempt whose answer was lost, or another instance's.
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
   * A conflict that may be none: the mirror is behind in the middle of an append, or the store itself has
   * only the beginning of one that it never acknowledged, and refuses the whole from then on. In that case
   * what is missing is appended behind it; any other conflict stays one.
   */
  async #complete(timed: TimedPart, conflict: AppendOutcome): Promise<AppendOutcome> {
    const { part } = timed;
    const last = await this.#lastRecord(timed);
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

  /** `skipped` events of the part stand before it already. */
  async #append({ part, patientUntil }: TimedPart, skipped = 0): Promise<ServerAnswer> {
    if (performance.now() > patientUntil) return { kind: "refused", error: tooLate(part) };
    const expectedRevision = this.#mirror.duplicateIds.expected(part.stream, part.expectedRevision);
    const shifted = { ...part, expectedRevision };
    const { signal } = this.#over;
    const context = { counts: this.counts, signal, deadline: patientUntil, skipped };
    return await appendPart(this.#client, shifted, context);
  }

  async #lastRecord(timed: TimedPart): Promise<RecordedEvent | null> {
    const { stream } = timed.part;
    try {
      const reading = this.#client.readLast(`${this.#client.name.prefix}${stream}`);
      return await within(reading, leftMs(timed, storeCallMs), `a read of ${stream}`);
    } catch (error) {
      throw unreachable(`a read of ${stream}`, error);
    }
  }

  /** Compares what was acknowledged with what the mirror then holds. */
  async #confirm(timed: TimedPart, lastRevision: bigint): Promise<AppendOutcome> {
    const { part } = timed;
    if (!(await this.#mirrorHas(timed, lastRevision))) {
      return behind(part);
    }
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
    const { stream } = timed.part;
    const half = leftMs(timed, mirrorWaitMs) / 2;
    if (await this.#mirror.waitFor(stream, revision, half)) return true;
    this.#mirror.resubscribe();
    return await this.#mirror.waitFor(stream, revision, half);
  }
}

/**
 * Of a wait, what is left of it: the last attempt begins when patience ends and may take its time, and then the mirror
 * is waited for. Whatever else is looked at in between, an answer is not later than that.
 */
function leftMs({ patientUntil }: TimedPart, waitMs: number): number {
  const answeredBy = patientUntil + storeCallMs + answerGraceMs + mirrorWaitMs;
  return Math.max(0, Math.min(waitMs, answeredBy - performance.now()));
}

/** The appends before it were answered, but late. */
function tooLate({ stream }: StreamAppend): LedgerError {
  return new LedgerError(
    "overloaded",
    `the append to ${stream} waited too long behind others; send it again`,
  );
}

/** Whether the store has left a part without an answer, so that what waits behind it would wait in vain. */
export async function isUnanswered(sent: SentPart): Promise<boolean> {
  const end = await sent.turn;
  return end?.ok === false && end.error instanceof Unanswered;
}

/** What the store has is not in the mirror yet: sent again, it is found there. The mirror takes all streams in one order: it is behind with every one. */
function behind({ stream }: StreamAppend): AppendOutcome {
  const detail = `the outcome of the append to ${stream} is unknown; send it again`;
  return { ok: false, error: new Unanswered(detail) };
}
