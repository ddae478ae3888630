/**
 * The measured impact of families of updates through HTTP: ten thousand rollouts of two hundred update sets, all carried
 * out, over ten thousand nodes in three hundred racks.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatLatencies } from "./latency.ts";
import { type Stated, fillLedger } from "./fill-ledger.ts";
import { serveLedger } from "./served-ledger.ts";

const aimMicros = 500_000;
const size = { nodes: 10_000, racks: 300, rollouts: 10_000, updateSets: 200, faults: 20_000 };
const cluster = "c";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function stated(type: string, ms: number, data: object): Stated {
  return { type, occurredAt: new Date(ms).toISOString(), data: { cluster, ...data } };
}

function nodeOf(index: number): string {
  return `n${String(index).padStart(5, "0")}`;
}

function* fleet(now: number, random: () => number): Generator<Stated> {
  for (let i = 0; i < size.nodes; i++)
    yield stated("NodeCommissioned", now - 90 * dayMs, {
      node: nodeOf(i),
      rack: `r${i % size.racks}`,
    });
  for (let i = 0; i < size.faults; i++) {
    const node = nodeOf(Math.floor(random() * size.nodes));
    const at = now - 2 * hourMs - Math.floor(random() * 80 * dayMs);
    yield stated("NodeFailed", at, { node, faultId: `f-${i}`, category: "hardware" });
    yield stated("NodeReturned", at + hourMs, { node, faultIds: [`f-${i}`] });
  }
}

/** Each over one to three racks; one in ten takes a node of its first rack out of service. */
function* rollouts(now: number, random: () => number): Generator<Stated> {
  for (let i = 0; i < size.rollouts; i++) {
    const rollout = `update-${String(i).padStart(5, "0")}`;
    const racks = Array.from({ length: 1 + (i % 3) }, () => Math.floor(random() * size.racks));
    const at = now - 70 * dayMs + Math.floor((i / size.rollouts) * 60 * dayMs);
    yield stated("RolloutSubmitted", at - hourMs, {
      rollout,
      targets: { racks: racks.map((rack) => `r${rack}`) },
      updates: [{ component: "part", version: String(i), family: `set-${i % size.updateSets}` }],
      impact: { kind: "impactless" },
      urgency: "routine",
    });
    yield stated("RolloutStarted", at, { rollout });
    if (i % 10 === 0) {
      const own = { node: nodeOf(racks[0] ?? 0), maintenanceId: rollout };
      yield stated("NodeMaintenanceStarted", at, { ...own, rolloutId: rollout });
      yield stated("NodeMaintenanceEnded", at + hourMs, own);
    }
    yield stated("RolloutCompleted", at + 2 * hourMs, { rollout });
  }
}

async function fill(path: string): Promise<void> {
  await fillLedger(path, (now, random) => [fleet(now, random), rollouts(now, random)]);
}

/** Microseconds until the whole answer is there. */
async function ask(url: string): Promise<number> {
  const begin = performance.now();
  const answer = await fetch(url);
  const body = Buffer.from(await answer.arrayBuffer());
  const micros = (performance.now() - begin) * 1_000;
  if (!answer.ok || body.includes('"total":0')) throw new Error(`${url}: ${answer.status}`);
  return micros;
}

async function askOften(count: number, urlOf: (i: number) => string): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < count; i++) micros.push(await ask(urlOf(i)));
  return micros;
}

async function benchImpact(): Promise<string> {
  const { values } = parseArgs({ options: { asks: { type: "string", default: "100" } } });
  const asks = Number(values.asks);
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  try {
    const path = join(folder, "impact.sqlite");
    await fill(path);
    const served = await serveLedger(path);
    const families = `${served.url}/v1/impact/families?cluster=${cluster}`;
    const family = (i: number) => `${families}&family=set-${i % size.updateSets}`;
    const first = await askOften(1, family);
    const one = await askOften(asks, family);
    const all = await askOften(Math.ceil(asks / 10), () => families);
    const rollout = await askOften(
      asks,
      (i) => `${served.url}/v1/rollouts/update-${String(i * 97).padStart(5, "0")}/impact`,
    );
    await served.stop();
    const title = `Impact of ${size.rollouts} rollouts of ${size.updateSets} families through HTTP: ${size.nodes} nodes, ${size.racks} racks`;
    return formatLatencies(title, [
      { name: "one family", micros: one, aim: aimMicros },
      { name: "one family, for the first time", micros: first },
      { name: "all families", micros: all },
      { name: "one rollout", micros: rollout, aim: aimMicros },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) process.stdout.write(`${await benchImpact()}\n`);
