/** `fleetledger accept-clock`: an operator states that recorded times may continue from a clock that was ahead. */
import type { Command } from "commander";
import type { SubmissionJson } from "../../http/submissions/submission-json.ts";
import { someText } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import type { Attribution } from "../../events/envelope.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { number } from "../../reports/text/figures.ts";
import type { LedgerOptions } from "../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../options/named-ledger.ts";
import { refuseMissing, withLedger } from "../options/open.ts";
import { postJson } from "../server/answers.ts";

interface AcceptOptions extends LedgerOptions {
  readonly reason: string;
  readonly actor: string;
  readonly ticket?: string;
}

/** A submission that was taken. */
type TakenJson = Exclude<SubmissionJson, { status: "refused" }>;

export const addAcceptClock: AddCommand = (program, { terminal }) => {
  addLedgerOptions(program.command("accept-clock"))
    .description("Accept a clock that was ahead, so that events are recorded again.")
    .requiredOption("--reason <text>", "why the clock is right, or what happened", someText)
    .requiredOption("--actor <text>", "who states this", someText)
    .option("--ticket <text>", "the ticket about it")
    .action(async (options: AcceptOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const { actor, reason, ticket } = options;
      const attribution = { actor, reason, ...(ticket === undefined ? {} : { ticket }) };
      const submission =
        "server" in named
          ? await postJson<TakenJson>(named.server, "/v1/clock", attribution)
          : await acceptHere(terminal, named.store, attribution);
      terminal.say(`accepted: sequence ${number(submission.sequence ?? 0)}`);
      await terminal.out(`${submission.id}\n`);
    });
};

async function acceptHere(
  terminal: Terminal,
  store: string,
  attribution: Attribution,
): Promise<Pick<TakenJson, "id" | "sequence">> {
  refuseMissing(store);
  const submission = await withLedger(terminal, store, "write", (ledger) =>
    ledger.acceptClock(attribution),
  );
  if (submission.status === "refused") throw submission.error;
  return submission;
}
