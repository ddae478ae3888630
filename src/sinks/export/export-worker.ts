/** The thread of an export: opens the ledger to read, and posts piece after piece. */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { sequenceAsOfTime } from "../../ledger/as-of-time.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { openLedger } from "../../ledger/open-ledger.ts";
import type { ExportOrder, FromThread } from "./exported.ts";
import { parquetOf } from "./parquet.ts";
import type { Row, Table } from "./table.ts";
import { tableOf } from "./tables.ts";
import { csvOf, ndjsonOf } from "./text-formats.ts";

const formats = { ndjson: ndjsonOf, csv: csvOf, parquet: parquetOf };

const port = parentPort;
if (port === null) throw new TypeError("this file is run in a thread");

function tell(told: FromThread): void {
  port?.postMessage(told);
}

async function makeExport(order: ExportOrder, to: NonNullable<typeof port>): Promise<void> {
  const ledger = await openLedger({
    store: order.store,
    mode: "read",
    lease: "none",
    say: (text, level) => tell({ kind: "said", text, level }),
  });
  try {
    const sequence = await positionOf(ledger, order);
    const counted = countedRows(tableOf(ledger, order.table, sequence));
    for await (const piece of formats[order.format](counted.table)) {
      const goOn = once(to, "message");
      tell({ kind: "piece", piece });
      await goOn;
      tell({ kind: "progress", done: counted.rows(), total: sequence });
    }
    tell({ kind: "end", rows: counted.rows(), sequence });
  } finally {
    await ledger.close();
  }
}

/** Throws `position-past-head`. */
async function positionOf(ledger: Ledger, { asOf, asOfTime }: ExportOrder): Promise<number> {
  const head = ledger.sequence();
  if (asOfTime !== undefined)
    return await sequenceAsOfTime(ledger, asOfTime, async () => undefined);
  if (asOf === undefined || asOf <= head) return asOf ?? head;
  throw new LedgerError(
    "position-past-head",
    `sequence ${asOf} was requested, but the ledger ends at ${head}`,
  );
}

function countedRows({ columns, rows }: Table): { table: Table; rows: () => number } {
  let count = 0;
  async function* counted(): AsyncGenerator<readonly Row[]> {
    for await (const batch of rows) {
      count += batch.length;
      yield batch;
    }
  }
  return { table: { columns, rows: counted() }, rows: () => count };
}

try {
  await makeExport(workerData as ExportOrder, port);
} catch (error) {
  if (!isLedgerError(error)) throw error;
  tell({ kind: "failed", code: error.code, message: error.message });
}
