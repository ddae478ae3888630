/**
 * A process that may write no file beyond a soft limit: appends until that stands in the way of appends, or of
 * moving the log into the file, then lifts the limit. Prints as JSON what the store told.
 */
import { execFileSync } from "node:child_process";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { allEvents, outcomeOf, part } from "../../contract/sample-events.ts";
import { batchEvents } from "../../crash/append-plan.ts";

const [, , path = "", kind = "appends"] = process.argv;
const said: string[] = [];
const store = await openEmbeddedStore({
  path,
  mode: "write",
  say: (text, level) => said.push(`${level}: ${text}`),
});
const troubles = (): string[] => store.troubles().map(({ what }) => what);
let taken = 0;
for (let stream = 0; stream < 3_000 && !troubles().includes(kind); stream++) {
  const events = batchEvents(1, stream, 0);
  const outcome = await outcomeOf(store, part(`s${stream}`, "no-stream", events));
  if (outcome.ok) taken += events.length;
  // So the log stays short, and it is the file that grows beyond the limit.
  if (kind === "checkpoints") store.lookAfterFiles();
}
const whenFull = troubles();
execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=unlimited"]);
store.lookAfterFiles();
const afterwards = troubles();
const readable = (await allEvents(store)).length;
await store.close();
process.stdout.write(JSON.stringify({ whenFull, afterwards, said, readable, taken }));
