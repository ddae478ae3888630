/**
 * Decisions through HTTP, on the fleet of `waiting-fleet.ts`: asks to start that a no-fly zone refuses, asks that start,
 * changes of a zone, and asks while a sweep releases what has waited.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatLatencies } from "./latency.ts";
import { serveLedger } from "./served-ledger.ts";
import { fillWaitingFleet, waitingFleet } from "./waiting-fleet.ts";

const aimMicros = 200_000;

interface Asked {
  readonly status: number;
  readonly micros: number;
}

async function post(url: string, body: object): Promise<Asked> {
  const begin = performance.now();
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ actor: "bench", reason: "measured", ...body }),
  });
  await answer.arrayBuffer();
  return { status: answer.status, micros: (performance.now() - begin) * 1_000 };
}

function rolloutAt(index: number): string {
  return `update-${String(index % waitingFleet.rollouts).padStart(5, "0")}`;
}

/** Asks for rollouts that are far from each other; all must be answered alike. */
async function ask(url: string, count: number, first: number, status: number): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < count; i++) {
    const asked = await post(`${url}/v1/rollouts/${rolloutAt(first + i * 37)}/start`, {});
    if (asked.status !== status) throw new Error(`a start was answered ${asked.status}`);
    micros.push(asked.micros);
  }
  return micros;
}

async function blocked(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/rollouts/blocked?cluster=c&limit=1`);
  const { total } = (await answer.json()) as { readonly total: number };
  return total;
}

async function benchDecisions(): Promise<string> {
  const { values } = parseArgs({ options: { asks: { type: "string", default: "200" } } });
  const asks = Number(values.asks);
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  try {
    const path = join(folder, "decisions.sqlite");
    await fillWaitingFleet(path);
    const served = await serveLedger(path);
    const { url } = served;
    await ask(url, 20, 1, 409);
    const refused = await ask(url, asks, 3, 409);
    const changes: number[] = [];
    for (let i = 0; i < asks; i++) {
      const { micros } = await post(`${url}/v1/nfz/z1/extend`, {
        occurrence: await occurrenceOf(url, "z1"),
        to: new Date(Date.now() + 86_400_000 * 300 + i * 60_000).toISOString(),
      });
      changes.push(micros);
    }
    const before = await blocked(url);
    const begin = performance.now();
    for (let i = 0; i < waitingFleet.zones; i++) await post(`${url}/v1/nfz/z${i}/cancel`, {});
    const meanwhile: number[] = [];
    let left = before;
    while (left > 0) {
      const { micros } = await post(`${url}/v1/rollouts/${rolloutAt(meanwhile.length)}/pause`, {});
      meanwhile.push(micros);
      if (meanwhile.length % 20 === 0) left = await blocked(url);
    }
    const seconds = (performance.now() - begin) / 1_000;
    const started = await ask(url, asks, 5_000, 201);
    await served.stop();
    const { rollouts, nodes, racks, zones } = waitingFleet;
    const title = `Decisions through HTTP: ${rollouts} rollouts, ${nodes} nodes, ${racks} racks, ${zones} zones`;
    const latencies = formatLatencies(title, [
      { name: "a start that zones refuse", micros: refused, aim: aimMicros },
      { name: "a zone is extended", micros: changes, aim: aimMicros },
      { name: "a command while a sweep releases", micros: meanwhile, aim: aimMicros },
      { name: "a start", micros: started, aim: aimMicros },
    ]);
    return `${latencies}  released: ${before} rollouts in ${seconds.toFixed(1)} s, each in a durable append of its own\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function occurrenceOf(url: string, nfz: string): Promise<string> {
  const answer = await fetch(`${url}/v1/nfz/${nfz}`);
  const { clusters } = (await answer.json()) as {
    readonly clusters: readonly { readonly occurrences: readonly { readonly from: string }[] }[];
  };
  const from = clusters[0]?.occurrences.at(-1)?.from;
  if (from === undefined) throw new Error(`${nfz} has no occurrence`);
  return from;
}

if (import.meta.main) process.stdout.write(`${await benchDecisions()}\n`);
