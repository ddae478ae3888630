/** `fleetledger export --format/--table`: a table as NDJSON, CSV or Parquet. */
import { Option } from "commander";
import type { Command } from "commander";
import { openStore } from "../../../ledger/open-store.ts";
import { number } from "../../../reports/text/figures.ts";
import type { ExportFormat, Exporting } from "../../../sinks/export/exported.ts";
import { exportFormats, exportInThread } from "../../../sinks/export/exported.ts";
import type { TableName } from "../../../sinks/export/tables.ts";
import { tableNames } from "../../../sinks/export/tables.ts";
import { sayTo } from "../../options/open.ts";
import type { PositionOptions } from "../../options/position.ts";
import { addPositionOptions } from "../../options/position.ts";
import { assertTrusted } from "../../options/trusted.ts";
import { startProgress } from "../../terminal/progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { UsageError } from "../../terminal/terminal.ts";
import { writeWhole } from "../../terminal/whole-file.ts";

export interface TableOptions extends PositionOptions {
  readonly store: string;
  readonly format?: ExportFormat;
  readonly table?: TableName;
}

export function addTableOptions(command: Command): Command {
  return addPositionOptions(
    command
      .addOption(
        new Option(
          "--table <name>",
          "export a table instead: all events, or what is derived of them; default: events",
        ).choices(tableNames),
      )
      .addOption(
        new Option("--format <format>", "the table's format; default: ndjson").choices(
          exportFormats,
        ),
      ),
  );
}

/** Whether any of the options is given. */
export function asksForTable({ format, table, asOf, asOfTime }: TableOptions): boolean {
  return [format, table, asOf, asOfTime].some((option) => option !== undefined);
}

export async function exportTable(
  terminal: Terminal,
  file: string,
  { store, format = "ndjson", table = "events", asOf, asOfTime }: TableOptions,
): Promise<void> {
  if (file === "-" && format === "parquet")
    throw new UsageError("Parquet is no text: name a file instead of -");
  const opened = await openStore(store, "read", { say: sayTo(terminal) });
  try {
    await assertTrusted(terminal, store, opened);
  } finally {
    await opened.close();
  }
  const progress = startProgress(terminal, "exporting");
  const work = (write: Exporting["write"]) =>
    exportInThread(
      { store, table, format, asOf, asOfTime },
      { write, onProgress: progress.update, say: sayTo(terminal) },
    );
  try {
    const { rows, sequence } = await (file === "-"
      ? work((piece) => terminal.out(String(piece)))
      : writeWhole(file, work));
    progress.stop();
    terminal.say(`${number(rows)} rows of ${table} exported, as of sequence ${number(sequence)}`);
  } finally {
    progress.stop();
  }
}
