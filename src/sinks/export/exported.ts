/** An export of a table in a format, made in a thread of its own, piece by piece as it is taken. */
import { Worker } from "node:worker_threads";
import type { ErrorCode } from "../../errors.ts";
import { LedgerError } from "../../errors.ts";
import type { Say } from "../../store/telling.ts";
import type { TableName } from "./tables.ts";

/** The first is the default. */
export const exportFormats = ["ndjson", "csv", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOrder {
  /** The name of the ledger's store, with its folder if it has one. */
  readonly store: string;
  readonly table: TableName;
  readonly format: ExportFormat;
  /** The position; left out: the newest. */
  readonly asOf?: number | undefined;
  readonly asOfTime?: number | undefined;
}

/** What the thread tells; it goes on after each piece when it is told to. */
export type FromThread =
  | { readonly kind: "piece"; readonly piece: string | Uint8Array }
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "said"; readonly text: string; readonly level: Parameters<Say>[1] }
  | { readonly kind: "end"; readonly rows: number; readonly sequence: number }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

export interface Exporting {
  readonly write: (piece: string | Uint8Array) => Promise<void>;
  readonly onProgress: (done: number, total: number) => void;
  readonly say: Say;
}

interface Exported {
  readonly rows: number;
  /** The position that was exported. */
  readonly sequence: number;
}

/** Makes the export; `write` gets one piece at a time. Throws what opening and reading the ledger throw. */
export async function exportInThread(order: ExportOrder, to: Exporting): Promise<Exported> {
  const worker = new Worker(new URL("./export-worker.ts", import.meta.url), { workerData: order });
  try {
    return await new Promise<Exported>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => reject(new LedgerError("internal", "the export ended early")));
      worker.on("message", (told: FromThread) => {
        if (told.kind === "end") resolve({ rows: told.rows, sequence: told.sequence });
        else if (told.kind === "failed") reject(new LedgerError(told.code, told.message));
        else if (told.kind === "progress") to.onProgress(told.done, told.total);
        else if (told.kind === "said") to.say(told.text, told.level);
        else to.write(told.piece).then(() => worker.postMessage("go on", []), reject);
      });
    });
  } finally {
    await worker.terminate();
  }
}
