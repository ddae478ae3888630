/**
 * Appends one stream's part to KurrentDB and finds out the outcome. An error that is not a clear refusal leaves the
 * outcome unknown; the append is then repeated with the same ids at the same revision, which the server acknowledges
 * every time and stores once.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { setTimeout as pause } from "node:timers/promises";
import { LedgerError } from "../../errors.ts";
import { firstRetryMs, longestRetryMs } from "../../limits/kurrentdb.ts";
import type { AppendOutcome, StreamAppend } from "../port.ts";
import type { KurrentDbClient } from "./client/client.ts";
import { errorKind, unreachable } from "./client/client.ts";
import { toKurrentDb } from "./client/event.ts";

/** The server's final answer. */
export type ServerAnswer =
  | { readonly kind: "taken"; readonly lastRevision: bigint }
  /** The stream is at another revision; `null` if it does not exist. */
  | { readonly kind: "moved"; readonly actual: bigint | null }
  | { readonly kind: "refused"; readonly error: LedgerError };

export interface AppendCounts {
  retries: number;
  /** Counts appends whose outcome was unknown for a while and was then found. */
  unknownResolved: number;
}

interface AppendContext {
  readonly counts: AppendCounts;
  /** Aborted when nothing is to be retried any more. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`: no attempt begins after it. */
  readonly deadline: number;
  readonly skipped?: number;
}

/** The largest revision that a request can name. */
const maxRevision = 2n ** 63n - 1n;
const emptyId = "00000000-0000-0000-0000-000000000000";

/**
 * Retries until the outcome is known or the deadline has passed. `skipped` is how many of the part's first events are
 * already in the store. Never rejects.
 */
export async function appendPart(
  client: KurrentDbClient,
  part: StreamAppend,
  { counts, signal, deadline, skipped = 0 }: AppendContext,
): Promise<ServerAnswer> {
  const refusal = refusalBeforehand(part);
  if (refusal !== null) return { kind: "refused", error: refusal };
  const stream = `${client.name.prefix}${part.stream}`;
  const size = part.events.length + skipped;
  const events = part.events.map((event, i) =>
    toKurrentDb(event, at(part.recordedAt, i), { index: i + 1 + skipped, size }),
  );
  let pauseMs = firstRetryMs;
  for (let attempt = 1; ; attempt++) {
    try {
      const { nextExpectedRevision } = await client.append(
        stream,
        events,
        part.expectedRevision,
        deadline,
      );
      if (attempt > 1) counts.unknownResolved++;
      return { kind: "taken", lastRevision: nextExpectedRevision };
    } catch (error) {
      const answer = clearAnswer(error);
      if (answer !== null) {
        if (attempt > 1) counts.unknownResolved++;
        return answer;
      }
      if (signal.aborted || performance.now() + pauseMs > deadline) {
        return { kind: "refused", error: unreachable(`the append to ${part.stream}`, error) };
      }
    }
    counts.retries++;
    await pause(pauseMs);
    pauseMs = Math.min(2 * pauseMs, longestRetryMs);
  }
}

/** Refuses what the server would fail on every time, which would look like a store that does not answer. */
function refusalBeforehand({ stream, expectedRevision, events }: StreamAppend): LedgerError | null {
  if (events.some((event) => event.id === emptyId)) {
    return new LedgerError("invalid-event", `KurrentDB cannot store the id ${emptyId}`, {
      errors: [{ path: "/id", message: "must not be the nil UUID" }],
    });
  }
  if (typeof expectedRevision === "bigint" && expectedRevision > maxRevision) {
    return new LedgerError(
      "invalid-request",
      `${stream} can never be at revision ${expectedRevision}`,
    );
  }
  return null;
}

/** What an error says for certain; `null` if the outcome is unknown. */
function clearAnswer(error: unknown): ServerAnswer | null {
  switch (errorKind(error)) {
    case "wrong-expected-version":
      return { kind: "moved", actual: actualRevision(error) };
    case "maximum-append-size-exceeded":
      return refused("too-large", "the append is larger than the store accepts", error);
    case "access-denied":
      return refused("store-unavailable", "this user may not write to the store", error);
    case "stream-deleted":
      return refused("store-unavailable", "the stream was deleted from the store", error);
    default:
      return null;
  }
}

function refused(
  code: "too-large" | "store-unavailable",
  what: string,
  cause: unknown,
): ServerAnswer {
  return { kind: "refused", error: new LedgerError(code, what, { cause }) };
}

function actualRevision(error: unknown): bigint | null {
  if (typeof error !== "object" || error === null || !("actualVersion" in error)) return null;
  const { actualVersion } = error;
  return typeof actualVersion === "bigint" ? actualVersion : null;
}

/** `wrong-expected-revision`, in the same words as every other store. */
export function movedOn(part: StreamAppend, actual: bigint | null): AppendOutcome {
  const { stream, expectedRevision } = part;
  const extra = {
    stream,
    expected: revisionWord(expectedRevision === "no-stream" ? null : expectedRevision),
    actual: revisionWord(actual),
  };
  const detail = `${stream} is at revision ${extra.actual}, not ${extra.expected}`;
  return { ok: false, error: new LedgerError("wrong-expected-revision", detail, { extra }) };
}

function revisionWord(revision: bigint | null): number | string {
  if (revision === null) return "no-stream";
  return revision <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(revision) : String(revision);
}
