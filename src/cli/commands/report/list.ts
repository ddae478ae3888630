/** `fleetledger report list`: the reports that were issued. */
import { Option } from "commander";
import type { Command } from "commander";
import { maxReportsPerPage } from "../../../limits/reports.ts";
import { reportPage } from "../../../reports/issued/list.ts";
import type { ReportJson } from "../../../reports/issued/report-json.ts";
import type { AddCommand } from "../../options/command.ts";
import type { LedgerOptions, NamedLedger } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { withLedger } from "../../options/open.ts";
import type { PositionOptions } from "../../options/position.ts";
import { addPositionOptions, positionOf, positionQuery } from "../../options/position.ts";
import { getJson, queryText } from "../../server/answers.ts";
import { instantShort, table } from "../../../reports/text/figures.ts";
import type { Terminal } from "../../terminal/terminal.ts";

interface ListOptions extends LedgerOptions, PositionOptions {
  readonly cluster?: string;
  readonly format: "text" | "json";
}

/** As `GET /v1/reports` answers, all pages in one. */
interface ReportsJson {
  readonly asOf: { readonly sequence: number };
  readonly reports: readonly ReportJson[];
  readonly next: string | null;
}

export const addList: AddCommand = (program, { terminal }) => {
  addPositionOptions(addLedgerOptions(program.command("list")))
    .description("List issued reports, in the order in which they were issued.")
    .option("--cluster <name>", "only reports of this cluster")
    .addOption(
      new Option("--format <format>", "output format").choices(["text", "json"]).default("text"),
    )
    .action(async (options: ListOptions, command: Command) => {
      const listed = await reportsOf(terminal, await namedLedger(options, command), options);
      if (options.format === "json") {
        await terminal.out(`${JSON.stringify(listed, null, 2)}\n`);
        return;
      }
      if (listed.reports.length === 0) terminal.say("no reports issued");
      const lines = table(listed.reports.map(rowOf), "");
      await terminal.out(lines.map((line) => `${line}\n`).join(""));
    });
};

function rowOf({ report, cluster, period, issuedAt, sequence, actor }: ReportJson): string[] {
  const by = actor === undefined ? "" : `by ${actor}`;
  const issued = `issued ${instantShort(issuedAt)} as of sequence ${sequence} ${by}`.trimEnd();
  return [report, cluster, `${period.label} (${period.zone})`, issued];
}

async function reportsOf(
  terminal: Terminal,
  named: NamedLedger,
  options: ListOptions,
): Promise<ReportsJson> {
  if ("store" in named) {
    return await withLedger(terminal, named.store, "read", async (ledger) => {
      const upTo = await positionOf(ledger, options);
      const reports: ReportJson[] = [];
      for (let after: number | null = 0; after !== null;) {
        const choice = { cluster: options.cluster, after, upTo, limit: maxReportsPerPage };
        const page = await reportPage(ledger.store, choice);
        reports.push(...page.reports);
        after = page.next;
      }
      return { asOf: { sequence: upTo }, reports, next: null };
    });
  }
  const query = { cluster: options.cluster, limit: maxReportsPerPage, ...positionQuery(options) };
  let page = await getJson<ReportsJson>(named.server, `/v1/reports${queryText(query)}`);
  const { asOf } = page;
  const reports = [...page.reports];
  while (page.next !== null) {
    page = await getJson<ReportsJson>(named.server, page.next);
    reports.push(...page.reports);
  }
  return { asOf, reports, next: null };
}
