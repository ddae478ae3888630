/**
 * The dashboard's pages through HTTP, over a fleet of 10,000 nodes and its last 90 days: what a viewer waits for, what a
 * further viewer costs, and how late the event loop's turns come while 200 look and ten events a second arrive.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { formatLatencies, quantile } from "./latency.ts";
import { largeStore } from "./large-store.ts";
import { median } from "./table.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { serveLedger } from "./served-ledger.ts";
import { postEvent, watchPages } from "./page-viewers.ts";

const dayMs = 86_400_000;
const viewers = 200;
const eventsPerSecond = 10;

/** Microseconds until the whole answer is there, with the answer. */
async function ask(url: string): Promise<{ readonly micros: number; readonly body: Buffer }> {
  const begin = performance.now();
  const answer = await fetch(url, { headers: { accept: "text/html, */*" } });
  const body = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${url} is answered ${answer.status}: ${body.toString()}`);
  return { micros: (performance.now() - begin) * 1_000, body };
}

async function asked(count: number, url: (i: number) => string): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < count; i++) micros.push((await ask(url(i))).micros);
  return micros;
}

/** A bare server that sends the same bytes: what a further viewer costs at least. */
async function bareServer(body: Buffer, count: number): Promise<number> {
  const server = createServer((_request, response) => response.end(body));
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const micros = await asked(count, () => url);
  server.close();
  server.closeAllConnections();
  return median(micros);
}

async function benchPages(): Promise<string> {
  const { store, count, clusters, seconds, done } = await largeStore();
  try {
    const served = await serveLedger(store);
    const health = (await (await fetch(`${served.url}/readyz`)).json()) as { sequence: number };
    const report = await measure(served, count, seconds);
    await served.stop();
    return `Pages of ${health.sequence.toLocaleString("en-US")} events, ${clusters} clusters\n${report}`;
  } finally {
    done();
  }
}

async function measure(served: ServedLedger, count: number, seconds: number): Promise<string> {
  const { url } = served;
  const first = [(await ask(`${url}/`)).micros];
  const again: number[] = [];
  for (let i = 0; i < Math.max(10, count / 20); i++) {
    await postEvent(url);
    again.push((await ask(`${url}/`)).micros);
  }
  const page = await ask(`${url}/`);
  const cpuBefore = served.cpuMs();
  const same = await asked(count, () => `${url}/`);
  const cpuEach = (served.cpuMs() - cpuBefore) / count;
  const bare = await bareServer(page.body, count);
  const now = Date.now();
  const window = (back: number, length: number) =>
    `cluster=cluster-1&from=${new Date(now - back * dayMs).toISOString()}&to=${new Date(now - (back - length) * dayMs).toISOString()}`;
  const states = (query: string) => `${url}/v1/node-states?${query}&w=1200&h=1000`;
  const series = (query: string, bucket: string) =>
    `${url}/v1/series?${query}&bucket=${bucket}&figures=nis.contractual,nis.raw,jobUptime.contractual,ettr`;
  const few = Math.max(20, count / 5);
  await ask(states(window(89, 89)));
  const rows = [
    { name: "fleet page, the first after a start", micros: first },
    { name: "fleet page, after an event", micros: again, aim: 1_000_000 },
    { name: "fleet page, a further viewer", micros: same },
    {
      name: "node states, 90 days",
      micros: await asked(few, () => states(window(89, 89))),
      aim: 1_000_000,
    },
    {
      name: "node states, a zoom",
      micros: await asked(few, (i) => states(window(40 + (i % 20), 3))),
      aim: 150_000,
    },
    {
      name: "series, 90 days by day",
      micros: await asked(few, () => series(window(89, 89), "1d")),
      aim: 200_000,
    },
    {
      name: "series, a zoom by hour",
      micros: await asked(few, (i) => series(window(40 + (i % 20), 3), "1h")),
      aim: 150_000,
    },
  ];
  const ratio = (quantile(same, 0.5) / bare).toFixed(1);
  const looked = await watchPages(served, { viewers, eventsPerSecond, seconds });
  return `${formatLatencies("", rows)}  a further viewer costs ${cpuEach.toFixed(1)} ms of the server's processor time (aim 5), and waits ${ratio} × as long as for a bare server\n${looked}`;
}

if (import.meta.main) process.stdout.write(`${await benchPages()}\n`);
