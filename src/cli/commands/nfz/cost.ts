/** `fleetledger nfz cost` and `fleetledger whatif`: what no-fly zones cost, and what others would have cost. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { isLedgerError } from "../../../errors.ts";
import { parseJsonText } from "../../../json/json-text.ts";
import type { NfzCostAnswer, WhatIfAnswer } from "../../../answers/nfz/cost.ts";
import {
  columns,
  counted,
  duration,
  instantShort,
  number,
  percent,
} from "../../../reports/text/figures.ts";
import { periodForms } from "../../../reports/period-forms.ts";
import { shownText } from "../../../shown-text.ts";
import { type AddCommand, someText, timeZone } from "../../options/command.ts";
import { type LedgerOptions, addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { type PositionOptions, addPositionOptions, positionQuery } from "../../options/position.ts";
import { queryText } from "../../server/answers.ts";
import { type Terminal, UsageError } from "../../terminal/terminal.ts";
import { askLedger } from "../decisions/ask-ledger.ts";
import { formatOption } from "../decisions/decision-options.ts";

interface CostOptions extends LedgerOptions, PositionOptions {
  readonly cluster: string;
  readonly period?: string;
  readonly zone?: string;
  readonly format: "text" | "json";
}

interface WhatIfOptions extends CostOptions {
  readonly nfz: string;
}

export function addCost(nfz: Command, terminal: Terminal): void {
  withPeriod(nfz.command("cost"))
    .description("Show what no-fly zones cost: blocked time, deadlines missed, what a thaw hit.")
    .action(async (options: CostOptions, command: Command) => {
      const path = `/v1/nfz/cost${queryOf(options)}`;
      const named = await namedLedger(options, command);
      const text = await askLedger(terminal, named, { method: "GET", path });
      await print(terminal, options, text, () => costLines(JSON.parse(text) as NfzCostAnswer));
    });
}

export const addWhatIf: AddCommand = (program, { terminal }) => {
  withPeriod(program.command("whatif"))
    .description("Show the same history under another calendar of no-fly zones. Records nothing.")
    .requiredOption(
      "--nfz <file>",
      "declarations as a JSON list, each with `declaredAt` or from the period's start; an empty file or list: no zones",
    )
    .action(async (options: WhatIfOptions, command: Command) => {
      const body = { nfzs: await declarationsIn(options.nfz) };
      const path = `/v1/nfz/what-if${queryOf(options)}`;
      const named = await namedLedger(options, command);
      const asked = { method: "POST", path, body, isPreview: true } as const;
      const text = await askLedger(terminal, named, asked);
      await print(terminal, options, text, () => whatIfLines(JSON.parse(text) as WhatIfAnswer));
    });
};

function withPeriod(command: Command): Command {
  return addPositionOptions(addLedgerOptions(command))
    .requiredOption("--cluster <name>", "the cluster", someText)
    .option("--period <period>", `${periodForms}; default: the last full month`)
    .option("--zone <zone>", "IANA time zone of the period; default: the policy's", timeZone)
    .addOption(formatOption());
}

function queryOf({ cluster, period, zone, ...position }: CostOptions): string {
  return queryText({ cluster, period, zone, ...positionQuery(position) });
}

/** A list, or one declaration. Throws UsageError for anything else. */
async function declarationsIn(file: string): Promise<unknown[]> {
  const text = (await readFile(file, "utf8")).trim();
  if (text === "") return [];
  let stated: unknown;
  try {
    stated = parseJsonText(text);
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    throw new UsageError(`${file}: ${error.message}`, error);
  }
  if (Array.isArray(stated)) return stated as unknown[];
  if (typeof stated === "object" && stated !== null) return [stated];
  throw new UsageError(`${file} must contain a list of declarations`);
}

async function print(
  terminal: Terminal,
  { format }: CostOptions,
  text: string,
  lines: () => readonly string[],
): Promise<void> {
  if (format === "json") await terminal.out(`${text}\n`);
  else await terminal.out(`${lines().map(shownText).join("\n")}\n`);
}

function costLines(cost: NfzCostAnswer): string[] {
  const head = [
    ["in force", duration(cost.inForceMs)],
    [
      "blocked",
      `${duration(cost.blockedMs)}, of it ${duration(cost.wakeUpMs)} after the zones had ended`,
    ],
    ["overrides", number(cost.overrides)],
    ["fast-path starts", number(cost.fastPathStarts)],
    ["violations", number(cost.violations)],
  ];
  const zones = cost.nfzs.map(({ nfz, inForceMs, blockedMs, aloneMs }) => [
    nfz,
    `in force ${duration(inForceMs)}`,
    `blocked ${duration(blockedMs)}`,
    `alone ${duration(aloneMs)}`,
  ]);
  const missed = cost.deadlinesMissed.map(({ rollout, deadline, blockedAfterMs }) => [
    rollout,
    instantShort(deadline),
    `blocked ${duration(blockedAfterMs)} longer`,
  ]);
  const thaws = cost.thaws.map(({ at, after, before }) => [
    instantShort(at),
    dayWords(after),
    `the day before it began: ${dayWords(before)}`,
  ]);
  return [
    `${cost.cluster} ${cost.period.label}`,
    ...lined(head),
    ...titled("no-fly zones", zones),
    ...titled("deadlines missed", missed),
    ...titled("thaws", thaws),
  ];
}

function dayWords({
  released,
  started,
  interruptions,
  faults,
}: NfzCostAnswer["thaws"][number]["after"]) {
  return `${number(released)} released, ${number(started)} started, ${counted(interruptions, "interruption")}, ${counted(faults, "fault")}`;
}

function whatIfLines({
  cluster,
  period,
  actual,
  whatIf,
  assumptions,
  note,
}: WhatIfAnswer): string[] {
  type Side = WhatIfAnswer["actual"];
  const row = (name: string, of: (side: Side) => string) => [name, of(actual), of(whatIf)];
  const counts = (of: (each: Side["thaws"][number]["after"]) => number) => (side: Side) =>
    number(side.thaws.reduce((sum, { after }) => sum + of(after), 0));
  const nis = (name: string) => (side: Side) => {
    const value = side.nis[name];
    return percent(typeof value === "number" ? value : null);
  };
  const rows = [
    ["", "actual", "what if"],
    row("in force", (side) => duration(side.inForceMs)),
    row("blocked", (side) => duration(side.blockedMs)),
    row("of it after the zones", (side) => duration(side.wakeUpMs)),
    row("in the queue at the end", (side) => number(side.queue.length)),
    row("fixes blocked at their deadline", (side) => number(side.overdueFixes.length)),
    row("thaws", (side) => number(side.thaws.length)),
    row(
      "started in the day after a thaw",
      counts(({ started }) => started),
    ),
    row(
      "faults on their nodes",
      counts(({ faults }) => faults),
    ),
    row("NIS raw", nis("raw")),
    row("NIS contractual", nis("contractual")),
    row("job uptime", () => "-"),
  ];
  return [
    `${cluster} ${period.label}`,
    ...columns(rows, "  ", (column) => column === 0),
    "assumed",
    ...assumptions.map((each) => `  ${each}`),
    `  ${note}`,
  ];
}

function titled(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [title, ...lined(rows)];
}

function lined(rows: readonly (readonly string[])[]): string[] {
  return columns(rows, "  ", () => true);
}
