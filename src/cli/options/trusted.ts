/**
 * Figures are given from a mirror only where it is what its ledger has sealed, and what its store has as far as is
 * known. To read one that is not, because it is the better copy, name its file instead of the store.
 */
import { lookAtLastSeal } from "../../seals/seal-watch.ts";
import { LedgerError } from "../../errors.ts";
import type { EventStore } from "../../store/port.ts";
import { isKurrentDbName } from "../../store/kurrentdb/client/name.ts";
import { keptStop } from "../../store/mirror/stop.ts";
import { startProgress } from "../terminal/progress.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Holds the open mirror of a store in KurrentDB against the last seal. Throws `corrupt-event` if it is not to be trusted. */
export async function assertTrusted(
  terminal: Terminal,
  storeName: string,
  store: EventStore,
): Promise<void> {
  if (!isKurrentDbName(storeName)) return;
  const found = await look(terminal, store);
  const stopped = await stoppedFor(store);
  if (found === null && stopped === null) return;
  // Why a mirror has stopped was said with its opening, or by the look; one that another process fills says nothing of the look.
  if (stopped === null) terminal.say(`error: ${found?.message ?? ""}`);
  throw new LedgerError(
    "corrupt-event",
    `the mirror has stopped, so it gives no figures; read what it holds with --store sqlite:${store.localPath}`,
  );
}

/** For commands that write: one look at the seal may refute what an earlier one has found, and without it nothing is taken. */
export async function reconsider(terminal: Terminal, store: EventStore): Promise<void> {
  if (store.trust !== undefined && (await stoppedFor(store)) !== null) await look(terminal, store);
}

/** Why the mirror has stopped, or has been found to be another one than was sealed; `null` if neither is known. */
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
