/**
 * The SLA report of a month as of a random sequence of a ledger of a million events, through HTTP: what two parties
 * ask for who argue about a number. The ledger is the simulated supercomputer fleet over some years, late facts and
 * corrections among its events.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openLedger } from "../src/ledger/open-ledger.ts";
import { simulate } from "../src/simulate/simulate.ts";
import { formatLatencies } from "./latency.ts";
import { randomOf } from "./node-history.ts";
import { serveLedger } from "./served-ledger.ts";

const clusters = ["aurora", "borealis", "corona"];
const reports = 300;
const aimMicros = 50_000;
const mib = 1_024 * 1_024;

/** Fills a ledger; returns when each of its events was recorded, by sequence. */
async function fill(path: string, days: number): Promise<Float64Array> {
  const { events } = simulate({ scenario: "supercomputer", days, seed: 1 });
  const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write" });
  const recordedAt = new Float64Array(events.length + 1);
  for (let i = 0; i < events.length; i += 2_000) {
    const part = events.slice(i, i + 2_000);
    const submitted = await ledger.submit(part, { preserveTimestamps: true });
    for (const [j, each] of submitted.entries()) {
      if (each.status === "refused") throw each.error;
      const event = part[j];
      if (each.status === "appended" && each.sequence !== null && event !== undefined)
        recordedAt[each.sequence] = Date.parse(event.recordedAt);
    }
  }
  const { sequence } = await ledger.store.head();
  await ledger.waitFor(sequence, 600_000);
  await ledger.close();
  return recordedAt.subarray(0, sequence + 1);
}

/** The last month that was over at an instant. */
function monthBefore(ms: number): string {
  const at = new Date(ms);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 15))
    .toISOString()
    .slice(0, 7);
}

/** Microseconds until the whole answer is there. */
async function ask(url: string): Promise<number> {
  const begin = performance.now();
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} is answered ${answer.status}`);
  return (performance.now() - begin) * 1_000;
}

async function benchAsOf(): Promise<string> {
  // Some 790 events a day.
  const { values } = parseArgs({ options: { days: { type: "string", default: "1275" } } });
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  try {
    const path = join(folder, "as-of.sqlite");
    const recordedAt = await fill(path, Number(values.days));
    const head = recordedAt.length - 1;
    const served = await serveLedger(path);
    await ask(`${served.url}/v1/clusters`);
    const sla = (cluster: string, P: number) =>
      `${served.url}/v1/sla?cluster=${cluster}&period=${monthBefore(recordedAt[P] ?? 0)}&zone=UTC&asOf=${P}`;
    const random = randomOf(3);
    const earliest = Math.floor(head / 10);
    const past = async (count: number): Promise<number[]> => {
      const micros: number[] = [];
      for (let i = 0; i < count; i++) {
        const P = earliest + Math.floor(random() * (head - earliest)) + 1;
        micros.push(await ask(sla(clusters[i % clusters.length] ?? "", P)));
      }
      return micros;
    };
    const atHead = async (): Promise<number[]> => {
      const micros: number[] = [];
      for (const cluster of clusters) micros.push(await ask(sla(cluster, head)));
      return micros;
    };
    const first = await atHead();
    const again = await atHead();
    const warming = await past(reports / 4);
    const random300 = await past(reports);
    const { objectBytes, bufferBytes, residentBytes } = await served.liveHeap();
    await served.stop();
    const title = `A month's SLA report through HTTP, of ${head.toLocaleString("en-US")} events`;
    const latencies = formatLatencies(title, [
      { name: "as of a random sequence", micros: random300, aim: aimMicros },
      { name: "as of the first positions asked for", micros: warming },
      { name: "at the head, for the first time", micros: first },
      { name: "at the head again", micros: again },
    ]);
    const each = ((objectBytes + bufferBytes) / head).toFixed(0);
    const resident = (residentBytes / mib).toFixed(0);
    return `${latencies}  memory: ${each} bytes an event live (without types and times: Node does not count memory that threads share), ${resident} MiB resident\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) process.stdout.write(`${await benchAsOf()}\n`);
