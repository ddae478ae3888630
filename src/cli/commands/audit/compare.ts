/** `fleetledger compare`: the first event in which two bundles differ. */
import { canonicalJson } from "../../../events/canonical/canonical.ts";
import type { BundleComparison } from "../../../verify/compare-bundles.ts";
import { compareBundles } from "../../../verify/compare-bundles.ts";
import { shownText } from "../../../shown-text.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { startProgress } from "../../terminal/progress.ts";
import { exitCodes } from "../../terminal/terminal.ts";

export const addCompare: AddCommand = (program, { terminal, done }) => {
  program
    .command("compare")
    .description("Compare two bundles event by event, and name the first event that differs.")
    .argument("<bundle>", "a file that `export --bundle` wrote")
    .argument("<other>", "another bundle")
    .addHelpText(
      "after",
      "\nNo key is needed. `verify` checks whether a bundle is what was signed.",
    )
    .action(async (bundle: string, other: string) => {
      const progress = startProgress(terminal, "comparing (events)");
      let comparison: BundleComparison;
      try {
        comparison = await compareBundles(bundle, other, (count) => progress.update(count, count));
      } finally {
        progress.stop();
      }
      await terminal.out(comparisonText(comparison, bundle, other));
      if (comparison.first !== comparison.second) done(exitCodes.finding);
    });
};

function comparisonText(comparison: BundleComparison, bundle: string, other: string): string {
  const { common, first, second, sameCheckpoint } = comparison;
  const lines: string[] = [];
  if (first === null && second === null) {
    const checkpoints = sameCheckpoint === true ? "the same checkpoint" : "different signatures";
    lines.push(`the same ${number(common)} events, ${checkpoints}`);
  } else if (first === null || second === null) {
    const [shorter, longer] = first === null ? [bundle, other] : [other, bundle];
    lines.push(
      `${shorter} ends after ${number(common)} events; ${longer} has the same and goes on with event ${number(common + 1)}:`,
      `  ${first ?? second ?? ""}`,
    );
  } else {
    const members = differingMembers(first, second);
    lines.push(
      `the first ${number(common)} events are the same; event ${number(common + 1)} differs${members}:`,
      `  ${bundle}: ${first}`,
      `  ${other}: ${second}`,
    );
  }
  return `${lines.map(shownText).join("\n")}\n`;
}

/** Which members differ, where both are JSON objects. */
function differingMembers(first: string, second: string): string {
  const [a, b] = [objectIn(first), objectIn(second)];
  if (a === null || b === null) return "";
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = names.filter((name) => textOf(a[name]) !== textOf(b[name]));
  return ` in ${differing.sort().join(", ")}`;
}

function textOf(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value);
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // Not an event: the two texts are shown as they are.
    return null;
  }
}
