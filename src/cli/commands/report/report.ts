/** `fleetledger report`: the SLA document of a cluster and a period; issued reports are its subcommands. */
import { Option } from "commander";
import type { Command } from "commander";
import { slaDocumentOf } from "../../../reports/figures.ts";
import { knownCluster } from "../../../answers/known-cluster.ts";
import { slaCsv } from "../../../reports/csv/sla-csv.ts";
import { canonicalJson } from "../../../events/canonical/canonical.ts";
import { clockWarning } from "../../../ledger/clock-state.ts";
import { saidByLedger } from "../../../ledger/documents.ts";
import type { LedgerSlaDocument } from "../../../ledger/documents.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { periodForms } from "../../../reports/period-forms.ts";
import { timeZone } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import type { LedgerOptions, NamedLedger } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { withLedger } from "../../options/open.ts";
import type { PositionOptions } from "../../options/position.ts";
import { addPositionOptions, positionOf, positionQuery } from "../../options/position.ts";
import { getJson, getReadiness, queryText } from "../../server/answers.ts";
import type { Server } from "../../server/server.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { addIssue } from "./issue.ts";
import { addList } from "./list.ts";
import { addRestate } from "./restate.ts";
import { reportText } from "../../../reports/text/report-text.ts";

interface ReportOptions extends LedgerOptions, PositionOptions {
  readonly cluster?: string;
  readonly period?: string;
  readonly zone?: string;
  readonly format: "text" | "json" | "csv";
  readonly canonical?: boolean;
  readonly all?: boolean;
}

/** Maximum entries of a list in the text format, without `--all`. */
const shortList = 10;

export const addReport: AddCommand = (program, context) => {
  const { terminal } = context;
  const command: Command = program.command("report");
  addPositionOptions(addLedgerOptions(command).enablePositionalOptions())
    .description("Print the SLA report of a cluster: NIS, MTTR, job uptime, rollouts, NFZs.")
    .option("--cluster <name>", "the cluster (required)")
    .option("--period <period>", `${periodForms}; default: the last full month`)
    .option("--zone <zone>", "IANA time zone of the period; default: the policy's", timeZone)
    .addOption(
      new Option("--format <format>", "output format")
        .choices(["text", "json", "csv"])
        .default("text"),
    )
    .option("--canonical", "canonical JSON (RFC 8785) instead of indented JSON")
    .option("--all", "show long lists in full (text format)")
    .action(async (options: ReportOptions) => {
      const { cluster } = options;
      // Not a mandatory option for commander, which would then require it of the subcommands too.
      if (cluster === undefined) {
        command.error("error: required option '--cluster <name>' not specified");
      }
      const named = await namedLedger(options, command);
      await terminal.out(await reportOf(terminal, named, { ...options, cluster }));
    });
  addIssue(command, context);
  addList(command, context);
  addRestate(command, context);
};

type AskedReport = ReportOptions & { readonly cluster: string };

async function reportOf(
  terminal: Terminal,
  named: NamedLedger,
  options: AskedReport,
): Promise<string> {
  if ("server" in named) {
    const { server } = named;
    const { cluster, period, zone } = options;
    const query = queryText({ cluster, period, zone, format: "json", ...positionQuery(options) });
    const document = await getJson<LedgerSlaDocument>(server, `/v1/sla${query}`);
    return format(document, options, options.format === "text" ? await warningAt(server) : null);
  }
  return await withLedger(terminal, named.store, "read", async (ledger) => {
    const warning = clockWarning(await ledger.clockState());
    return format(await documentOf(ledger, options), options, warning);
  });
}

/** The warning about a server's ledger time, if any, whether or not the server is ready. */
async function warningAt(server: Server): Promise<string | null> {
  const { clock } = await getReadiness<{ clock?: { warning: string | null } }>(server);
  return clock?.warning ?? null;
}

async function documentOf(ledger: Ledger, options: AskedReport): Promise<LedgerSlaDocument> {
  const { cluster, period, zone } = options;
  const sequence = await positionOf(ledger, options);
  const document = slaDocumentOf(knownCluster(ledger, cluster, sequence), { period, zone });
  return saidByLedger(ledger, document);
}

function format(
  document: LedgerSlaDocument,
  options: ReportOptions,
  warning: string | null,
): string {
  if (options.format === "csv") return slaCsv(document);
  if (options.format === "json") {
    return options.canonical === true
      ? `${canonicalJson(document)}\n`
      : `${JSON.stringify(document, null, 2)}\n`;
  }
  return reportText(document, {
    listLimit: options.all === true ? Infinity : shortList,
    warning,
  });
}
