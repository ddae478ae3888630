/** An application over a real ledger in a temporary file, with sources and a clock that the test sets. */
import { pino } from "pino";
import type { InjectOptions } from "fastify";
import { buildApp } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { eventsOf } from "../../sources/payloads/deliveries.ts";

export const sources = [
  {
    name: "am",
    kind: "alertmanager",
    cluster: "alpha",
    node: "{labels.instance}",
    rules: [{ match: { alertname: "Watchdog" }, as: "heartbeat" }, { match: {} }],
  },
  { name: "k8s", kind: "kubernetes", cluster: "alpha", node: "{metadata.name}" },
  { name: "slurm", kind: "slurm-events", cluster: "alpha", node: "{NodeName}", zone: "UTC" },
  { name: "nvs", kind: "nvsentinel", cluster: "{metadata.cluster}", node: "{nodeName}" },
];

export interface SourcesApp extends AsyncDisposable {
  readonly app: Api;
  readonly ledger: Ledger;
  readonly log: string[];
  post(
    url: string,
    payload: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; headers: Record<string, unknown> }>;
  ask(options: InjectOptions | string): Promise<Awaited<ReturnType<Api["inject"]>>>;
  /** Types and nodes of all events, in order. */
  told(): Promise<string[]>;
  advance(ms: number): void;
  /** Closes both and opens them again on the same file. */
  restart(): Promise<void>;
}

export async function sourcesApp(
  configuration: object = { sources, allowedOrigins: ["eventgrid.azure.net"] },
  { withTimers = false, decorate = (ledger: Ledger): Ledger => ledger } = {},
): Promise<SourcesApp> {
  const temporary = temporaryLedger();
  let nowMs = Date.parse("2026-04-15T12:00:00Z");
  const clock = { nowMs: () => nowMs };
  const log: string[] = [];
  const logger = pino({}, { write: (line) => log.push(line) });
  const open = async () => {
    const ledger = await temporary.open({ clock });
    const app = await buildApp({
      ledger: decorate(ledger),
      logger,
      clock,
      sources: readSources(configuration),
      startTimers: withTimers ? async () => ({ stop: async () => undefined }) : undefined,
    });
    return { ledger, app };
  };
  const made = await open();
  const self = {
    ...made,
    log,
    ask: (options: InjectOptions | string) => self.app.inject(options),
    post: async (url: string, payload: unknown, headers: Record<string, string> = {}) => {
      const answer = await self.app.inject({
        method: "POST",
        url,
        payload: typeof payload === "string" ? payload : JSON.stringify(payload),
        headers: { "content-type": "application/json", ...headers },
      });
      const body: unknown = answer.body === "" ? null : JSON.parse(answer.body);
      return { status: answer.statusCode, body, headers: answer.headers };
    },
    told: async () =>
      (await eventsOf(self.ledger)).map(({ type, data }) =>
        "node" in data ? `${type} ${data.node}` : type,
      ),
    advance: (ms: number) => {
      nowMs += ms;
    },
    restart: async () => {
      await self.app.close();
      await self.ledger.close();
      Object.assign(self, await open());
    },
    [Symbol.asyncDispose]: async () => {
      await self.app.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
  return self;
}

export const alert = (instance: string, more: object = {}) => ({
  status: "firing",
  labels: { alertname: "Xid", instance },
  startsAt: "2026-04-15T10:00:00Z",
  endsAt: "0001-01-01T00:00:00Z",
  fingerprint: "f1",
  ...more,
});
export const group = (...alerts: readonly object[]) => ({ version: "4", groupKey: "g", alerts });
