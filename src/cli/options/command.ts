/** What the commands share: how one is added, and the options that several take. */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { parseInstant, whyNoInstant } from "../../../projections/time/instant.ts";
import { unknownZone } from "../../events/fields/unknown-zone.ts";
import { isKnownZone } from "../../zones/zones.ts";
import type { ExitCode, Terminal } from "../terminal/terminal.ts";

interface CommandContext {
  readonly terminal: Terminal;
  /** Sets the exit code, if it is not 0. */
  readonly done: (code: ExitCode) => void;
}

export type AddCommand = (program: Command, context: CommandContext) => void;

/** `--store`, which every command that works on a ledger takes. */
export function storeOption(): Option {
  return new Option("--store <name>", "the ledger: sqlite:PATH, esdb://… or kurrentdb://…")
    .env("FLEETLEDGER_STORE")
    .makeOptionMandatory();
}

/** Reads a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    const bound = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It must be a whole number, ${bound}.`);
  };
}

/** Reads an RFC 3339 instant, as milliseconds since the epoch. */
export function instant(text: string): number {
  const ms = parseInstant(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError(`It ${whyNoInstant(text)}.`);
}

/** Reads the name of an IANA time zone. */
export function timeZone(text: string): string {
  if (isKnownZone(text)) return text;
  throw new InvalidArgumentError(`It ${unknownZone(text)}`);
}

/** Reads a text that is not blank. */
export function someText(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must not be empty.");
}

/** Reads a port; 0 picks a free one. */
export const port = wholeNumber(0, 65_535);
