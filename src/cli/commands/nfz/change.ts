/** `fleetledger nfz extend|shorten|skip|lift|cancel`. */
import type { Command } from "commander";
import type { NfzAnswer } from "../../../decisions/nfz/answer.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { instant, someText } from "../../options/command.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { UsageError } from "../../terminal/terminal.ts";
import { type DecisionOptions, addDecisionOptions, decide } from "../decisions/decision-options.ts";
import { answerWords } from "./words.ts";
import { pathSegment } from "../../../path-segment.ts";

interface ChangeOptions extends DecisionOptions {
  readonly cluster?: readonly string[];
  readonly occurrence?: number;
  readonly to?: number;
}

const ends = {
  extend: "Let an occurrence end later.",
  shorten: "Let an occurrence end earlier.",
};
const wholes = {
  lift: "End the occurrence that is running.",
  cancel: "End a no-fly zone, with all occurrences to come.",
};
const named = "the occurrence, by when it begins";

export function addChanges(nfz: Command, terminal: Terminal): void {
  for (const [name, description] of Object.entries(ends)) {
    change(nfz, terminal, name, description)
      .requiredOption("--occurrence <instant>", named, instant)
      .requiredOption("--to <instant>", "when it ends now", instant);
  }
  change(nfz, terminal, "skip", "Leave out an occurrence that has not begun.").requiredOption(
    "--occurrence <instant>",
    named,
    instant,
  );
  for (const [name, description] of Object.entries(wholes))
    change(nfz, terminal, name, description);
}

function change(nfz: Command, terminal: Terminal, name: string, description: string): Command {
  return addDecisionOptions(nfz.command(name))
    .description(description)
    .argument("<nfz>", "its id", someText)
    .option("--cluster <name...>", "only in these clusters; default: all of its clusters")
    .action(async (id: string, options: ChangeOptions, command: Command) => {
      if (options.reason === undefined) throw new UsageError("why is it changed? Give --reason");
      await decide(terminal, command, options, {
        path: `/v1/nfz/${pathSegment(id)}/${name}`,
        body: bodyOf(options),
        words: (text) => answerWords(JSON.parse(text) as NfzAnswer),
      });
    });
}

function bodyOf({ cluster, occurrence, to }: ChangeOptions): object {
  return {
    ...(cluster === undefined ? {} : { clusters: cluster }),
    ...(occurrence === undefined ? {} : { occurrence: formatInstant(occurrence) }),
    ...(to === undefined ? {} : { to: formatInstant(to) }),
  };
}
