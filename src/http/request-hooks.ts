/** What every request goes through: its id, its names, its line in the log. */
import { mirrorHeader, whyStopped } from "../answers/store-status.ts";
import { nameOfSegment } from "../path-segment.ts";
import type { ApiContext } from "./routes/context.ts";
import type { Api } from "./server/api.ts";

export function addRequestHooks(app: Api, { metrics, ledger }: ApiContext): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    if (whyStopped(ledger.store) !== null) reply.header(mirrorHeader, "stopped");
  });
  app.addHook("preValidation", async ({ params }) => {
    const named = params as Record<string, string>;
    for (const [name, segment] of Object.entries(named ?? {})) named[name] = nameOfSegment(segment);
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "none";
    const status = String(reply.statusCode);
    metrics.httpSeconds.observe({ method, route, status }, reply.elapsedTime / 1_000);
    const path = request.url.split("?", 1)[0];
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, path, status: reply.statusCode, ms }, "answered");
  });
}
