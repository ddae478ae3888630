/**
 * A process that appends and acknowledges until it is killed. Arguments: the store's name, the seed,
 * and as JSON the number of batches that were acknowledged for each stream. Each line that it writes
 * is one acknowledged batch: `[stream, batch, firstSequence]`.
 */
import { writeSync } from "node:fs";
import { openStore } from "../../src/ledger/open-store.ts";
import { part, positionOf } from "../contract/sample-events.ts";
import { batchEvents, batchSize, streamName } from "./append-plan.ts";

const [name = "", seedText = "", acknowledged = "[]"] = process.argv.slice(2);
const seed = Number(seedText);
const store = await openStore(name, "write");

async function appendForever(stream: number, from: number): Promise<void> {
  let last = -1;
  for (let batch = 0; batch < from; batch++) last += batchSize(seed, stream, batch);
  for (let batch = from; ; batch++) {
    const events = batchEvents(seed, stream, batch);
    const expected = last < 0 ? "no-stream" : BigInt(last);
    const position = await positionOf(store, part(streamName(stream), expected, events));
    writeSync(1, `${JSON.stringify([stream, batch, position.sequences?.[0]])}\n`);
    last += events.length;
  }
}

await Promise.all(
  (JSON.parse(acknowledged) as number[]).map((count, stream) => appendForever(stream, count)),
);
