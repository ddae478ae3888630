/** The options by which a serving ledger tells others. */
import { Option } from "commander";
import type { Command } from "commander";
import type { Schedule } from "../../sinks/scheduled/schedule-file.ts";
import { readSchedules } from "../../sinks/scheduled/schedule-file.ts";
import type { Webhook } from "../../sinks/webhooks/webhooks-file.ts";
import { readWebhooks } from "../../sinks/webhooks/webhooks-file.ts";

export interface SinkOptions {
  readonly webhooks?: string;
  readonly reports?: string;
}

export function addSinkOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--webhooks <file>",
        "JSON with the webhooks to deliver events and notices to",
      ).env("FLEETLEDGER_WEBHOOKS"),
    )
    .addOption(
      new Option("--reports <file>", "JSON with the reports to issue by schedule").env(
        "FLEETLEDGER_REPORTS",
      ),
    );
}

/** Reads the files. Throws `invalid-request` with every fault in one of them. */
export function readSinkFiles({ webhooks, reports }: SinkOptions): {
  readonly webhooks: readonly Webhook[];
  readonly schedules: readonly Schedule[];
} {
  return {
    webhooks: webhooks === undefined ? [] : readWebhooks(webhooks),
    schedules: reports === undefined ? [] : readSchedules(reports),
  };
}
