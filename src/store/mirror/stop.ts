/**
 * Why a mirror has stopped, kept in its file beyond the process that found it. The reason would otherwise be
 * forgotten with the next command that opens the mirror, and figures would be read from it as if nothing were wrong.
 */
import { LedgerError } from "../../errors.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import { openEmbeddedStore } from "../sqlite/embedded.ts";
import type { EventStore } from "../port.ts";
import type { Marks } from "../sqlite/rows/marks.ts";
import { stoppedMark, stoppedUntilMark } from "../sqlite/rows/marks.ts";
import type { Say } from "../telling.ts";

/** What must be checked before a mirror that stopped continues. */
export type StoppedUntil =
  /** Nothing: it is at the same position in the store's log, and meets there again what is still wrong. */
  | { readonly look: "log" }
  /** Where it stands in the store's log, which every start looks at. */
  | { readonly look: "position" }
  /** The event at this sequence, which was not the store's. */
  | { readonly look: "event"; readonly sequence: number }
  /** The last seal; with the key of this name, if it was found with one. */
  | { readonly look: "seal"; readonly signer: string | null };

export interface KeptStop {
  readonly message: string;
  readonly until: StoppedUntil;
}

/** `null` for a mirror that has not stopped. */
export async function keptStop(store: Pick<EventStore, "mark">): Promise<KeptStop | null> {
  const message = await store.mark(stoppedMark);
  if (message === null || message === "") return null;
  const [look, what = ""] = ((await store.mark(stoppedUntilMark)) ?? "").split(" ", 2);
  if (look === "event") return { message, until: { look, sequence: Number(what) } };
  if (look === "seal") return { message, until: { look, signer: what === "" ? null : what } };
  return { message, until: { look: look === "position" ? look : "log" } };
}

/** The marks of a mirror that has stopped; of `null`, those of one that has not. */
export function stopMarks(stop: KeptStop | null): Marks {
  if (stop === null) return { [stoppedMark]: "", [stoppedUntilMark]: "" };
  return { [stoppedMark]: stop.message, [stoppedUntilMark]: wordsOf(stop.until) };
}

function wordsOf(until: StoppedUntil): string {
  if (until.look === "event") return `event ${until.sequence}`;
  if (until.look === "seal") return `seal ${until.signer ?? ""}`;
  return until.look;
}

/** Whether a look at the last seal with this key, or without one, was as good as the one that stopped the mirror. */
export function isLifted(until: StoppedUntil, signer: string | null): boolean {
  return until.look === "seal" && (until.signer === null || until.signer === signer);
}

/** Opens a ledger's file for reading as it is; of a mirror that has stopped it says so. */
export async function openAsItLies(
  path: string,
  say: Say = () => undefined,
): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore({ path, mode: "read" });
  const stop = await keptStop(store);
  if (stop !== null) say(stop.message, "error");
  return store;
}

export function stoppedError(message: string, cause?: LedgerError): LedgerError {
  const more = cause === undefined ? {} : { extra: cause.extra, cause };
  const code = cause?.code === "store-put-back" ? cause.code : "corrupt-event";
  return new LedgerError(code, message, more);
}
