/**
 * Reports and figures through HTTP, of the fleet that `pages` measures: closed and running months, after events, as of past
 * positions, and the answers that a client has already.
 */
import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { bareServer } from "./bare-server.ts";
import type { LatencyRow } from "./latency.ts";
import { formatLatencies } from "./latency.ts";
import { postEvent } from "./page-viewers.ts";
import { largeStore } from "./large-store.ts";
import type { ServedLedger } from "./served-ledger.ts";
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

/** Processor time of two seconds in which a server does nothing but wait. */
const restingMs = 40;

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

interface Month {
  /** The last full month. */
  readonly closed: string;
  /** The ledger's position when it ended, and now. */
  readonly ended: number;
  readonly head: number;
}

function askings({ closed, ended, head }: Month): Asking[] {
  const since = () => Math.floor(ended + (head - ended) * Math.random());
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
      path: () => `${sla(closed)}&asOf=${since()}`,
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
  const month = await lastMonth(url);
  const { closed } = month;
  const rows: LatencyRow[] = [];
  for (const { name, path, aimMs, headers, afterEvents } of askings(month)) {
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
  rows.push({
    name: "a bare server, the closed month",
    micros: await bareMicros(url, closed, {}, count),
  });
  rows.push({
    name: "a bare server, the closed month compressed",
    micros: await bareMicros(url, closed, gzip, count),
  });
  return formatLatencies("", rows);
}

async function lastMonth(url: string): Promise<Month> {
  const day = new Date();
  day.setUTCDate(1);
  const begun = `${day.toISOString().slice(0, 10)}T00:00:00Z`;
  day.setUTCDate(0);
  const closed = day.toISOString().slice(0, 7);
  const { sequence: head } = (await (await fetch(`${url}/readyz`)).json()) as { sequence: number };
  const figure = `${url}/v1/nis?cluster=cluster-1&period=${closed}&fields=contractual`;
  const answer = await fetch(`${figure}&asOfTime=${begun}`);
  const { asOf } = (await answer.json()) as { asOf: { sequence: number } };
  return { closed, ended: asOf.sequence, head };
}

/** How long a bare server takes to send the bytes of the closed month. */
async function bareMicros(
  url: string,
  closed: string,
  headers: Readonly<Record<string, string>>,
  count: number,
): Promise<number[]> {
  const body = await bytesOf(url + sla(closed), headers);
  const bare = await bareServer(body);
  const micros: number[] = [];
  for (let i = 0; i < count; i++) micros.push((await ask(bare.url)).micros);
  bare.stop();
  return micros;
}

/** As they are sent: fetch would unpack them. */
async function bytesOf(url: string, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  const sent = request(url, { headers });
  sent.end();
  const [message] = (await once(sent, "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Until the server is ready and has folded what it folds of its own accord: nobody reads reports all day in its first minute. */
async function atRest(served: ServedLedger): Promise<void> {
  while (!(await fetch(`${served.url}/readyz`)).ok) await sleep(100);
  for (let before = -Infinity, now = 0; (now = served.cpuMs()) - before > restingMs;) {
    before = now;
    await sleep(2_000);
  }
}

if (import.meta.main) {
  const { store, count, done } = await largeStore();
  const served = await serveLedger(store);
  await atRest(served);
  process.stdout.write(`${await measureAnswers(served.url, count)}\n`);
  await served.stop();
  done();
}
