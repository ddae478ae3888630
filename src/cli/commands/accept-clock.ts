/** `fleetledger accept-clock`: an operator's word that recorded times go on from a clock that was ahead. */
import { someText, storeOption } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { number } from "../../reports/text/figures.ts";
import { refuseMissing, withLedger } from "../options/open.ts";

interface AcceptOptions {
  readonly store: string;
  readonly reason: string;
  readonly actor: string;
  readonly ticket?: string;
}

export const addAcceptClock: AddCommand = (program, { terminal }) => {
  program
    .command("accept-clock")
    .description(
      "Record that a clock that was ahead is accepted; appends that wait for that go on.",
    )
    .addOption(storeOption())
    .requiredOption("--reason <text>", "why it is right, or what happened", someText)
    .requiredOption("--actor <text>", "who says so", someText)
    .option("--ticket <text>", "where it is written about")
    .addHelpText("after", "\nBeside a running `serve`: POST /v1/clock with actor and reason.")
    .action(async ({ store, ...said }: AcceptOptions) => {
      refuseMissing(store);
      const { actor, reason, ticket } = said;
      const attribution = { actor, reason, ...(ticket === undefined ? {} : { ticket }) };
      const submission = await withLedger(terminal, store, "write", (ledger) =>
        ledger.acceptClock(attribution),
      );
      if (submission.status === "refused") throw submission.error;
      terminal.say(`accepted: sequence ${number(submission.sequence ?? 0)}`);
      await terminal.out(`${submission.id}\n`);
    });
};
