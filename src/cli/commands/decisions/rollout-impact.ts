/** `fleetledger rollout impact`: what a rollout did, held against what it declared. */
import type { Command } from "commander";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { powerWords, ratioWords, reasonWords } from "../../../answers/rollouts/impact-words.ts";
import type { ImpactAnswer } from "../../../answers/rollouts/impact.ts";
import { maxListRows } from "../../../limits/requests.ts";
import {
  columns,
  duration,
  instantShort,
  nodeHours,
  number,
} from "../../../reports/text/figures.ts";
import { pathSegment } from "../../../path-segment.ts";
import { shownText } from "../../../shown-text.ts";
import { instant, someText } from "../../options/command.ts";
import { type LedgerOptions, addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { type PositionOptions, addPositionOptions, positionQuery } from "../../options/position.ts";
import { queryText } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { askLedger } from "./ask-ledger.ts";
import { formatOption } from "./decision-options.ts";

interface ImpactOptions extends LedgerOptions, PositionOptions {
  readonly cluster?: string;
  readonly at?: number;
  readonly format: "text" | "json";
}

export function addRolloutImpact(rollout: Command, terminal: Terminal): void {
  addPositionOptions(addLedgerOptions(rollout.command("impact")))
    .description("Show what a rollout did to nodes, jobs and the failure rate, against its word.")
    .argument("<rollout>", "its id", someText)
    .option("--cluster <name>", "the cluster, where two use the id", someText)
    .option("--at <instant>", "as it was just before this instant; default: now", instant)
    .addOption(formatOption())
    .action(async (id: string, options: ImpactOptions, command: Command) => {
      const answer = await wholeAnswer(terminal, command, options, id);
      if (options.format === "json") await terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
      else await terminal.out(`${impactLines(answer).map(shownText).join("\n")}\n`);
    });
}

/** With the evidence of all pages. */
async function wholeAnswer(
  terminal: Terminal,
  command: Command,
  options: ImpactOptions,
  id: string,
): Promise<ImpactAnswer> {
  const named = await namedLedger(options, command);
  const { cluster, at } = options;
  const query = queryText({
    cluster,
    at: at === undefined ? undefined : formatInstant(at),
    limit: maxListRows,
    ...positionQuery(options),
  });
  let path: string | null = `/v1/rollouts/${pathSegment(id)}/impact${query}`;
  let whole: ImpactAnswer | null = null;
  while (path !== null) {
    const text = await askLedger(terminal, named, { method: "GET", path });
    const page = JSON.parse(text) as ImpactAnswer;
    const before: ImpactAnswer["evidence"] = whole?.evidence ?? [];
    whole = { ...(whole ?? page), evidence: [...before, ...page.evidence], next: null };
    path = page.next;
  }
  if (whole === null) throw new RangeError("an answer has a page at least");
  return whole;
}

function impactLines(impact: ImpactAnswer): string[] {
  const { declared, reasons, before, after } = impact;
  const word =
    declared === null
      ? "nothing: no submission is known"
      : declared.kind === "impactless"
        ? "impactless"
        : `impactful, ${declared.secondsPerNode} s a node`;
  const why = reasons.map((reason) => reasonWords[reason]).join("; ");
  const rows = [
    ["declared", word],
    ["verdict", `${impact.verdict ?? "none: it never started"}${why === "" ? "" : `: ${why}`}`],
    ["started", impact.startedAt === null ? "-" : instantShort(impact.startedAt)],
    ["treated", `${number(impact.treated)} of ${number(impact.nodes)} nodes`],
    [
      "out of service",
      `${nodeHours(impact.outOfServiceNodeMs)}, ${duration(impact.outOfServiceMeanMs)} per treated node`,
    ],
    [
      "jobs interrupted",
      `${number(impact.jobs)}, ${number(impact.interruptions)} times; ${nodeHours(impact.interruptedNodeMs)} interrupted, ${nodeHours(impact.lostNodeMs)} lost`,
    ],
    ["faults before", `${number(before.faults)} in ${nodeHours(before.nodeMs)}`],
    ["faults after", `${number(after.faults)} in ${nodeHours(after.nodeMs)}`],
    ["failure rate", ratioWords(impact.rateRatio)],
    ["", powerWords(impact.power)],
  ];
  const families = impact.families.map(({ family, fastPath, marked }) => [
    family,
    fastPath ? "has the fast path" : "has lost the fast path",
    marked ? "this version missed before" : "",
  ]);
  const confounders = impact.confounders.map(({ rollout, startedAt, nodes }) => [
    rollout,
    instantShort(startedAt),
    `on ${number(nodes)} of its nodes`,
  ]);
  const evidence = impact.evidence.map(({ kind, at, node, job, eventIds }) => [
    kind,
    at,
    node ?? job ?? "",
    eventIds.join(", "),
  ]);
  return [
    impact.rollout,
    ...lined(rows),
    ...titled("families", families),
    ...titled("other rollouts in its windows", confounders),
    ...titled("evidence", evidence),
  ];
}

function titled(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [title, ...lined(rows)];
}

function lined(rows: readonly (readonly string[])[]): string[] {
  return columns(rows, "  ", () => true);
}
