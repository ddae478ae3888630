/** What `verify` adds for a ledger in KurrentDB: its mirror is held against the store, event by event. */
import type { Verification } from "../audit/verify.ts";
import { LedgerError } from "../errors.ts";
import type { EventStore } from "../store/event-store.ts";
import type { OnStep } from "./step-progress.ts";
import { stoppedFor } from "./trusted.ts";
import { number } from "./figures-text.ts";

/** The result with what the store says of it; `store` is the open mirror. Throws `store-unavailable`. */
export async function withMirrorCompared(
  storeName: string,
  store: EventStore,
  result: Verification,
  { signer, onProgress }: { readonly signer: string; readonly onProgress: OnStep },
): Promise<Verification> {
  const { compareWithStore } = await import("../store/mirror-compare.ts");
  const path = store.localPath;
  if (path === undefined) throw new LedgerError("internal", `${store.description} has no file`);
  const { sequence } = await store.head();
  const found = await compareWithStore(storeName, path, (done, total) =>
    onProgress("comparing with the store", done, total),
  );
  // All was looked at, with the key: what an earlier look has found is over.
  if (found === null && result.flaws.length === 0) store.trust?.(signer);
  // The process that fills the mirror keeps in it why it has stopped.
  const messages = [found?.message, await stoppedFor(store)].filter(
    (message) => typeof message === "string",
  );
  const words =
    found === null ? `${number(sequence)} events compared with their records` : "not the same";
  return {
    ...result,
    lines: [...result.lines, { what: "store", words }],
    flaws: [...result.flaws, ...messages.map((message) => ({ sequence: null, message }))],
  };
}
