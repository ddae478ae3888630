/** A thread that begins a part and does not come to an end with it. */
import { parentPort } from "node:worker_threads";
import { beginPart } from "../../../../src/read-model/integers/offered-part.ts";
import type { OfferedList, OfferedPart } from "../../../../src/read-model/integers/offered-part.ts";

parentPort?.on("message", (part: OfferedPart | OfferedList) => {
  if (!("state" in part)) beginPart(part.list.state);
});
