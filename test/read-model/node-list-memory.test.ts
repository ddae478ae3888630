/** Small events that name very many nodes take no more memory than their text. */
import { take } from "./take.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { countNodes } from "../../projections/nodes/node-count.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { begin, History, hour, iso } from "../projections/history.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of live heap that are there after the work and were not before. */
function keptBytes(work: () => unknown): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const result = work();
  collect();
  const after = process.memoryUsage().heapUsed;
  // The result lives until here.
  expect(result).toBeDefined();
  return after - before;
}

const MiB = 1024 * 1024;

function reportOf(count: number, nodesOf: (i: number) => string): LiveModel {
  const history = new History();
  for (let i = 0; i < count; i++)
    history.add("JobStarted", 1, { job: `j${i}`, nodes: [nodesOf(i)] });
  history.reach(3);
  const model = new LiveModel();
  take(model, history.events as readonly unknown[] as StoredEvent[]);
  const period = `${iso(begin)}/${iso(hour(2))}`;
  const { jobUptime } = slaDocument(model.view("c"), { period }, firstZones);
  expect(jobUptime.jobs).toHaveLength(count);
  return model;
}

test.each([
  ["two hundred thousand nodes", (i: number) => `e${i}_[0-1][0-99999]`],
  ["two thousand nodes in two brackets", (i: number) => `r${i}-[1-32]n[1-64]`],
])("450 jobs of %s each can be reported on, and leave a few KiB each", (_, nodesOf) => {
  // Their names alone would be hundreds of bytes for each node.
  reportOf(1, nodesOf);
  expect(keptBytes(() => reportOf(450, nodesOf))).toBeLessThan(8 * MiB);
});

test("the cache of list sizes is bounded in bytes, not in entries", () => {
  const long = "x".repeat(4_000);
  const work = () => {
    for (let i = 0; i < 5_000; i++) countNodes([`${long}${i}[1-2]`]);
    return true;
  };
  // Their texts have twenty million characters.
  expect(keptBytes(work)).toBeLessThan(8 * MiB);
});
