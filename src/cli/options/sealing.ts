/** The options by which a serving ledger is sealed. */
import { Option } from "commander";
import type { Command } from "commander";
import type { Logger } from "pino";
import { Audit } from "../../seals/audit.ts";
import { witness } from "../../seals/witness.ts";
import { systemClock } from "../../clock.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { sealEveryEvents, sealIntervalMs } from "../../limits/seals.ts";
import { wholeNumber } from "./command.ts";
import { readSealingKey } from "./key-files.ts";
import { UsageError } from "../terminal/terminal.ts";

export interface SealingOptions {
  readonly key?: string;
  readonly sealTo?: string;
  readonly sealInterval: number;
  readonly sealEvery: number;
}

const daySeconds = 86_400;

export function addSealingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--key <file>",
        "the secret key (ledger.key) for sealing; without it nothing is sealed",
      ).env("FLEETLEDGER_KEY_FILE"),
    )
    .addOption(
      new Option(
        "--seal-to <witness>",
        "a witness, which also gets each checkpoint: a file, or https://[USER:PASSWORD@]HOST/… to post them to",
      ).env("FLEETLEDGER_SEAL_TO"),
    )
    .option(
      "--seal-interval <seconds>",
      "time between seals while events arrive",
      wholeNumber(1, daySeconds),
      sealIntervalMs / 1_000,
    )
    .option(
      "--seal-every <events>",
      "seal immediately after this many events",
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      sealEveryEvents,
    );
}

/**
 * The audit of a served ledger; it seals once it is started. Throws UsageError if the key is malformed or not the
 * ledger's own.
 */
export async function auditOf(
  ledger: Ledger,
  { key, sealTo, sealInterval, sealEvery }: SealingOptions,
  logger: Logger,
): Promise<Audit> {
  if (sealTo !== undefined && key === undefined) throw new UsageError("--seal-to needs --key");
  if (key === undefined) logger.warn("no signing key (--key): nothing is sealed");
  return new Audit({
    ledger,
    clock: systemClock,
    signer: key === undefined ? undefined : await readSealingKey(key, ledger),
    witness: sealTo === undefined ? undefined : witness(sealTo),
    intervalMs: sealInterval * 1_000,
    everyEvents: sealEvery,
    onFailure: (error, what) => logger.error({ err: error }, `${what} failed`),
  });
}
