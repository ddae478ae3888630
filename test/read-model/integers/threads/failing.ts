/** A thread that fails at what it has begun. */
import { parentPort } from "node:worker_threads";
import { beginPart } from "../../../../src/read-model/integers/offered-part.ts";
import type { OfferedList, OfferedPart } from "../../../../src/read-model/integers/offered-part.ts";

parentPort?.on("message", (part: OfferedPart | OfferedList) => {
  if ("state" in part || !beginPart(part.list.state)) return;
  part.sums.fill(1);
  throw new Error("what is wrong with it");
});
