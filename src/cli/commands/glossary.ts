/** `fleetledger glossary`: what every field of a report means. */
import { Option } from "commander";
import { describedSections } from "../../reports/fields-by-path.ts";
import { glossaryText } from "../../reports/text/glossary.ts";
import type { AddCommand } from "../options/command.ts";

interface GlossaryOptions {
  readonly format: "markdown" | "json";
}

export const addGlossary: AddCommand = (program, { terminal }) => {
  program
    .command("glossary")
    .description("Print the name, unit and meaning of every field of a report.")
    .addOption(
      new Option("--format <format>", "output format")
        .choices(["markdown", "json"])
        .default("markdown"),
    )
    .action(async ({ format }: GlossaryOptions) => {
      const text =
        format === "json"
          ? `${JSON.stringify({ sections: describedSections() }, null, 2)}\n`
          : glossaryText();
      await terminal.out(text);
    });
};
