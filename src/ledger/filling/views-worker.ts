/** The thread that makes the views for `views-thread.ts`: it reads the events from the file like other readers of it. */
import { parentPort, workerData } from "node:worker_threads";
import { Projector } from "../../read-model/projector.ts";
import { openEmbeddedStore } from "../../store/sqlite/embedded.ts";
import { derivedSuffix } from "../../store/sqlite/files/side-files.ts";
import { findingWhatWasRead } from "./read-ids.ts";
import type { FromViews, ToViews, ViewsPlace } from "./views-thread.ts";

const { path, segmentEvents } = workerData as ViewsPlace;
const tell = (message: FromViews): void => parentPort?.postMessage(message, []);

/** Longer than any import: following ends when it is done, or has failed. */
const longestMs = 2 ** 31 - 1;

const upTo = new Promise<number>((resolve) => {
  parentPort?.once("message", (message: ToViews) => resolve(message.upTo));
});

const store = await openEmbeddedStore({ path, mode: "read" });
const projector = new Projector(findingWhatWasRead(store), {
  path: `${path}${derivedSuffix}`,
  mode: "write",
  sizes: { segmentEvents },
  say: (text, level) => tell({ text, level }),
});
projector.onProjected((sequence) => tell({ sequence }));
await projector.start((sequence) => tell({ sequence }));
const last = await upTo;
// It was committed before it was said, so only a file that is no longer the same ends before it.
if ((await store.head()).sequence < last) throw new Error(`${path} has lost event ${last}`);
await projector.waitFor(last, longestMs);
await projector.stop();
await store.close();
parentPort?.close();
