import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { allEvents, collect } from "../contract/sample-events.ts";
import { soakRuns } from "../random-runs.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { batchEvents, streamCount, streamName } from "./append-plan.ts";

const program = join(import.meta.dirname, "append-until-killed.ts");
const ledgers = 4;
const killsPerLedger = Math.ceil(soakRuns(100, 8) / ledgers);
const killsPerLook = 6;
/** The longest that a process lives after its first acknowledgement, or after its start. */
const maxLifeMs = 60;
const maxStartMs = 250;

/** Where each stream's acknowledged batches begin in the ledger. */
type Acknowledged = number[][];

/** Runs one process to its violent end; what it acknowledged is added. */
async function appendAndKill(
  path: string,
  seed: number,
  acknowledged: Acknowledged,
): Promise<void> {
  const counts = JSON.stringify(acknowledged.map((batches) => batches.length));
  const child = spawn(process.execPath, [program, `sqlite:${path}`, String(seed), counts], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killed = killAtRandom(child);
  const [lines, complaint] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  await killed;
  expect(complaint).toBe("");
  expect(child.signalCode).toBe("SIGKILL");
  // The last line may be cut off: what was not written whole was not acknowledged.
  for (const line of lines.split("\n").slice(0, -1)) {
    const [stream, batch, sequence] = JSON.parse(line) as [number, number, number];
    expect(batch).toBe(acknowledged[stream]?.length);
    acknowledged[stream]?.push(sequence);
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  return (await collect(stream)).join("");
}

/** Mostly while it appends; one time in four wherever it is, perhaps still opening the ledger. */
function killAtRandom(child: ChildProcess): Promise<void> {
  const kill = (): void => void child.kill("SIGKILL");
  if (Math.random() < 0.25) setTimeout(kill, Math.random() * maxStartMs);
  else child.stdout?.once("data", () => setTimeout(kill, Math.random() * maxLifeMs));
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function assertIntact(path: string, seed: number, acknowledged: Acknowledged): Promise<void> {
  const store = await openEmbeddedStore({ path, mode: "write" });
  const events = await allEvents(store);
  await store.close();
  expect(new Set(events.map((event) => event.id)).size, "an id appears twice").toBe(events.length);
  for (const [stream, batches] of acknowledged.entries()) {
    const stored = events.filter((event) => event.stream === streamName(stream));
    assertStreamIntact(stored, seed, stream, batches);
  }
}

/** The stream is the plan's batches, whole, at least those acknowledged, where they were said to be. */
function assertStreamIntact(
  stored: readonly StoredEvent[],
  seed: number,
  stream: number,
  acknowledged: readonly number[],
): void {
  let next = 0;
  for (let batch = 0; batch < acknowledged.length || next < stored.length; batch++) {
    const planned = batchEvents(seed, stream, batch);
    const found = stored.slice(next, next + planned.length);
    expect(found.map((event) => event.id)).toEqual(planned.map((event) => event.id));
    expect(found.map((event) => event.data)).toEqual(planned.map((event) => event.data));
    const first = acknowledged[batch] ?? found[0]?.sequence ?? 0;
    expect(found.map((event) => event.sequence)).toEqual(planned.map((_, index) => first + index));
    next += planned.length;
  }
  expect(stored.map((event) => event.revision)).toEqual(stored.map((_, index) => BigInt(index)));
}

test(`${killsPerLedger * ledgers} kills at random moments lose nothing acknowledged, split no batch and duplicate nothing`, async () => {
  const runs = Array.from({ length: ledgers }, async (_, seed) => {
    const path = freshPath();
    const acknowledged: Acknowledged = Array.from({ length: streamCount }, () => []);
    for (let kill = 0; kill < killsPerLedger; kill++) {
      await appendAndKill(path, seed, acknowledged);
      // Looked at now and then, and at the end, when nothing may be missing that ever was acknowledged.
      if (kill % killsPerLook === 0) await assertIntact(path, seed, acknowledged);
    }
    await assertIntact(path, seed, acknowledged);
    return acknowledged.flat().length;
  });
  const batches = await Promise.all(runs);
  // Without acknowledgements nothing would have been tried; a ledger whose processes all died early has none.
  expect(batches.reduce((sum, count) => sum + count)).toBeGreaterThan(killsPerLedger);
});
