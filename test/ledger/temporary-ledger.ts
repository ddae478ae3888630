/** Ledgers in a temporary folder that is gone after the test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger, OpenOptions } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";

export interface TemporaryLedger extends AsyncDisposable {
  readonly path: string;
  open(options?: Partial<Omit<OpenOptions, "store">>): Promise<Ledger>;
}

/** What is opened is closed at the end, if it is not closed before. */
export function temporaryLedger(): TemporaryLedger {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  const path = join(folder, "ledger.sqlite");
  const opened: Ledger[] = [];
  return {
    path,
    async open(options = {}) {
      const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write", ...options });
      opened.push(ledger);
      return ledger;
    },
    async [Symbol.asyncDispose]() {
      for (const ledger of opened) await ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}
