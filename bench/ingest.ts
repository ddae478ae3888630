/**
 * NDJSON over HTTP: durable ingest into a ledger against a server that only parses the lines. The
 * sender is a thread of its own; rounds of the two are interleaved, so that a slow minute of the
 * machine hits both.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { pino } from "pino";
import { serve } from "../src/http/serve.ts";
import { openLedger } from "../src/ledger/open-ledger.ts";
import type { Delivery, Shipment } from "./ingest-client.ts";
import { hashedRateAim, stopHashing } from "./without-hashes.ts";
import type { BenchRow } from "./table.ts";
import { formatTable, median } from "./table.ts";

export interface IngestOptions {
  readonly rounds?: number;
  readonly events?: number;
}

const nodes = 1_200;
const firstInstant = Date.UTC(2026, 0, 1);
const newline = 0x0a;

/** Lines of about 400 bytes, in the order in which they happened, over many streams. */
function makeBody(count: number): SharedArrayBuffer {
  const lines = Array.from({ length: count }, (_, i) => {
    const node = `gpu-${String((i * 7) % nodes).padStart(4, "0")}`;
    return JSON.stringify({
      id: randomUUID(),
      type: "NodeFailed",
      occurredAt: new Date(firstInstant + i * 10).toISOString(),
      data: {
        cluster: "alpha",
        node,
        faultId: `${node}-${i}`,
        category: "hardware",
        component: "gpu",
        codes: ["79", "119"],
        detectedAt: new Date(firstInstant + i * 10 + 5_000).toISOString(),
      },
      source: "bench/monitor",
      actor: "monitor-1",
      ticket: `OPS-${String(i).padStart(8, "0")}`,
    });
  });
  const text = Buffer.from(`${lines.join("\n")}\n`);
  const shared = new SharedArrayBuffer(text.length);
  text.copy(Buffer.from(shared));
  return shared;
}

/** A target that takes the body, and what it should say of it. */
interface Rival {
  readonly url: string;
  check(delivery: Delivery): void;
  close(): Promise<void>;
}

async function parseOnly(count: number): Promise<Rival> {
  const server = createServer((incoming, answer) => {
    let rest: Buffer = Buffer.alloc(0);
    let parsed = 0;
    incoming.on("data", (part: Buffer) => {
      const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
      let begin = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, begin)) {
        JSON.parse(bytes.toString("utf8", begin, end));
        parsed++;
        begin = end + 1;
      }
      rest = bytes.subarray(begin);
    });
    incoming.on("end", () => answer.end(JSON.stringify({ parsed })));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    check: ({ answerEnd }) => expectIn(answerEnd, `"parsed":${count}`),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function durable(count: number): Promise<Rival> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const ledger = await openLedger({
    store: `sqlite:${join(folder, "ledger.sqlite")}`,
    mode: "write",
  });
  const logger = pino({ level: "silent" });
  const server = await serve({ ledger, logger, port: 0, stopOnSignals: false });
  return {
    url: `${server.url}/v1/events`,
    check: ({ answerEnd }) => expectIn(answerEnd, `"appended":${count},"duplicates":0,"refused":0`),
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function expectIn(answer: string, text: string): void {
  if (!answer.includes(text)) throw new Error(`the bench was answered ${answer}, without ${text}`);
}

async function measure(sender: Worker, rival: Rival, bytes: SharedArrayBuffer): Promise<number> {
  const shipment: Shipment = { url: rival.url, bytes };
  sender.postMessage(shipment, []);
  const [delivery] = (await once(sender, "message")) as [Delivery];
  rival.check(delivery);
  await rival.close();
  return delivery.elapsedMs;
}

/** Medians of interleaved rounds. */
export async function benchIngest(options: IngestOptions = {}): Promise<BenchRow[]> {
  const { rounds = 5, events = 100_000 } = options;
  const bytes = makeBody(events);
  const sender = new Worker(new URL("ingest-client.ts", import.meta.url));
  const durableMs: number[] = [];
  const unhashedMs: number[] = [];
  const parseMs: number[] = [];
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const parse = await measure(sender, await parseOnly(events), bytes);
    const ingest = await measure(sender, await durable(events), bytes);
    const hashAgain = stopHashing();
    const unhashed = await measure(sender, await durable(events), bytes);
    hashAgain();
    if (round === 0) continue;
    parseMs.push(parse);
    durableMs.push(ingest);
    unhashedMs.push(unhashed);
  }
  await sender.terminate();
  const rate = (elapsed: readonly number[]) => events / (median(elapsed) / 1_000);
  const of = "parse-only HTTP";
  return [
    {
      name: "NDJSON over HTTP, durable",
      perSecond: rate(durableMs),
      unit: "events/s",
      ratio: { of, value: rate(durableMs) / rate(parseMs), aim: 0.12 },
    },
    {
      name: "NDJSON over HTTP, durable",
      perSecond: rate(durableMs),
      unit: "events/s",
      ratio: {
        of: "without hashing",
        value: rate(durableMs) / rate(unhashedMs),
        aim: hashedRateAim,
      },
    },
    { name: "without hashing", perSecond: rate(unhashedMs), unit: "events/s" },
    { name: of, perSecond: rate(parseMs), unit: "events/s" },
  ];
}

if (import.meta.main) {
  process.stdout.write(formatTable("HTTP ingest", await benchIngest()));
}
