/** An application over a real ledger with keys in it, and requests with one of them. */
import { pino } from "pino";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import type { Granted } from "../../src/access/issue.ts";
import { issueKey } from "../../src/access/issue.ts";
import { buildApp } from "../../src/http/app.ts";
import type { AppOptions } from "../../src/http/app.ts";
import type { Api } from "../../src/http/server/api.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

export interface KeyedApp extends AsyncDisposable {
  readonly app: Api;
  readonly ledger: Ledger;
  /** Moves the ledger's clock. */
  advance(ms: number): void;
  /** Issues a key; gives its text and its public part. */
  issue(
    granted: Pick<Granted, "name" | "roles"> & Partial<Granted>,
  ): Promise<{ readonly secret: string; readonly key: string }>;
  /** Asks with a key, or without one if it is `null`. */
  ask(secret: string | null, url: string, more?: InjectOptions): Promise<LightMyRequestResponse>;
  post(secret: string | null, url: string, payload: object): Promise<LightMyRequestResponse>;
}

/** The ledger's clock stands at noon of 15 April 2026 until it is moved. */
export async function keyedApp(
  events: readonly object[] = [],
  options: Partial<AppOptions> = {},
): Promise<KeyedApp> {
  const temporary = temporaryLedger();
  let nowMs = Date.parse("2026-04-15T12:00:00Z");
  const clock = { nowMs: () => nowMs };
  const ledger = await temporary.open({ clock });
  const refused = (await ledger.submit(events)).filter((each) => each.status === "refused");
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
  await ledger.waitFor(events.length, 600_000);
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock, ...options });
  const ask: KeyedApp["ask"] = (secret, url, more = {}) =>
    app.inject({
      url,
      ...more,
      headers: {
        ...more.headers,
        ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      },
    });
  return {
    app,
    ledger,
    ask,
    advance: (ms) => {
      nowMs += ms;
    },
    issue: (granted) =>
      issueKey(ledger, { clusters: ["*"], ...granted }, { said: { actor: "test" } }),
    post: (secret, url, payload) => ask(secret, url, { method: "POST", payload }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}
