/** Reads a mirror as it is while its store is unavailable. */
import type { LedgerError } from "../../errors.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { LeafStore } from "../leaf-store.ts";
import { openAsItLies } from "../mirror/stop.ts";
import type { Say } from "../telling.ts";

/** `why` says that the store is unavailable; `say` tells readers how far the mirror has come. */
export async function leftBehind(path: string, why: LedgerError, say: Say): Promise<LeafStore> {
  const mirror = await openAsItLies(path, say);
  const { sequence, recordedAt } = await mirror.head();
  say(
    `${why.message}. The answer comes from the mirror, which has reached sequence ${sequence}, recorded at ${formatInstant(recordedAt)}`,
    "warn",
  );
  return mirror;
}
