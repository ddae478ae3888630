/** What `verify` adds for a ledger in KurrentDB: its mirror is held against the store, event by event. */
import type { Verification } from "../audit/verify.ts";
import { LedgerError } from "../errors.ts";
import type { EventStore } from "../store/event-store.ts";
import { stoppedMark } from "../store/marks.ts";
import type { OnStep } from "./step-progress.ts";
import { number } from "./figures-text.ts";

/** The result with what the store says of it; `store` is the open mirror. Throws `store-unavailable`. */
export async function withMirrorCompared(
  storeName: string,
  store: EventStore,
  result: Verification,
  onProgress: OnStep,
): Promise<Verification> {
  const { compareWithStore } = await import("../store/mirror-compare.ts");
  const path = store.localPath;
  if (path === undefined) throw new LedgerError("internal", `${store.description} has no file`);
  const { sequence } = await store.head();
  const found = await compareWithStore(storeName, path, (done, total) =>
    onProgress("comparing with the store", done, total),
  );
  // The process that fills the mirror keeps in it why it has stopped.
  const stopped = store.status === undefined ? await store.mark(stoppedMark) : store.status().error;
  const messages = [found?.message, stopped === "" ? undefined : stopped].filter(
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
