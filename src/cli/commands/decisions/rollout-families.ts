/** `fleetledger rollout families`: which families of updates did what they declared, and which have the fast path. */
import type { Command } from "commander";
import { reasonWords } from "../../../answers/rollouts/impact-words.ts";
import type { FamiliesAnswer } from "../../../answers/rollouts/impact.ts";
import { columns, counted, duration, number } from "../../../reports/text/figures.ts";
import { someText } from "../../options/command.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { type ReadOptions, addReadOptions, allRows, printRead } from "./read-options.ts";

interface FamilyOptions extends ReadOptions {
  readonly family?: string;
}

export function addRolloutFamilies(rollout: Command, terminal: Terminal): void {
  addReadOptions(rollout.command("families"))
    .description("Show what families of updates did, and which have the impactless fast path.")
    .option("--family <name>", "only this one", someText)
    .action(async ({ family, ...options }: FamilyOptions, command: Command) => {
      const path = "/v1/impact/families";
      const more = { family };
      const answer = await allRows<FamiliesAnswer>(
        terminal,
        command,
        options,
        path,
        "families",
        more,
      );
      await printRead(terminal, options, answer, familyLines);
    });
}

function familyLines({ total, families }: FamiliesAnswer): string[] {
  const lost = families.filter(({ fastPath }) => !fastPath).length;
  const head = `${counted(total, "family", "families")}, ${number(lost)} without the fast path`;
  const rows = families.map((each) => [
    `${each.cluster} ${each.family}`,
    each.fastPath ? "has the fast path" : "has lost the fast path",
    `${number(each.asDeclared)} as declared, ${number(each.missed)} missed, ${number(each.pending)} pending`,
    `${duration(each.outOfServiceMeanMs)} out of service per treated node`,
    counted(each.interruptions, "interruption"),
    missWords(each),
  ]);
  return [head, ...columns(rows, "  ", () => true)];
}

function missWords({ withdrawnBy, marked }: FamiliesAnswer["families"][number]): string {
  if (withdrawnBy === null) return "";
  const why = withdrawnBy.reasons.map((reason) => reasonWords[reason]).join("; ");
  const versions = marked.map(({ component, version }) => `${component} ${version}`).join(", ");
  return `last missed by ${withdrawnBy.rollout}: ${why}; never again: ${versions}`;
}
