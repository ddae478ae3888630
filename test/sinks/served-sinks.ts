/** An application over a ledger on the disk, with webhooks, a receiver, and a time that the test moves. */
import { pino } from "pino";
import type { AppOptions } from "../../src/http/app.ts";
import { buildApp } from "../../src/http/app.ts";
import type { Api } from "../../src/http/server/api.ts";
import type { Webhook } from "../../src/sinks/webhooks/webhooks-file.ts";
import type { Webhooks } from "../../src/sinks/webhooks/webhooks.ts";
import type { Delivering } from "./webhooks/delivering.ts";
import { delivering } from "./webhooks/delivering.ts";

export interface ServedSinks extends AsyncDisposable {
  readonly app: Api;
  readonly its: Delivering;
  readonly webhooks: Webhooks;
}

export async function servedSinks(
  webhook: Partial<Webhook> = {},
  options: Partial<AppOptions> = {},
): Promise<ServedSinks> {
  const its = await delivering();
  const webhooks = its.webhooks(webhook);
  const sinks = {
    webhooks,
    saySilent: async () => undefined,
    start: () => webhooks.start(),
    stop: () => webhooks.stop(),
  };
  const logger = pino({ level: "silent" });
  const app = await buildApp({ ledger: its.ledger, logger, sinks, ...options });
  return {
    app,
    its,
    webhooks,
    async [Symbol.asyncDispose]() {
      await app.close();
      await its[Symbol.asyncDispose]();
    },
  };
}
