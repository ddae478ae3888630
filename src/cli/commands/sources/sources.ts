/** `fleetledger sources check`: whether a configuration is right, and what a payload would become. */
import { Option } from "commander";
import { systemClock } from "../../../clock.ts";
import {
  previewPayload,
  standingOf,
  standingOfNothing,
} from "../../../sources/intake/take-payload.ts";
import type { Standing } from "../../../sources/intake/take-payload.ts";
import { sourceTag } from "../../../sources/reconcile/names.ts";
import { shownText } from "../../../shown-text.ts";
import type { AddCommand } from "../../options/command.ts";
import { instant } from "../../options/command.ts";
import { withLedger } from "../../options/open.ts";
import {
  namedSource,
  payloadBody,
  readConfiguration,
  readPayload,
} from "../../options/source-files.ts";
import { exitCodes, UsageError } from "../../terminal/terminal.ts";
import { formatOption } from "./import-source.ts";
import { previewText } from "./payload-words.ts";

interface CheckOptions {
  readonly store?: string;
  readonly exportedAt?: number;
  readonly format: "text" | "json";
}

export const addSources: AddCommand = (program, { terminal, done }) => {
  const group = program.command("sources").description("Check the configuration of sources.");
  group
    .command("check")
    .description("Check a configuration and what a payload would become; nothing is appended.")
    .argument("<file>", "the configuration of the sources")
    .argument("[name]", "the source of the payload")
    .argument("[payload]", "the payload; - means standard input")
    .addOption(
      new Option("--store <name>", "compare with this ledger; default: one that knows nothing"),
    )
    .option("--exported-at <instant>", "when the payload's file was written", instant)
    .addOption(formatOption())
    .action(
      async (
        file: string,
        name: string | undefined,
        payloadFile: string | undefined,
        options: CheckOptions,
      ) => {
        const { sources } = await readConfiguration(file);
        if (name === undefined) {
          const lines = sources.map(
            (each) => `${each.name}: ${each.kind}, cluster ${each.cluster}`,
          );
          await terminal.out(`${[`${file} is valid`, ...lines].map(shownText).join("\n")}\n`);
          return;
        }
        const source = namedSource(sources, name);
        if (payloadFile === undefined)
          throw new UsageError("which payload? Name its file, or - for standard input");
        const payload = await readPayload(payloadFile);
        const body = payloadBody(source.kind, payload);
        const { exportedAt = payload.writtenAt, format, store } = options;
        const preview = async (standing: Standing) =>
          await previewPayload(standing, source, body, { actor: sourceTag(source), exportedAt });
        const made =
          store === undefined
            ? await preview(standingOfNothing(systemClock.nowMs()))
            : await withLedger(terminal, store, "read", (ledger) => preview(standingOf(ledger)));
        await terminal.out(previewText(made, format));
        if (made.answer.refused.length > 0) done(exitCodes.finding);
      },
    );
};
