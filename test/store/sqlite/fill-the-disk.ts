/**
 * A process that may write no file beyond a limit, and appends until its disk is full, and on. Prints
 * as JSON how many appends were taken and what the others got.
 */
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { allEvents, outcomeOf, part } from "../../contract/sample-events.ts";
import { batchEvents } from "../../crash/append-plan.ts";

const store = await openEmbeddedStore({ path: process.argv[2] ?? "", mode: "write" });
const taken: number[] = [];
const refusals: string[] = [];
for (let stream = 0; stream < 3_000 && refusals.length < 20; stream++) {
  const outcome = await outcomeOf(
    store,
    part(`s${stream}`, "no-stream", batchEvents(1, stream, 0)),
  );
  if (outcome.ok) taken.push(stream);
  else refusals.push("code" in outcome.error ? String(outcome.error.code) : outcome.error.message);
}
const readable = (await allEvents(store)).length;
const { sequence } = await store.head();
process.stdout.write(JSON.stringify({ taken, refusals, readable, sequence }));
