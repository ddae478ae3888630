/** `fleetledger correct` and `retract`: amendments, each with who states it and why. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { parseJsonText } from "../../json/json-text.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { retractedBefore } from "../../answers/event-history.ts";
import type { SubmissionJson } from "../../http/submissions/submission-json.ts";
import { instant, someText } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { number } from "../../reports/text/figures.ts";
import type { LedgerOptions } from "../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../options/named-ledger.ts";
import { refuseMissing, withLedger } from "../options/open.ts";
import type { Server } from "../server/server.ts";
import { postJson } from "../server/answers.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { UsageError } from "../terminal/terminal.ts";

interface AmendmentOptions extends LedgerOptions {
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
      .description("Correct an event: it happened at another time, or with other data."),
  )
    .option("--occurred-at <instant>", "when it really happened", instant)
    .option("--data <json>", "its complete new data, as JSON, or @FILE to read a file")
    .action(async (eventId: string, options: CorrectOptions, command: Command) => {
      const { occurredAt, data } = options;
      if (occurredAt === undefined && data === undefined) {
        throw new UsageError("a correction needs --occurred-at, --data or both");
      }
      await amend(terminal, command, options, {
        type: "FactCorrected",
        eventId,
        ...(occurredAt === undefined ? {} : { occurredAt: formatInstant(occurredAt) }),
        ...(data === undefined ? {} : { data: await jsonOf(data) }),
      });
    });
};

export const addRetract: AddCommand = (program, { terminal }) => {
  withAmendmentOptions(
    program.command("retract").description("Retract an event: it did not happen."),
  ).action(async (eventId: string, options: AmendmentOptions, command: Command) => {
    await amend(terminal, command, options, { type: "FactRetracted", eventId });
  });
};

function withAmendmentOptions(command: Command): Command {
  return addLedgerOptions(command)
    .argument("<event-id>", "the id of the event, which may itself be a correction")
    .requiredOption("--reason <text>", "why", someText)
    .requiredOption("--actor <text>", "who states this", someText)
    .option("--ticket <text>", "the ticket about it")
    .option("--id <uuid>", "the correction's own id; sent again, it is a duplicate");
}

/** What is stated of an event. */
interface Amendment {
  readonly type: "FactCorrected" | "FactRetracted";
  readonly eventId: string;
  readonly occurredAt?: string;
  readonly data?: unknown;
}

/** Who states it, why, and with which id. */
interface Statement {
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
  readonly ticket?: string;
}

/** An amendment that was appended; `note` is a hint for the sender. */
type Taken = Exclude<SubmissionJson, { status: "refused" }> & { readonly note?: string };

async function amend(
  terminal: Terminal,
  command: Command,
  options: AmendmentOptions,
  amendment: Amendment,
): Promise<void> {
  const named = await namedLedger(options, command);
  const { reason, actor, ticket, id = randomUUID() } = options;
  const statement = { id, actor, reason, ...(ticket === undefined ? {} : { ticket }) };
  const taken =
    "server" in named
      ? await amendAt(named.server, statement, amendment)
      : await amendHere(terminal, named.store, statement, amendment);
  const { status, stream, revision, sequence, note } = taken;
  const place = sequence === null ? "" : `sequence ${number(sequence)}, `;
  terminal.say(`${status}: ${place}revision ${revision} of ${stream}`);
  if (note !== undefined) terminal.say(`note: ${note}`);
  await terminal.out(`${taken.id}\n`);
}

async function amendAt(
  server: Server,
  statement: Statement,
  { type, eventId, ...stated }: Amendment,
): Promise<Taken> {
  const door = type === "FactCorrected" ? "corrections" : "retraction";
  const path = `/v1/events/${encodeURIComponent(eventId)}/${door}`;
  return await postJson<Taken>(server, path, { ...statement, ...stated });
}

async function amendHere(
  terminal: Terminal,
  store: string,
  statement: Statement,
  { type, ...data }: Amendment,
): Promise<Taken> {
  const event = { ...statement, type, occurredAt: formatInstant(Date.now()), data };
  refuseMissing(store);
  return await withLedger(terminal, store, "write", async (ledger) => {
    const [submission] = await ledger.submit([event]);
    if (submission === undefined) throw new Error("a submission without an answer");
    if (submission.status === "refused") throw submission.error;
    const { eventId } = data;
    const note =
      type === "FactRetracted" ? await retractedBefore(ledger.store, eventId, statement.id) : null;
    const { revision, ...taken } = submission;
    return { ...taken, revision: revision.toString(), ...(note === null ? {} : { note }) };
  });
}

async function jsonOf(text: string): Promise<unknown> {
  const json = text.startsWith("@") ? await readFile(text.slice(1), "utf8") : text;
  try {
    return parseJsonText(json);
  } catch (error) {
    throw new UsageError(`--data: ${(error as Error).message}`, error);
  }
}
