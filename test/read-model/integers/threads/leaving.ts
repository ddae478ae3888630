/** A thread that ends when it is given a list, without a look at it, and when it has begun a part. */
import { parentPort } from "node:worker_threads";
import { beginPart } from "../../../../src/read-model/integers/offered-part.ts";
import type { OfferedList, OfferedPart } from "../../../../src/read-model/integers/offered-part.ts";

parentPort?.on("message", (offered: OfferedPart | OfferedList) => {
  if ("list" in offered) beginPart(offered.list.state);
  process.exit();
});
