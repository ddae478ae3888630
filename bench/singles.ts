/**
 * Single events over 64 connections: the ledger beside the least server that can be, which checks a schema and writes a row.
 * Both are processes of their own, and rounds of the two take turns.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serveLedger } from "./served-ledger.ts";
import { type BenchRow, formatTable, median } from "./table.ts";

const connections = 64;
const firstInstant = Date.UTC(2026, 0, 1);
const nodes = 1_200;
const aim = 0.8;

interface Rival {
  readonly url: string;
  readonly stop: () => Promise<unknown>;
}

/** Resolves once the event is recorded. */
export function post(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sending = request(url, { method: "POST", headers, agent }, (answer) => {
      answer.resume();
      answer.once("error", reject);
      answer.once("end", () => {
        if (answer.statusCode === 201) resolve();
        else reject(new Error(`an event was answered ${answer.statusCode}`));
      });
    });
    sending.once("error", reject);
    sending.end(body);
  });
}

/** Of 1,200 nodes, one after another: each fails, and returns when its turn comes again. */
function eventAt(i: number): string {
  const about = { cluster: "alpha", node: `gpu-${String(i % nodes).padStart(4, "0")}` };
  const turn = Math.floor(i / nodes);
  const fault = `f-${turn >> 1}`;
  const [type, data] =
    turn % 2 === 0
      ? ["NodeFailed", { ...about, faultId: fault, category: "hardware" }]
      : ["NodeReturned", { ...about, faultIds: [fault] }];
  const occurredAt = new Date(firstInstant + i * 10).toISOString();
  return JSON.stringify({ id: randomUUID(), type, occurredAt, data, actor: "monitor-1" });
}

/** Events a second. */
async function rateOf({ url }: Rival, from: number, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const bodies = Array.from({ length: count }, (_, i) => eventAt(from + i));
  const begin = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) await post(agent, `${url}/v1/events`, bodies[next++] ?? "");
    }),
  );
  const rate = (count * 1_000) / (performance.now() - begin);
  agent.destroy();
  return rate;
}

async function rowsServer(path: string): Promise<Rival> {
  const program = fileURLToPath(new URL("rows-server.ts", import.meta.url));
  const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "ignore", "pipe"] });
  const [line] = (await once(createInterface(child.stderr), "line")) as [string];
  const exit = once(child, "exit");
  return {
    url: line.replace("listening on ", ""),
    stop: async () => {
      child.kill("SIGTERM");
      await exit;
    },
  };
}

async function benchSingles(): Promise<BenchRow[]> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      events: { type: "string", default: "10000" },
    },
  });
  const [rounds, events] = [Number(values.rounds), Number(values.events)];
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const rates = { ledger: [] as number[], rows: [] as number[] };
  const ledger = await serveLedger(join(folder, "ledger.sqlite"), ["--rates", "writes=1000000"]);
  const rows = await rowsServer(join(folder, "rows.sqlite"));
  try {
    // The first round of each warms up and is not counted.
    for (let round = 0; round <= rounds; round++)
      for (const [name, rival] of [["rows", rows] as const, ["ledger", ledger] as const]) {
        const rate = await rateOf(rival, round * events, events);
        if (round > 0) rates[name].push(rate);
      }
  } finally {
    await ledger.stop();
    await rows.stop();
    rmSync(folder, { recursive: true });
  }
  const [own, bare] = [median(rates.ledger), median(rates.rows)];
  const of = "Fastify, zod and rows";
  return [
    {
      name: "the ledger",
      perSecond: own,
      unit: "events/s",
      ratio: { of, value: own / bare, aim },
    },
    { name: of, perSecond: bare, unit: "events/s" },
  ];
}

if (import.meta.main)
  process.stdout.write(
    `${formatTable("Single events over 64 connections", await benchSingles())}\n`,
  );
