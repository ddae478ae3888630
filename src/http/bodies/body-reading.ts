/** Reads request bodies: whole, or part by part as they come. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { LedgerError } from "../../errors.ts";
import { maxRequestBytes } from "../../limits/requests.ts";
import type { BodyIntake, IncomingBody } from "./body-intake.ts";

/** The whole body. Rejects with `too-large`, `request-timeout` or `overloaded`. */
export function wholeBody(
  intake: BodyIntake,
  raw: IncomingMessage,
  payload: Readable,
): Promise<Buffer> {
  if (Number(raw.headers["content-length"] ?? 0) > maxRequestBytes) {
    return Promise.reject(tooLarge());
  }
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const body: IncomingBody = {
      isWhole: true,
      awaited: "bytes",
      sinceMs: intake.nowMs,
      startedMs: intake.nowMs,
      fail: (error) => {
        settle();
        reject(error);
      },
    };
    const onData = (part: Buffer) => {
      body.sinceMs = intake.nowMs;
      bytes += part.length;
      try {
        if (bytes > maxRequestBytes) throw tooLarge();
        intake.take(raw, part.length, bytes);
        parts.push(part);
      } catch (error) {
        settle();
        reject(error);
      }
    };
    const onEnd = () => {
      settle();
      resolve(Buffer.concat(parts, bytes));
    };
    const onError = (error: Error) => {
      settle();
      reject(error);
    };
    const onClose = () => body.fail(brokenOff());
    const unwatch = intake.watch(body);
    payload.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
    if (payload.destroyed) onClose();
    function settle(): void {
      unwatch();
      payload.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
      throwAway(payload);
    }
  });
}

/** A body of any length, part by part. */
interface BodyParts extends AsyncIterable<Buffer> {
  /** Tells that so many bytes of the parts are no longer in memory. */
  readonly done: (bytes: number) => void;
}

/** Reads a body part by part; each part counts as held until it is reported as done. */
export function bodyParts(intake: BodyIntake, raw: IncomingMessage, payload: Readable): BodyParts {
  return {
    [Symbol.asyncIterator]: () => partsOf(intake, raw, payload),
    done: (bytes) => intake.give(raw, bytes),
  };
}

async function* partsOf(
  intake: BodyIntake,
  raw: IncomingMessage,
  payload: Readable,
): AsyncGenerator<Buffer, void> {
  const met: { failure: Error | null } = { failure: null };
  let wake: () => void = () => undefined;
  const onEvent = () => wake();
  const fail = (error: Error) => {
    met.failure ??= error;
    wake();
  };
  const { nowMs } = intake;
  const body: IncomingBody = {
    isWhole: false,
    awaited: null,
    sinceMs: nowMs,
    startedMs: nowMs,
    fail,
  };
  const waitFor = async (what: "bytes" | "room"): Promise<void> => {
    if (body.awaited !== what) body.sinceMs = intake.nowMs;
    body.awaited = what;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  };
  const unwatch = intake.watch(body, onEvent);
  payload.on("readable", onEvent).on("end", onEvent).on("close", onEvent).on("error", fail);
  try {
    for (;;) {
      const part = intake.mayReadOn(raw) ? (payload.read() as Buffer | null) : undefined;
      if (part) {
        body.awaited = null;
        intake.takeAnyway(raw, part.length);
        yield part;
      } else if (met.failure !== null) {
        throw met.failure;
      } else if (payload.readableEnded) {
        return;
      } else if (part === null && payload.destroyed) {
        throw brokenOff();
      } else {
        await waitFor(part === null ? "bytes" : "room");
      }
    }
  } finally {
    unwatch();
    payload.off("readable", onEvent).off("end", onEvent).off("close", onEvent).off("error", fail);
    throwAway(payload);
  }
}

/** Reads and discards the rest of a body, so that its sender gets to read the answer. */
function throwAway(payload: Readable): void {
  if (payload.readableEnded || payload.destroyed) return;
  payload.on("error", () => undefined).resume();
}

function tooLarge(): LedgerError {
  return new LedgerError(
    "too-large",
    `The body is larger than ${maxRequestBytes} bytes. Send large batches as application/x-ndjson.`,
  );
}

function brokenOff(): LedgerError {
  return new LedgerError("invalid-request", "The body ended early.");
}
