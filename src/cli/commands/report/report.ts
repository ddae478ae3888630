/** `fleetledger report`: the SLA document of a cluster and a period. */
import { Option } from "commander";
import { slaDocumentOf } from "../../reports/figures.ts";
import { knownCluster } from "../../answers/known-cluster.ts";
import { slaCsv } from "../../reports/csv/sla-csv.ts";
import { LedgerError } from "../../errors.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { sequenceAsOfTime } from "../../ledger/as-of-time.ts";
import { clockWarning } from "../../ledger/clock-state.ts";
import { saidByLedger } from "../../ledger/documents.ts";
import type { LedgerSlaDocument } from "../../ledger/documents.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { instant, storeOption, timeZone, wholeNumber } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { withLedger } from "../options/open.ts";
import { reportText } from "../../reports/text/report-text.ts";

interface ReportOptions {
  readonly store: string;
  readonly cluster: string;
  readonly period?: string;
  readonly zone?: string;
  readonly format: "text" | "json" | "csv";
  readonly canonical?: boolean;
  readonly all?: boolean;
  readonly asOf?: number;
  readonly asOfTime?: number;
}

/** Entries of a list in the text form, unless all are asked for. */
const shortList = 10;

export const addReport: AddCommand = (program, { terminal }) => {
  program
    .command("report")
    .description("Print the SLA report of a cluster: NIS, MTTR, job uptime, rollouts, NFZs.")
    .addOption(storeOption())
    .requiredOption("--cluster <name>", "the cluster")
    .option(
      "--period <period>",
      "2026, 2026-Q1, 2026-03, 2026-03-10 or FROM/TO; left out: the last full month",
    )
    .option("--zone <zone>", "IANA time zone of the period; left out: the policy's", timeZone)
    .addOption(
      new Option("--format <format>", "the form").choices(["text", "json", "csv"]).default("text"),
    )
    .option("--canonical", "JSON by RFC 8785, byte for byte, instead of indented JSON")
    .option("--all", "show long lists whole, in the text form")
    .addOption(
      new Option("--as-of <sequence>", "as the ledger stood after this sequence")
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))
        .conflicts("asOfTime"),
    )
    .addOption(
      new Option(
        "--as-of-time <instant>",
        "as the ledger stood when this instant was over, by recorded time",
      ).argParser(instant),
    )
    .action(async (options: ReportOptions) => {
      const text = await withLedger(terminal, options.store, "read", async (ledger) => {
        const warning = clockWarning(await ledger.clockState());
        return format(await documentOf(ledger, options), options, warning);
      });
      await terminal.out(text);
    });
};

async function documentOf(ledger: Ledger, options: ReportOptions): Promise<LedgerSlaDocument> {
  const { cluster, asOf, asOfTime, period, zone } = options;
  const sequence =
    asOfTime === undefined
      ? (asOf ?? ledger.sequence())
      : await sequenceAsOfTime(ledger, asOfTime, async () => undefined);
  if (sequence > ledger.sequence()) {
    throw new LedgerError(
      "position-past-head",
      `sequence ${sequence} was asked for; the ledger stands at ${ledger.sequence()}`,
    );
  }
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
