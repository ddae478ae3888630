/** `fleetledger report issue`: issues the report of a period and records the hash of its bytes. */
import { Option } from "commander";
import type { Command } from "commander";
import { systemClock } from "../../../clock.ts";
import { periodForms } from "../../../reports/period-forms.ts";
import { reportId } from "../../../http/routes/reports/issue.ts";
import { issueReport, newReportJson } from "../../../reports/issued/issue.ts";
import type { ReportOrder } from "../../../reports/issued/issue.ts";
import { openLedgerTree } from "../../../tree/ledger-tree.ts";
import { someText, timeZone } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import type { LedgerOptions } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { refuseMissing, withLedger } from "../../options/open.ts";
import { postJson } from "../../server/answers.ts";
import { number } from "../../../reports/text/figures.ts";
import { UsageError } from "../../terminal/terminal.ts";
import type { Terminal } from "../../terminal/terminal.ts";

type NewReportJson = ReturnType<typeof newReportJson>;

interface IssueOptions extends LedgerOptions {
  readonly cluster: string;
  readonly period: string;
  readonly zone?: string;
  readonly report?: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly format: "text" | "json";
}

export const addIssue: AddCommand = (program, { terminal }) => {
  addLedgerOptions(program.command("issue"))
    .description("Issue the report of a period, recording its inputs and the hash of its bytes.")
    .requiredOption("--cluster <name>", "the cluster")
    .requiredOption("--period <period>", periodForms)
    .option("--zone <zone>", "IANA time zone of the period; default: the policy's", timeZone)
    .option(
      "--report <id>",
      "the report's id; issuing again with the same id gives the same report",
    )
    .option("--actor <text>", "who issues it", someText)
    .option("--reason <text>", "why", someText)
    .option("--ticket <text>", "the ticket about it", someText)
    .addOption(
      new Option("--format <format>", "output format").choices(["text", "json"]).default("text"),
    )
    .action(async ({ format, ...options }: IssueOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const issued =
        "server" in named
          ? await postJson<NewReportJson>(named.server, "/v1/reports", orderOf(options))
          : await issueHere(terminal, named.store, options);
      if (format === "json") {
        await terminal.out(`${JSON.stringify(issued, null, 2)}\n`);
        return;
      }
      const { cluster, period, sequence, sha256 } = issued;
      terminal.say(
        `issued: ${cluster}, ${period.label} (${period.zone}), as of sequence ${number(sequence)}, SHA-256 ${sha256}`,
      );
      if (!issued.complete) {
        terminal.say(
          `note: the period is not over; the report ends at ${period.to}, the ledger time of that sequence`,
        );
      }
      await terminal.out(`${issued.report}\n`);
    });
};

/** The order as a request to a server. */
function orderOf({
  cluster,
  period,
  zone,
  report,
  actor,
  reason,
  ticket,
}: Omit<IssueOptions, "format">) {
  return {
    cluster,
    period,
    ...(zone === undefined ? {} : { zone }),
    ...(report === undefined ? {} : { report }),
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

async function issueHere(
  terminal: Terminal,
  store: string,
  options: Omit<IssueOptions, "format">,
): Promise<NewReportJson> {
  const { cluster, period, zone, report, ...attribution } = orderOf(options);
  const id = report === undefined ? null : reportId.safeParse(report);
  if (id?.success === false) {
    throw new UsageError(`--report ${report ?? ""}: it ${id.error.issues[0]?.message ?? ""}`);
  }
  refuseMissing(store);
  const order: ReportOrder = { cluster, period, zone, report, attribution };
  return await withLedger(terminal, store, "write", async (ledger) => {
    const tree = await openLedgerTree(ledger.store);
    return newReportJson(ledger, await issueReport({ ledger, tree, clock: systemClock }, order));
  });
}
