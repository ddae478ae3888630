/** Reads a mirror as it is while its store is unavailable, and says why nothing is appended beside it. */
import { LedgerError } from "../../errors.ts";
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

/** Why nothing is decided on a mirror and appended beside it, from why it has stopped; `null` if it has not. */
export function stoppedFor(failure: LedgerError | null): LedgerError | null {
  if (failure === null) return null;
  const code = failure.code === "store-put-back" ? failure.code : "store-unavailable";
  return new LedgerError(code, failure.message, { cause: failure });
}
