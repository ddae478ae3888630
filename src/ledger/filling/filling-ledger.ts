/**
 * A ledger in a file that is filled with events that keep their recorded times: the simplest ledger that takes them, since
 * nothing is read from it meanwhile. Another thread makes its views.
 */
import { systemClock } from "../../clock.ts";
import { segmentEvents } from "../../limits/read-model.ts";
import type { Say } from "../../store/telling.ts";
import type { Submission } from "../append/submission.ts";
import { Writer } from "../append/writer.ts";
import { openStore } from "../open-store.ts";
import { ViewsThread } from "./views-thread.ts";

export interface FillingLedger {
  /** As a ledger takes events with `preserveTimestamps`. */
  submit(inputs: readonly unknown[]): Promise<readonly Submission[]>;
  /** Finishes what was accepted and the views of it, then closes. */
  close(onProgress?: (done: number, total: number) => void): Promise<void>;
}

interface FillingOptions {
  /** The path of the ledger's file. */
  readonly path: string;
  readonly say: Say;
  /** Events per segment of the file of views: a ledger with fewer has no use for it. Default: as in limits.ts. */
  readonly segmentEvents?: number;
  /** Default: what makes the views. */
  readonly viewsProgram?: URL;
}

/** Throws what the store throws: `ledger-locked`, `not-a-ledger` and others. */
export async function openToFill(options: FillingOptions): Promise<FillingLedger> {
  const { say, viewsProgram } = options;
  const store = await openStore(`sqlite:${options.path}`, "write", { say });
  // A link may have been named: the file of views lies beside the ledger's own file.
  const path = store.localPath ?? options.path;
  const place = { path, segmentEvents: options.segmentEvents ?? segmentEvents };
  /** `undefined` until there is something for it to do; `null` if it could not be started. */
  let views: ViewsThread | null | undefined;
  const onAppended = (sequence: number): void => {
    if (views === undefined && sequence >= place.segmentEvents)
      views = ViewsThread.start(place, say, viewsProgram);
  };
  try {
    // What was said of an event before limits only corrections that senders state now.
    const writer = await Writer.open(store, systemClock, onAppended, () => null);
    return {
      submit: (inputs) => writer.submit(inputs, "preserved"),
      close: async (onProgress = () => undefined) => {
        try {
          await writer.close();
          const { sequence } = writer.head;
          await views?.finish(sequence, (done) => onProgress(done, sequence));
        } finally {
          // With the store closed, another process may write the file of views.
          await views?.stop();
          await store.close();
        }
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
