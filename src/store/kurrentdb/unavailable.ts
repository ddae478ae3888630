/** A mirror whose store is unavailable, read as it is. */
import type { LedgerError } from "../../errors.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { LeafStore } from "../leaf-store.ts";
import { openAsItLies } from "../mirror/stop.ts";
import type { Say } from "../telling.ts";

/** `why` says that the store is unavailable. Readers of the mirror are told how far it has come. */
export async function leftBehind(path: string, why: LedgerError, say: Say): Promise<LeafStore> {
  const mirror = await openAsItLies(path, say);
  const { sequence, recordedAt } = await mirror.head();
  say(
    `${why.message}. The answer comes from the mirror, which has reached sequence ${sequence}, recorded at ${formatInstant(recordedAt)}`,
    "warn",
  );
  return mirror;
}
