/** A simulated fleet that is served, for pages to be looked at. */
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { serve } from "../../../src/http/serve.ts";
import { simulate } from "../../../src/simulate/simulate.ts";
import type { RunningServer } from "../../http/app/running-server.ts";

/** Nobody sends: the page of sources shows that it is not heard. */
const sources = readSources({
  sources: [{ name: "k8s", kind: "kubernetes", cluster: "aurora", node: "{metadata.name}" }],
});

export interface ServedFleet {
  readonly url: string;
  readonly ledger: Ledger;
  /** The newest sequence after the simulation, and after the one report that is issued. */
  readonly head: number;
  /** Moves the ledger's clock on. */
  pass(ms: number): void;
  /** Appends an event as a client would, and returns its sequence. */
  post(event: object): Promise<number>;
  /** Stops the server and starts another on the same ledger and port; `meanwhile` happens between the two. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const endMs = Date.UTC(2026, 3, 1, 12);
const logger = pino({ level: "silent" });

/** Its clock stands still at noon of 1 April 2026, unless a test moves it. */
export async function servedFleet(days = 12): Promise<ServedFleet> {
  let nowMs = endMs;
  const clock = { nowMs: () => nowMs };
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-pages-"));
  const ledger = await openLedger({
    store: `sqlite:${join(folder, "l.sqlite")}`,
    mode: "write",
    clock,
  });
  const { events } = simulate({ scenario: "supercomputer", days, seed: 1, endMs });
  await ledger.submit(events, { preserveTimestamps: true });
  const simulated = (await ledger.store.head()).sequence;
  await ledger.waitFor(simulated, 600_000);
  // The server closes its ledger when it stops: it is lent one that the test closes.
  const lent = staysOpen(ledger);
  const begin = (port: number): Promise<RunningServer> =>
    serve({ ledger: lent, logger, port, clock, sources, stopOnSignals: false });
  let server = await begin(0);
  await issueMarch(server.url);
  const head = simulated + 1;
  await ledger.waitFor(head, 600_000);
  return {
    url: server.url,
    ledger,
    head,
    pass: (ms) => {
      nowMs += ms;
    },
    post: async (event) => {
      const answer = await fetch(`${server.url}/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(event),
      });
      if (answer.status !== 201) throw new Error(await answer.text());
      return ((await answer.json()) as { sequence: number }).sequence;
    },
    restart: async (meanwhile = async () => undefined) => {
      const { port } = server;
      await server.stop();
      await meanwhile();
      server = await begin(port);
    },
    stop: async () => {
      await server.stop();
      await ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The report of aurora for March, called `march`. */
async function issueMarch(url: string): Promise<void> {
  const answer = await fetch(`${url}/v1/reports`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ cluster: "aurora", period: "2026-03", report: "march", actor: "Ann" }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

/** The ledger, which whoever closes does not close. */
function staysOpen(ledger: Ledger): Ledger {
  return new Proxy(ledger, {
    get: (target, name) => {
      if (name === "close" || name === "stopTrying") return async () => undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
