/** `fleetledger correct` and `retract`: facts about facts, each with who says so and why. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { parseJsonText } from "../../http/bodies/json-body.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { retractedBefore } from "../../answers/event-history.ts";
import { instant, someText, storeOption } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { number } from "../../reports/text/figures.ts";
import { refuseMissing, withLedger } from "../options/open.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UsageError } from "../terminal/terminal.ts";

interface AmendmentOptions {
  readonly store: string;
  readonly reason: string;
  readonly actor: string;
  readonly ticket?: string;
  readonly id?: string;
}

interface CorrectOptions extends AmendmentOptions {
  readonly occurredAt?: number;
  readonly data?: string;
}

export const addCorrect: AddCommand = (program, { terminal }) => {
  withAmendmentOptions(
    program
      .command("correct")
      .description("State that an event happened at another time, or as other data say."),
  )
    .option("--occurred-at <instant>", "when it happened in truth", instant)
    .option("--data <json>", "its whole new data, as JSON; @FILE reads a file")
    .action(async (eventId: string, options: CorrectOptions) => {
      const { occurredAt, data } = options;
      if (occurredAt === undefined && data === undefined) {
        throw new UsageError("a correction states --occurred-at, --data or both");
      }
      await amend(terminal, "FactCorrected", options, {
        eventId,
        ...(occurredAt === undefined ? {} : { occurredAt: formatInstant(occurredAt) }),
        ...(data === undefined ? {} : { data: await jsonOf(data) }),
      });
    });
};

export const addRetract: AddCommand = (program, { terminal }) => {
  withAmendmentOptions(
    program.command("retract").description("State that an event did not happen."),
  ).action(async (eventId: string, options: AmendmentOptions) => {
    await amend(terminal, "FactRetracted", options, { eventId });
  });
};

function withAmendmentOptions(command: Command): Command {
  return command
    .argument("<event-id>", "the id of the event; that of a correction corrects the correction")
    .addOption(storeOption())
    .requiredOption("--reason <text>", "why", someText)
    .requiredOption("--actor <text>", "who says so", someText)
    .option("--ticket <text>", "where it is written about")
    .option(
      "--id <uuid>",
      "the correction's own id; the same one again is a duplicate, not a second",
    );
}

async function amend(
  terminal: Terminal,
  type: "FactCorrected" | "FactRetracted",
  { store, reason, actor, ticket, id = randomUUID() }: AmendmentOptions,
  data: { readonly eventId: string },
): Promise<void> {
  const event = {
    id,
    type,
    occurredAt: formatInstant(Date.now()),
    data,
    actor,
    reason,
    ...(ticket === undefined ? {} : { ticket }),
  };
  refuseMissing(store);
  const { submission, note } = await withLedger(terminal, store, "write", async (ledger) => {
    const [submitted] = await ledger.submit([event]);
    const { eventId } = data;
    const before = type === "FactRetracted" && submitted?.status !== "refused";
    return {
      submission: submitted,
      note: before ? await retractedBefore(ledger.store, eventId, id) : null,
    };
  });
  if (submission === undefined) throw new Error("a submission without an answer");
  if (submission.status === "refused") throw submission.error;
  const { status, stream, revision, sequence } = submission;
  terminal.say(`${status}: sequence ${number(sequence ?? 0)}, revision ${revision} of ${stream}`);
  if (note !== null) terminal.say(`note: ${note}`);
  await terminal.out(`${submission.id}\n`);
}

async function jsonOf(text: string): Promise<unknown> {
  const json = text.startsWith("@") ? await readFile(text.slice(1), "utf8") : text;
  try {
    return parseJsonText(json);
  } catch (error) {
    throw new UsageError(`--data: ${(error as Error).message}`, error);
  }
}
