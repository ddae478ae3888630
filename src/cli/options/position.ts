/** `--as-of` and `--as-of-time`: the ledger position of a read. */
import { Option } from "commander";
import type { Command } from "commander";
import { LedgerError } from "../../errors.ts";
import { sequenceAsOfTime } from "../../ledger/as-of-time.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { instant, wholeNumber } from "./command.ts";

export interface PositionOptions {
  readonly asOf?: number;
  readonly asOfTime?: number;
}

export function addPositionOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--as-of <sequence>", "as of this sequence")
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))
        .conflicts("asOfTime"),
    )
    .addOption(
      new Option(
        "--as-of-time <instant>",
        "as of this recorded time (end of the instant)",
      ).argParser(instant),
    );
}

/** The sequence that the options name in an open ledger. Throws `position-past-head`. */
export async function positionOf(
  ledger: Ledger,
  { asOf, asOfTime }: PositionOptions,
): Promise<number> {
  const sequence =
    asOfTime === undefined
      ? (asOf ?? ledger.sequence())
      : await sequenceAsOfTime(ledger, asOfTime, async () => undefined);
  if (sequence <= ledger.sequence()) return sequence;
  throw new LedgerError(
    "position-past-head",
    `sequence ${sequence} was requested, but the ledger ends at ${ledger.sequence()}`,
  );
}

/** The options as query parameters for a server. */
export function positionQuery({ asOf, asOfTime }: PositionOptions): Record<string, string> {
  return {
    ...(asOf === undefined ? {} : { asOf: String(asOf) }),
    ...(asOfTime === undefined ? {} : { asOfTime: formatInstant(asOfTime) }),
  };
}
