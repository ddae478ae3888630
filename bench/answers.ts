/**
 * Reports and figures through HTTP, of the fleet that `pages` measures: closed and running months, after events, as of past
 * positions, and the answers that a client has already.
 */
import { request } from "node:http";
import type { LatencyRow } from "./latency.ts";
import { formatLatencies } from "./latency.ts";
import { postEvent } from "./page-viewers.ts";
import { largeStore } from "./large-store.ts";
import { serveLedger } from "./served-ledger.ts";

interface Answer {
  readonly micros: number;
  readonly status: number;
  readonly tag: string;
}

/** Without compression, unless the headers ask for it: the client's share would be measured too. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const begin = performance.now();
  return await new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (message) => {
      message.resume();
      message.once("error", reject);
      message.once("end", () => {
        const micros = (performance.now() - begin) * 1_000;
        const { statusCode: status = 0 } = message;
        if (status < 400) resolve({ micros, status, tag: message.headers.etag ?? "" });
        else reject(new Error(`${url} is answered ${status}`));
      });
    });
    sent.once("error", reject);
    sent.end();
  });
}

interface Asking {
  readonly name: string;
  readonly path: (i: number) => string;
  readonly aimMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An event of the cluster comes before each request. */
  readonly afterEvents?: true;
}

const sla = (period: string) => `/v1/sla?cluster=cluster-1&period=${period}`;
const gzip = { "accept-encoding": "gzip" };

/** `head` is the ledger's position, and `closed` the last full month. */
function askings(head: number, closed: string): Asking[] {
  const last = (share: number) => Math.floor(head * (1 - share * Math.random()));
  const until = Date.parse(`${closed}-20T00:00:00Z`);
  const days = (i: number, count: number) => {
    const to = until - (i % 15) * 86_400_000;
    const from = to - count * 86_400_000;
    return `cluster=cluster-1&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
  };
  const figures = "nis.contractual,nis.raw,jobUptime.contractual,ettr";
  return [
    { name: "closed month", path: () => sla(closed), aimMs: 10 },
    { name: "closed month, compressed", path: () => sla(closed), headers: gzip, aimMs: 10 },
    {
      name: "closed month, after an event",
      path: () => sla(closed),
      aimMs: 10,
      afterEvents: true,
    },
    {
      name: "closed month, as of random positions after it",
      path: () => `${sla(closed)}&asOf=${last(0.2)}`,
      aimMs: 50,
    },
    {
      name: "running month, after an event",
      path: () => sla("this-month"),
      aimMs: 50,
      afterEvents: true,
    },
    {
      name: "one figure of a closed month, after an event",
      path: () => `/v1/nis?cluster=cluster-1&period=${closed}&fields=contractual`,
      aimMs: 5,
      afterEvents: true,
    },
    {
      name: "one figure of three days, mostly asked before",
      path: (i) => `/v1/nis?${days(i, 3)}&fields=contractual`,
      aimMs: 5,
    },
    {
      name: "series, 90 days by day, after an event",
      path: () => `/v1/series?cluster=cluster-1&period=P90D&bucket=1d&figures=${figures}`,
      aimMs: 100,
      afterEvents: true,
    },
  ];
}

export async function measureAnswers(url: string, count: number): Promise<string> {
  const health = (await (await fetch(`${url}/readyz`)).json()) as { sequence: number };
  const month = new Date();
  month.setUTCDate(0);
  const closed = month.toISOString().slice(0, 7);
  const rows: LatencyRow[] = [];
  for (const { name, path, aimMs, headers, afterEvents } of askings(health.sequence, closed)) {
    const micros: number[] = [];
    // The first answer is not what is measured here.
    await ask(url + path(0), headers);
    for (let i = 0; i < count; i++) {
      if (afterEvents) await postEvent(url);
      micros.push((await ask(url + path(i), headers)).micros);
    }
    rows.push({ name, micros, ...(aimMs === undefined ? {} : { aim: aimMs * 1_000 }) });
  }
  const { tag } = await ask(url + sla(closed));
  const known: number[] = [];
  for (let i = 0; i < count; i++) {
    const { micros, status } = await ask(url + sla(closed), { "if-none-match": tag });
    if (status !== 304) throw new Error(`an answer that is known was sent again (${status})`);
    known.push(micros);
  }
  rows.push({ name: "304", micros: known, aim: 2_000 });
  return formatLatencies("", rows);
}

if (import.meta.main) {
  const { store, count, done } = await largeStore();
  const served = await serveLedger(store);
  process.stdout.write(`${await measureAnswers(served.url, count)}\n`);
  await served.stop();
  done();
}
