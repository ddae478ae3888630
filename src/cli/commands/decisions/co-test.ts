/** `fleetledger co-test record|coverage|next`: what was installed together, and what to test next. */
import { type Command, Option } from "commander";
import { type PairStatus, pairStatuses } from "../../../../projections/co-tests/tested-sets.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { coverageAnswer } from "../../../answers/co-tests/coverage.ts";
import type { nextBundlesAnswer } from "../../../answers/co-tests/next-bundles.ts";
import { columns, counted, number, percent } from "../../../reports/text/figures.ts";
import { type AddCommand, instant, someText, wholeNumber } from "../../options/command.ts";
import { type DecisionOptions, addDecisionOptions, decide } from "./decision-options.ts";
import {
  type ClusterReadOptions,
  addClusterReadOptions,
  allRows,
  printRead,
} from "./read-options.ts";
import { type NamedUpdate, componentVersion } from "./update-option.ts";

type Coverage = Awaited<ReturnType<typeof coverageAnswer>>;
type Next = Awaited<ReturnType<typeof nextBundlesAnswer>>;

interface RecordOptions extends DecisionOptions {
  readonly passed?: boolean;
  readonly failed?: boolean;
  readonly update?: readonly NamedUpdate[];
  readonly rollout?: readonly string[];
  readonly cluster?: string;
  readonly environment?: string;
  readonly evidence?: string;
  readonly occurredAt?: number;
}

interface Recorded {
  readonly coTest: string;
  readonly status: "appended" | "duplicate";
  readonly sequence: number | null;
  readonly updates: readonly NamedUpdate[];
}

export const addCoTest: AddCommand = (program, { terminal }) => {
  const coTest = program
    .command("co-test")
    .description("Record tests of updates that were installed together, and see what is untested.");
  addDecisionOptions(coTest.command("record"))
    .description("Record a result. Give --passed or --failed, and --update or --rollout.")
    .argument("<co-test>", "its id", someText)
    .option("--passed", "it passed")
    .addOption(new Option("--failed", "it failed").conflicts("passed"))
    .option("--update <component=version...>", "what was installed together", componentVersion)
    .addOption(
      new Option("--rollout <id...>", "instead: the updates of these rollouts").conflicts("update"),
    )
    .option("--cluster <name>", "the cluster for which it counts; default: all", someText)
    .option("--environment <name>", "where it ran", someText)
    .option("--evidence <text>", "where its result can be seen", someText)
    .option("--occurred-at <instant>", "when it ended; default: now", instant)
    .action(async (id: string, options: RecordOptions, command: Command) => {
      const { passed = false, failed = false } = options;
      if (!passed && !failed) command.error("error: give --passed or --failed");
      if (options.update === undefined && options.rollout === undefined)
        command.error("error: give --update or --rollout");
      await decide(terminal, command, options, {
        path: "/v1/co-tests",
        body: bodyOf(id, passed, options),
        words: (text) => recordedWords(JSON.parse(text) as Recorded),
      });
    });
  addClusterReadOptions(coTest.command("coverage"))
    .description("Which pairs of queued rollouts were tested together.")
    .addOption(new Option("--status <status>", "only these pairs").choices([...pairStatuses]))
    .action(async (options: ClusterReadOptions & { status?: PairStatus }, command: Command) => {
      const { status } = options;
      const path = "/v1/co-test/coverage";
      const answer = await allRows<Coverage>(terminal, command, options, path, "pairs", { status });
      await printRead(terminal, options, answer, coverageLines);
    });
  addClusterReadOptions(coTest.command("next"))
    .description("Which co-tests to run next.")
    .option("--max-bundle <count>", "rollouts in one; default: the policy's", wholeNumber(2, 16))
    .action(async (options: ClusterReadOptions & { maxBundle?: number }, command: Command) => {
      const { maxBundle } = options;
      const path = "/v1/co-test/next";
      const answer = await allRows<Next>(terminal, command, options, path, "bundles", {
        maxBundle,
      });
      await printRead(terminal, options, answer, nextLines);
    });
};

function bodyOf(coTest: string, passed: boolean, options: RecordOptions): object {
  const { update, rollout, cluster, environment, evidence, occurredAt } = options;
  return {
    coTest,
    outcome: passed ? "passed" : "failed",
    ...(update === undefined ? {} : { updates: update }),
    ...(rollout === undefined ? {} : { rollouts: rollout }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(environment === undefined ? {} : { environment }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(occurredAt === undefined ? {} : { occurredAt: formatInstant(occurredAt) }),
  };
}

function updatesText(updates: readonly NamedUpdate[]): string {
  return updates.map(({ component, version }) => `${component} ${version}`).join(", ");
}

function recordedWords({ coTest, status, sequence, updates }: Recorded): string {
  const where = `sequence ${sequence ?? "unknown"}`;
  const how = status === "appended" ? `at ${where}` : `recorded before with this id, at ${where}`;
  return `${coTest} of ${updatesText(updates)} (${how})`;
}

function coverageLines(answer: Coverage): string[] {
  const { rollouts, passed, failed, never, conflict, coverage, pairs } = answer;
  const head = [
    `${number(rollouts)} queued`,
    `pairs: ${number(passed)} passed`,
    `${number(failed)} failed`,
    `${number(never)} never tested`,
    `${number(conflict)} conflicting`,
    `coverage ${percent(coverage)}`,
  ].join(", ");
  return [head, ...lined(pairs.map((pair) => [pair.status, ...pair.rollouts]))];
}

function nextLines({ total, lowerBound, pairs, bundles }: Next): string[] {
  const covers = total === 1 ? "covers" : "cover";
  const needed = `${number(lowerBound)} ${lowerBound === 1 ? "is" : "are"} needed`;
  const head = `${counted(total, "co-test")} ${covers} ${counted(pairs, "pair")}; at least ${needed}`;
  const rows = bundles.map((bundle, i) => [
    String(i + 1),
    bundle.rollouts.join(", "),
    updatesText(bundle.updates),
  ]);
  return [head, ...lined(rows)];
}

function lined(rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? ["  none"] : columns(rows, "  ", () => true);
}
