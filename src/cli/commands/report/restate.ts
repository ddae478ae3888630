/** `fleetledger report restate`: recomputes an issued report, and shows each difference with its events. */
import { Option } from "commander";
import type { Command } from "commander";
import { LedgerError } from "../../../errors.ts";
import { restatedCsv } from "../../../reports/csv/restated-csv.ts";
import { findReport } from "../../../reports/issued/issue.ts";
import type { RestatedJson } from "../../../reports/restated/restated.ts";
import { restatedReport } from "../../../reports/restated/restated.ts";
import { restatedText } from "../../../reports/text/restated-text.ts";
import type { AddCommand } from "../../options/command.ts";
import type { LedgerOptions, NamedLedger } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { withLedger } from "../../options/open.ts";
import type { PositionOptions } from "../../options/position.ts";
import { addPositionOptions, positionOf, positionQuery } from "../../options/position.ts";
import { getJson, queryText } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { pathSegment } from "../../../path-segment.ts";

interface RestateOptions extends LedgerOptions, PositionOptions {
  readonly format: "text" | "json" | "csv";
}

export const addRestate: AddCommand = (program, { terminal }) => {
  addPositionOptions(addLedgerOptions(program.command("restate")))
    .description(
      "Recompute an issued report now, and show what differs and because of which events.",
    )
    .argument("<report>", "the report's id; `report list` has them")
    .addOption(
      new Option("--format <format>", "output format")
        .choices(["text", "json", "csv"])
        .default("text"),
    )
    .action(async (report: string, options: RestateOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const restated = await restatedOf(terminal, named, report, options);
      await terminal.out(formatted(restated, options.format));
    });
};

function formatted(restated: RestatedJson, format: RestateOptions["format"]): string {
  if (format === "json") return `${JSON.stringify(restated, null, 2)}\n`;
  if (format === "csv") return restatedCsv(restated.differences, restated.restated);
  return restatedText(restated);
}

async function restatedOf(
  terminal: Terminal,
  named: NamedLedger,
  report: string,
  options: PositionOptions,
): Promise<RestatedJson> {
  if ("server" in named) {
    const query = queryText({ format: "json", ...positionQuery(options) });
    const path = `/v1/reports/${pathSegment(report)}/restated${query}`;
    return await getJson<RestatedJson>(named.server, path);
  }
  return await withLedger(terminal, named.store, "read", async (ledger) => {
    const sequence = await positionOf(ledger, options);
    const issued = await findReport(ledger, report);
    if (issued === null || issued.event.sequence > sequence) {
      throw new LedgerError(
        "not-found",
        `No report "${report}" was issued up to sequence ${sequence}.`,
      );
    }
    const { signal } = new AbortController();
    return (await restatedReport(ledger, issued, sequence, signal)).answer;
  });
}
