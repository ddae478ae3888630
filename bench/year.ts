/**
 * A year of a large fleet through HTTP: how long a start takes, what the first reports cost, how long other requests
 * wait meanwhile, and how much memory the server needs whatever it is asked. `--store FILE` takes a ledger that is
 * there; without it one is made (`--days`, 365 if left out: some ten million events, which takes a while).
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { fillFleet } from "./filled-fleet.ts";
import { largeFleet } from "./large-fleet.ts";
import { quantile } from "./latency.ts";
import { serveLedger } from "./served-ledger.ts";
import type { ServedLedger } from "./served-ledger.ts";

const mib = 1_024 * 1_024;
const probeEveryMs = 20;

/** Milliseconds that each of many small requests waits until `isOver`. */
async function probe(url: string, isOver: () => boolean): Promise<number[]> {
  const waits: number[] = [];
  while (!isOver()) {
    const begin = performance.now();
    const answer = await fetch(`${url}/livez`);
    await answer.arrayBuffer();
    waits.push(performance.now() - begin);
    await sleep(probeEveryMs);
  }
  return waits;
}

interface Asked {
  readonly name: string;
  readonly ms: number;
  readonly bytes: number;
  readonly longestWaitMs: number;
}

/** Asks for something, and looks how long others wait meanwhile. */
async function ask(url: string, path: string, name = path): Promise<Asked> {
  let isOver = false;
  const probing = probe(url, () => isOver);
  await sleep(5 * probeEveryMs);
  const begin = performance.now();
  const answer = await fetch(`${url}${path}`);
  const { byteLength: bytes } = await answer.arrayBuffer();
  const ms = performance.now() - begin;
  isOver = true;
  const waits = await probing;
  if (!answer.ok) throw new Error(`${path} is answered ${answer.status}`);
  return { name, ms, bytes, longestWaitMs: Math.max(...waits) };
}

function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1_024;
}

function lineOf({ name, ms, bytes, longestWaitMs }: Asked): string {
  const size = `${(bytes / mib).toFixed(1)} MiB`.padStart(9);
  return `  ${name.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms ${size}  others waited ${longestWaitMs.toFixed(0)} ms at most`;
}

async function askEverything(served: ServedLedger, month: string): Promise<string[]> {
  const { url } = served;
  const lines: string[] = [];
  const clusters = Array.from({ length: largeFleet.clusters }, (_, i) => `cluster-${i + 1}`);
  const window = (cluster: string, period = month) => `cluster=${cluster}&period=${period}`;
  for (const cluster of clusters)
    lines.push(
      lineOf(await ask(url, `/v1/sla?${window(cluster)}`, `first report of ${cluster}, ${month}`)),
    );
  const again: number[] = [];
  for (let i = 0; i < 20; i++) {
    const cluster = clusters[i % clusters.length] ?? "";
    again.push((await ask(url, `/v1/sla?${window(cluster)}`)).ms);
  }
  lines.push(
    `  the same reports again: p50 ${quantile(again, 0.5).toFixed(0)} ms, p99 ${quantile(again, 0.99).toFixed(0)} ms`,
  );
  const reads = [
    [`/v1/nis?period=${month}`, "NIS of every cluster"],
    [`/v1/series?${window("cluster-1")}&bucket=1d`, "series of a month by day"],
    [`/v1/faults?open=true`, "open faults"],
    [`/v1/jobs?limit=100`, "jobs of the last 30 days"],
    [`/v1/nodes/cluster-1/n0001`, "one node, whole"],
    ["/", "the overview page"],
  ] as const;
  for (const [path, name] of reads) lines.push(lineOf(await ask(url, path, name)));
  const head = (await (await fetch(`${url}/v1/clusters`)).json()) as { asOf: { sequence: number } };
  const half = Math.floor(head.asOf.sequence / 2);
  lines.push(
    lineOf(await ask(url, `/v1/nis?period=this-month&asOf=${half}`, "NIS as of half the events")),
  );
  return lines;
}

async function benchYear(): Promise<string> {
  const { values } = parseArgs({
    options: { store: { type: "string" }, days: { type: "string", default: "365" } },
  });
  const folder = values.store === undefined ? mkdtempSync(join(tmpdir(), "fleetledger-")) : null;
  const path = values.store ?? join(folder ?? "", "year.sqlite");
  const days = Number(values.days);
  try {
    if (!existsSync(path)) await fillFleet(path, { ...largeFleet, days });
    const begin = performance.now();
    // It says where it is once it is ready.
    const served = await serveLedger(path);
    const readyMs = performance.now() - begin;
    const started = peakBytes(served.pid);
    const rest = await served.liveHeap();
    const lines = await askEverything(served, days < 62 ? "this-month" : "last-month");
    const asked = await served.liveHeap();
    const peak = peakBytes(served.pid);
    const head = (await (await fetch(`${served.url}/v1/clusters`)).json()) as {
      asOf: { sequence: number };
    };
    await served.stop();
    const { sequence } = head.asOf;
    const perEvent = (rest.objectBytes + rest.bufferBytes) / sequence;
    return [
      `A year of a large fleet: ${sequence.toLocaleString("en-US")} events`,
      `  ready ${(readyMs / 1_000).toFixed(1)} s after its start`,
      `  memory at rest: ${(rest.residentBytes / mib).toFixed(0)} MiB resident, ${perEvent.toFixed(0)} bytes an event live (without types and times: Node does not count memory that threads share), at most ${(started / mib).toFixed(0)} MiB until then`,
      ...lines,
      `  memory after all of it: ${(asked.residentBytes / mib).toFixed(0)} MiB resident, at most ${(peak / mib).toFixed(0)} MiB`,
      "",
    ].join("\n");
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) process.stdout.write(`${await benchYear()}\n`);
