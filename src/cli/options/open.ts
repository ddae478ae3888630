/** Opens a ledger for a command, with progress while it is read up to its head. */
import { existsSync } from "node:fs";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { openLedger } from "../../ledger/open-ledger.ts";
import { filePathOf } from "../../ledger/open-store.ts";
import type { LeaseRole } from "../../store/port.ts";
import type { Say } from "../../store/telling.ts";
import { startProgress } from "../terminal/progress.ts";
import { withAddress } from "./serving-address.ts";
import { assertTrusted, reconsider } from "./trusted.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Does the work on an open ledger and closes it, whatever comes of the work. Only reads what is to be trusted. */
export async function withLedger<T>(
  terminal: Terminal,
  store: string,
  mode: "read" | "write",
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const ledger = await openWithProgress(terminal, store, mode);
  try {
    if (mode === "read") await assertTrusted(terminal, store, ledger.store);
    else await reconsider(terminal, ledger.store);
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** For what only a ledger that is there can take: a mistyped name makes none. Throws `not-found`. */
export function refuseMissing(store: string): void {
  const path = filePathOf(store);
  if (path === null || existsSync(path)) return;
  throw new LedgerError("not-found", `no ledger at ${path}`);
}

/** What a store tells, as lines on the terminal; only warnings and errors say what they are. */
export function sayTo(terminal: Terminal): Say {
  const names = { info: "", warn: "warning: ", error: "error: " };
  return (text, level) => terminal.say(`${names[level]}${text}`);
}

interface Opening {
  /** Where to, what the store tells of itself. Default: to the terminal. */
  readonly say?: Say;
  /** Default: `none`, for a command that ends soon would keep the lease from those who seal. */
  readonly lease?: LeaseRole;
}

export async function openWithProgress(
  terminal: Terminal,
  store: string,
  mode: "read" | "write",
  { say = sayTo(terminal), lease = "none" }: Opening = {},
): Promise<Ledger> {
  const filling = startProgress(terminal, "filling the mirror (bytes of the store's log)");
  const progress = startProgress(terminal, "reading the ledger");
  try {
    return await openLedger({
      store,
      mode,
      onFilling: filling.update,
      onProgress: (done, total) => {
        filling.stop();
        progress.update(done, total);
      },
      lease,
      say,
    });
  } catch (error) {
    throw withAddress(error, store);
  } finally {
    filling.stop();
    progress.stop();
  }
}
