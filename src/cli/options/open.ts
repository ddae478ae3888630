/** Opens a ledger for a command, with progress while it is read up to its head. */
import { existsSync } from "node:fs";
import { LedgerError } from "../../errors.ts";
import type { FillingLedger } from "../../ledger/filling/filling-ledger.ts";
import { openToFill } from "../../ledger/filling/filling-ledger.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { openLedger } from "../../ledger/open-ledger.ts";
import { filePathOf } from "../../ledger/open-store.ts";
import type { LeaseRole } from "../../store/port.ts";
import type { Say } from "../../store/telling.ts";
import { startProgress } from "../terminal/progress.ts";
import { withAddress } from "./serving-address.ts";
import { assertTrusted, reconsider } from "./trusted.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Opens a ledger, does the work and closes the ledger, even if the work fails. Reads only from a trusted mirror. */
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

/** Opens a ledger in a file to fill it, does the work, and closes the ledger once its views are made, even if the work fails. */
export async function withFilling<T>(
  terminal: Terminal,
  path: string,
  work: (ledger: FillingLedger) => Promise<T>,
): Promise<T> {
  const ledger = await openFilling(terminal, path);
  try {
    return await work(ledger);
  } finally {
    const progress = startProgress(terminal, "making the views (events)");
    try {
      await ledger.close(progress.update);
    } finally {
      progress.stop();
    }
  }
}

async function openFilling(terminal: Terminal, path: string): Promise<FillingLedger> {
  try {
    return await openToFill({ path, say: sayTo(terminal) });
  } catch (error) {
    throw withAddress(error, `sqlite:${path}`);
  }
}

/** Throws `not-found` if the ledger does not exist, so that a mistyped name does not create one. */
export function refuseMissing(store: string): void {
  const path = filePathOf(store);
  if (path === null || existsSync(path)) return;
  throw new LedgerError("not-found", `no ledger at ${path}`);
}

/** Prints a store's messages on the terminal; warnings and errors are marked as such. */
export function sayTo(terminal: Terminal): Say {
  const names = { info: "", warn: "warning: ", error: "error: " };
  return (text, level) => terminal.say(`${names[level]}${text}`);
}

interface Opening {
  /** Receives the store's messages. Default: the terminal. */
  readonly say?: Say;
  /** Default: `none`, since a short command would keep the lease from those who seal. */
  readonly lease?: LeaseRole;
  /** Called with how many of how many events are loaded. */
  readonly onLoaded?: ((done: number, total: number) => void) | undefined;
}

export async function openWithProgress(
  terminal: Terminal,
  store: string,
  mode: "read" | "write",
  { say = sayTo(terminal), lease = "none", onLoaded }: Opening = {},
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
        onLoaded?.(done, total);
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
