/** A thread that ends while it sorts a list. */
import { parentPort } from "node:worker_threads";
import { beginSort } from "../../../../src/read-model/integers/offered-part.ts";
import type { OfferedList, OfferedPart } from "../../../../src/read-model/integers/offered-part.ts";

parentPort?.on("message", (list: OfferedPart | OfferedList) => {
  if ("state" in list && beginSort(list.state)) process.exit();
});
