/**
 * What pages ask of one cluster of ten thousand nodes over 90 days, through HTTP: the first answer, which folds, and those
 * after it, with the processor time of the server beside the wall clock. `--store FILE` takes a ledger that is there, or
 * keeps the one that is made.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillFleet } from "./filled-fleet.ts";
import { fleetBegins, largeFleet } from "./large-fleet.ts";
import { quantile } from "./latency.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { serveLedger } from "./served-ledger.ts";

const dayMs = 86_400_000;
const days = 90;
const cluster = "cluster-1";

function windowOf(from: number, to: number): string {
  const at = (day: number) => new Date(fleetBegins + day * dayMs).toISOString();
  return `cluster=${cluster}&from=${at(from)}&to=${at(to)}`;
}

const whole = windowOf(1, 1 + days);
const zoomed = windowOf(40, 50);
const reads = [
  [
    "series, 4 figures by day",
    `/v1/series?${whole}&figures=nis.contractual,nis.raw,jobUptime.contractual,ettr`,
  ],
  ["node states, 1,200 × 1,000", `/v1/node-states?${whole}&w=1200&h=1000`],
  ["node states, zoomed to 10 days", `/v1/node-states?${zoomed}&w=1200&h=1000`],
  ["NIS, 4 members", `/v1/nis?${whole}&fields=contractual,raw,target,met`],
  ["NIS of a day, 4 members", `/v1/nis?${windowOf(40, 41)}&fields=contractual,raw,target,met`],
  ["a large job's strip", `/v1/jobs/${cluster}/train-1/strip?w=2048`],
  ["history, 2,048 bins", "/v1/history?w=2048"],
  ["find", "/v1/find?q=n00"],
  ["a page of nodes", `/v1/nodes?cluster=${cluster}&limit=1000`],
] as const;

/** Milliseconds of processor time that the process has used; the kernel counts in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function ask({ url }: ServedLedger, path: string): Promise<{ ms: number; bytes: number }> {
  const begin = performance.now();
  const answer = await fetch(`${url}${path}`);
  const { byteLength: bytes } = await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} is answered ${answer.status}`);
  return { ms: performance.now() - begin, bytes };
}

async function measured(served: ServedLedger, name: string, path: string, asks: number) {
  const first = await ask(served, path);
  const before = processorMs(served.pid);
  const again: number[] = [];
  for (let i = 0; i < asks; i++) again.push((await ask(served, path)).ms);
  const each = (processorMs(served.pid) - before) / asks;
  const cells = [
    `first ${first.ms.toFixed(0)} ms`.padStart(15),
    `then p50 ${quantile(again, 0.5).toFixed(0)} ms`.padStart(17),
    `processor ${each.toFixed(0)} ms`.padStart(18),
    `${(first.bytes / 1_024).toFixed(0)} KiB`.padStart(10),
  ];
  return `  ${name.padEnd(32)}${cells.join("")}`;
}

const { values } = parseArgs({
  options: { store: { type: "string" }, asks: { type: "string", default: "10" } },
});
const folder = values.store === undefined ? mkdtempSync(join(tmpdir(), "fleetledger-")) : null;
const path = values.store ?? join(folder ?? "", "pages.sqlite");
try {
  if (!existsSync(path))
    await fillFleet(path, {
      ...largeFleet,
      days,
      clusters: 1,
      nodesPerCluster: 9_999,
      shortJobsPerDay: 400,
    });
  const served = await serveLedger(path);
  for (const [name, address] of reads)
    process.stdout.write(`${await measured(served, name, address, Number(values.asks))}\n`);
  await served.stop();
} finally {
  if (folder !== null) rmSync(folder, { recursive: true });
}
