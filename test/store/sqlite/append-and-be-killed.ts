/** A process that appends so many events to a stream of the ledger, each in a commit of its own, and is then killed. */
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { checkedEvents, part, positionOf } from "../../contract/sample-events.ts";

const [, , path = "", stream = "", count = "0"] = process.argv;
const store = await openEmbeddedStore({ path, mode: "write" });
let revision: bigint | "no-stream" = "no-stream";
for (let at = 0; at < Number(count); at++) {
  await positionOf(store, part(stream, revision, checkedEvents(1)));
  revision = BigInt(at);
}
process.kill(process.pid, "SIGKILL");
