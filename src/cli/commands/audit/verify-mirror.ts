/** What `verify` adds for a ledger in KurrentDB: its mirror is compared with the store, event by event. */
import type { Verification } from "../../../verify/verify.ts";
import { LedgerError, isLedgerError } from "../../../errors.ts";
import type { EventStore } from "../../../store/port.ts";
import type { OnStep } from "../../terminal/step-progress.ts";
import { stoppedFor } from "../../options/trusted.ts";
import { number } from "../../../reports/text/figures.ts";

/**
 * Adds the comparison with the store to the result; `store` is the open mirror. If the store could not be asked, that
 * is a finding.
 */
export async function withMirrorCompared(
  storeName: string,
  store: EventStore,
  result: Verification,
  { signer, onProgress }: { readonly signer: string; readonly onProgress: OnStep },
): Promise<Verification> {
  const path = store.localPath;
  if (path === undefined) throw new LedgerError("internal", `${store.description} has no file`);
  const { sequence } = await store.head();
  const { found, isCompared } = await compared(storeName, path, onProgress);
  // Everything was checked, with the key, so an earlier finding no longer holds.
  if (isCompared && found === null && result.findings.length === 0) store.trust?.(signer);
  // The process that fills the mirror stores in it why it has stopped.
  const messages = [found?.message, await stoppedFor(store)].filter(
    (message) => typeof message === "string",
  );
  const amiss = isCompared ? "not the same" : "not compared";
  const words = found === null ? `${number(sequence)} events compared with their records` : amiss;
  return {
    ...result,
    lines: [...result.lines, { what: "store", words }],
    findings: [...result.findings, ...messages.map((message) => ({ sequence: null, message }))],
  };
}

interface Comparison {
  /** What is wrong, or why nothing could be compared. */
  readonly found: LedgerError | null;
  readonly isCompared: boolean;
}

async function compared(storeName: string, path: string, onProgress: OnStep): Promise<Comparison> {
  const { assertAnswers } = await import("../../../store/kurrentdb/start.ts");
  const { compareWithStore } = await import("../../../store/mirror/compare.ts");
  try {
    // A subscription to an unavailable store may wait forever.
    await assertAnswers(storeName);
    const found = await compareWithStore(storeName, path, (done, total) =>
      onProgress("comparing with the store", done, total),
    );
    return { found, isCompared: true };
  } catch (error) {
    if (!isLedgerError(error, "store-unavailable")) throw error;
    const message = `the events could not be compared with the store: ${error.message}`;
    return {
      found: new LedgerError("store-unavailable", message, { cause: error }),
      isCompared: false,
    };
  }
}
