/**
 * The blocked queue through HTTP: ten thousand rollouts of two hundred update sets over ten thousand nodes in three
 * hundred racks, under fifty no-fly zones; of now, of instants of the past, and while events come in.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatLatencies } from "./latency.ts";
import { randomOf } from "./node-history.ts";
import { serveLedger } from "./served-ledger.ts";
import { fillWaitingFleet, waitingFleet } from "./waiting-fleet.ts";

const aimMicros = 200_000;

/** Microseconds until the whole answer is there. */
async function ask(url: string): Promise<number> {
  const begin = performance.now();
  const answer = await fetch(url);
  const body = Buffer.from(await answer.arrayBuffer());
  const micros = (performance.now() - begin) * 1_000;
  if (!answer.ok || body.includes('"total":0')) throw new Error(`${url}: ${answer.status}`);
  return micros;
}

/** Processor time that a process has taken, in milliseconds: on a busy machine it says more than the clock does. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  // Ticks of a hundredth of a second, in user mode and in the kernel.
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function askOften(count: number, urlOf: () => string): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < count; i++) micros.push(await ask(urlOf()));
  return micros;
}

async function benchQueue(): Promise<string> {
  const { values } = parseArgs({ options: { asks: { type: "string", default: "300" } } });
  const asks = Number(values.asks);
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  try {
    const path = join(folder, "queue.sqlite");
    await fillWaitingFleet(path);
    const served = await serveLedger(path);
    const queue = `${served.url}/v1/rollouts/blocked?cluster=c`;
    const first = await askOften(1, () => queue);
    // The first ones compile what answers them.
    await askOften(20, () => queue);
    const before = processorMs(served.pid);
    const now = await askOften(asks, () => queue);
    const each = ((processorMs(served.pid) - before) / asks).toFixed(1);
    const short = await askOften(asks, () => `${queue}&limit=100`);
    const random = randomOf(3);
    const minuteMs = 60_000;
    const begin = Date.now();
    const past = await askOften(asks, () => {
      const at = begin - Math.floor(random() * 50 * minuteMs);
      return `${queue}&at=${new Date(at).toISOString()}`;
    });
    let maintenance = 0;
    const busy = await askOften(asks, () => {
      void report(served.url, maintenance++);
      return queue;
    });
    await served.stop();
    const { rollouts, nodes, racks, zones } = waitingFleet;
    const title = `The queue of ${rollouts} rollouts through HTTP: ${nodes} nodes, ${racks} racks, ${zones} zones`;
    const latencies = formatLatencies(title, [
      { name: "now, pages of 1,000", micros: now, aim: aimMicros },
      { name: "now, pages of 100", micros: short, aim: aimMicros },
      { name: "of an instant of the last hour", micros: past, aim: aimMicros },
      { name: "now, while nodes and rollouts change", micros: busy, aim: aimMicros },
      { name: "for the first time", micros: first },
    ]);
    return `${latencies}  processor time of the server, pages of 1,000: ${each} ms an answer\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A node and a rollout that something happens to. */
async function report(url: string, i: number): Promise<void> {
  const event = (type: string, data: object) => ({
    id: crypto.randomUUID(),
    type,
    occurredAt: new Date().toISOString(),
    data: { cluster: "c", ...data },
  });
  const node = `n${String(i).padStart(5, "0")}`;
  const rollout = `update-${String(i).padStart(5, "0")}`;
  const answer = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([
      event("NodeMaintenanceStarted", { node, maintenanceId: `m-${i}` }),
      event("RolloutBlocked", { rollout, nfzIds: ["z0"] }),
    ]),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`events are answered ${answer.status}`);
}

if (import.meta.main) process.stdout.write(`${await benchQueue()}\n`);
