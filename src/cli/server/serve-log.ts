/** The log of a server, on standard error. */
import pino from "pino";
import type { Logger } from "pino";
import { shownJson, withoutLogins } from "../../shown-text.ts";
import { standardError } from "../terminal/standard-error.ts";

export function logTo(level: string): Logger {
  const streamWrite = (line: string): string => withoutLogins(shownJson(line));
  const logger = pino({ level, hooks: { streamWrite }, serializers: { err } }, standardError);
  standardError.onLost = (lines) =>
    logger.warn({ lines }, "log lines were lost because they could not be written");
  return logger;
}

/** Leaves out the cause of an error whose message already quotes it. */
function err(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const cause = error.cause instanceof Error ? error.cause.message : null;
  const told = pino.stdSerializers.err(error);
  const isQuoted = cause !== null && error.message.includes(cause);
  return isQuoted ? { ...told, message: error.message } : told;
}
