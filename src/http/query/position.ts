/** The ledger position of a read, and how the answer states it. */
import { LedgerError, isLedgerError } from "../../errors.ts";
import { sequenceAsOfTime } from "../../ledger/as-of-time.ts";
import type { PositionQuery } from "../../answers/look-back.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { ApiReply } from "../server/api.ts";

export const sequenceHeader = "Fleetledger-Sequence";

/** States which sequence a write has reached, from which on its sender can read. */
export function sayReached(reply: ApiReply, sequence: number | null): void {
  if (sequence !== null) reply.header(sequenceHeader, String(sequence));
}

/**
 * The sequence as of which the read is answered, once the views contain it; it is also in the answer's header. Throws
 * `position-past-head`, `not-ready`.
 */
export async function positionOf(
  ledger: Ledger,
  query: PositionQuery,
  reply: ApiReply,
): Promise<number> {
  const { readWaitMs } = reply.server;
  if (query.minSequence !== undefined) {
    await reachAsked(ledger, "minSequence", query.minSequence, readWaitMs);
  }
  let sequence = ledger.sequence();
  if (query.asOf !== undefined) sequence = query.asOf;
  if (query.asOfTime !== undefined) {
    const reachHead = () => reach(ledger, ledger.status().headSequence, readWaitMs);
    sequence = await sequenceAsOfTime(ledger, query.asOfTime, reachHead);
  }
  // Events that are not written yet are waited for only if the reader says that they will come.
  const isComing = sequence <= ledger.status().headSequence;
  await reachAsked(ledger, "asOf", sequence, isComing ? readWaitMs : 0);
  if (query.minSequence !== undefined && sequence < query.minSequence) {
    throw new LedgerError(
      "invalid-request",
      `The read is as of sequence ${sequence}, which is before minSequence.`,
      { errors: [{ path: "/query/minSequence", message: `must not be after ${sequence}` }] },
    );
  }
  reply.header(sequenceHeader, String(sequence));
  return sequence;
}

async function reach(ledger: Ledger, sequence: number, patienceMs: number): Promise<void> {
  if (sequence > ledger.sequence()) await ledger.waitFor(sequence, patienceMs);
}

/** As `reach`, for the position in a parameter: a refusal names the parameter. */
async function reachAsked(
  ledger: Ledger,
  parameter: "asOf" | "minSequence",
  sequence: number,
  patienceMs: number,
): Promise<void> {
  try {
    await reach(ledger, sequence, patienceMs);
  } catch (error) {
    throw pastHead(error, ledger, sequence, `/query/${parameter}`);
  }
}

/** `position-past-head` with the pointer to the parameter that asked for it, worded for the caller; any other error as it is. */
function pastHead(error: unknown, ledger: Ledger, asked: number, pointer: string): unknown {
  if (!isLedgerError(error, "position-past-head")) return error;
  const head = ledger.sequence();
  const detail = `There is no sequence ${asked} yet: the ledger ends at sequence ${head}.`;
  const message = `must not be after ${head}, the ledger's last sequence`;
  const errors = [{ path: pointer, message }];
  return new LedgerError(error.code, detail, { errors, extra: error.extra, cause: error });
}

/** The position as bodies contain it. */
export function asOf(sequence: number): { sequence: number } {
  return { sequence };
}

/**
 * Waits until the views contain the sequence after which a page or a stream begins, which another instance may have
 * told. Throws `position-past-head`, naming `pointer`, if the ledger has not got so far; `not-ready` as `positionOf`.
 */
export async function reachStart(
  ledger: Ledger,
  after: number,
  pointer: string,
  readWaitMs: number,
): Promise<void> {
  if (after <= ledger.sequence()) return;
  const mayCome = after <= ledger.status().headSequence || ledger.store.status !== undefined;
  try {
    await ledger.waitFor(after, mayCome ? readWaitMs : 0);
  } catch (error) {
    throw pastHead(error, ledger, after, pointer);
  }
}

/** Throws `position-past-head` where a parameter names a position after `head`, the last one that the read sees. */
export function requireReached(parameter: string, asked: number, head: number): void {
  if (asked <= head) return;
  throw new LedgerError(
    "position-past-head",
    `This read covers sequences up to ${head}, but ${asked} was requested.`,
    { errors: [{ path: `/query/${parameter}`, message: `must not be after ${head}` }] },
  );
}
