/** Opens a ledger by the name of its store. */
import { withDataDir } from "../store/kurrentdb/client/name.ts";
import { ledgerOn } from "./ledger-on-store.ts";
import type { Ledger, OpenOptions } from "./ledger.ts";
import { openStore } from "./open-store.ts";

/**
 * Opens the ledger that `options.store` names and reads it up to its head. Throws what the store
 * throws: `ledger-locked`, `not-found`, `corrupt-event` and others.
 */
export async function openLedger(options: OpenOptions): Promise<Ledger> {
  const { dataDir, onFilling, lease, say } = options;
  const name = dataDir === undefined ? options.store : withDataDir(options.store, dataDir);
  const store = await openStore(name, options.mode, { onFilling, lease, say });
  try {
    return await ledgerOn(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}
