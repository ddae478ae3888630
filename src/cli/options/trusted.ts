/**
 * Figures come from a mirror only if it matches what its ledger has sealed and, as far as known, its store. To read a
 * mirror that does not match because it is the better copy, name its file as the store.
 */
import { lookAtLastSeal } from "../../seals/seal-watch.ts";
import { LedgerError } from "../../errors.ts";
import type { EventStore } from "../../store/port.ts";
import { isKurrentDbName } from "../../store/kurrentdb/client/name.ts";
import { keptStop } from "../../store/mirror/stop.ts";
import { startProgress } from "../terminal/progress.ts";
import type { Terminal } from "../terminal/terminal.ts";

/**
 * Checks the open mirror of a store in KurrentDB against the last seal. Throws `corrupt-event` if it cannot be trusted.
 */
export async function assertTrusted(
  terminal: Terminal,
  storeName: string,
  store: EventStore,
): Promise<void> {
  if (!isKurrentDbName(storeName)) return;
  const found = await look(terminal, store);
  const stopped = await stoppedFor(store);
  if (found === null && stopped === null) return;
  // The reason was already shown, unless another process fills the mirror: then only this check has found it.
  if (stopped === null) terminal.say(`error: ${found?.message ?? ""}`);
  throw new LedgerError(
    "corrupt-event",
    `the mirror has stopped, so it gives no figures; read what it holds with --store sqlite:${store.localPath}`,
  );
}

/**
 * For commands that write: checks the seal again, since an earlier finding may no longer hold; while it holds, nothing
 * can be appended.
 */
export async function reconsider(terminal: Terminal, store: EventStore): Promise<void> {
  if (store.trust !== undefined && (await stoppedFor(store)) !== null) await look(terminal, store);
}

/** Why the mirror has stopped or does not match the last seal; `null` if neither is known. */
export async function stoppedFor(store: EventStore): Promise<string | null> {
  if (store.status !== undefined) return store.status().error;
  return (await keptStop(store))?.message ?? null;
}

async function look(terminal: Terminal, store: EventStore): Promise<LedgerError | null> {
  const progress = startProgress(terminal, "comparing the mirror with the last seal (events)");
  try {
    return await lookAtLastSeal(store, progress.update);
  } finally {
    progress.stop();
  }
}
