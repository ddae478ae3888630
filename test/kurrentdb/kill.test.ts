/** A ledger and its mirror that are killed at random instants. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { batchEvents, streamCount, streamName } from "../crash/append-plan.ts";
import { collect } from "../contract/sample-events.ts";
import { randomRuns } from "../random-runs.ts";
import { freshFolder, leavesOf, ledgerOn } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const program = join(import.meta.dirname, "../crash/append-until-killed.ts");
/** The longest that a process lives after its first acknowledgement, or after its start. */
const maxLifeMs = 150;
const maxStartMs = 1_500;

/** Where each stream's acknowledged batches begin in the ledger. */
type Acknowledged = number[][];

async function appendAndKill(name: string, seed: number, known: Acknowledged): Promise<void> {
  const counts = JSON.stringify(known.map((batches) => batches.length));
  const child = spawn(process.execPath, [program, name, String(seed), counts], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  // Mostly while it appends; one time in four wherever it is, perhaps filling its mirror.
  if (Math.random() < 0.25) setTimeout(kill, Math.random() * maxStartMs);
  else child.stdout.once("data", () => setTimeout(kill, Math.random() * maxLifeMs));
  const [lines, complaint] = await Promise.all([collect(child.stdout), collect(child.stderr)]);
  expect(complaint.join("")).toBe("");
  // The last line may be cut off: what was not written whole was not acknowledged.
  for (const line of lines.join("").split("\n").slice(0, -1)) {
    const [stream, batch, sequence] = JSON.parse(line) as [number, number, number];
    expect(batch).toBe(known[stream]?.length);
    known[stream]?.push(sequence);
  }
}

describe.skipIf(whyNoServer !== null)("a ledger in KurrentDB and its mirror", () => {
  test("lose nothing acknowledged and duplicate nothing when killed at random instants", async () => {
    const ledger = ledgerOn(await sharedServer());
    const mirror = freshFolder();
    const seed = Math.floor(Math.random() * 2 ** 31);
    const acknowledged: Acknowledged = Array.from({ length: streamCount }, () => []);
    for (let kill = 0; kill < randomRuns(4); kill++) {
      await appendAndKill(ledger.name(mirror), seed, acknowledged);
    }
    const store = await ledger.open(mirror);
    let count = 0;
    for (const [stream, batches] of acknowledged.entries()) {
      const stored = await collect(store.readStream(streamName(stream)));
      count += stored.length;
      let next = 0;
      for (let batch = 0; next < stored.length || batch < batches.length; batch++) {
        const planned = batchEvents(seed, stream, batch);
        const found = stored.slice(next, next + planned.length);
        expect(found.map((event) => event.id)).toEqual(planned.map((event) => event.id));
        // What was not acknowledged may stand anywhere.
        const first = found[0]?.sequence;
        expect(first).toBe(batches[batch] ?? first);
        next += planned.length;
      }
    }
    expect((await store.head()).sequence).toBe(count);
    expect(await leavesOf(await ledger.open())).toEqual(await leavesOf(store));
  });
});
