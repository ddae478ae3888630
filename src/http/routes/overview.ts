/** The overview page and the files that it uses. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { checkPosition, instantQuery, positionQuery } from "../query/query.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { positionOf } from "../query/position.ts";
import { overviewModel } from "../../dashboard/pages/overview-model.ts";
import { overviewPage } from "../../dashboard/pages/overview-page.ts";

const query = z.strictObject({ ...instantQuery, ...positionQuery }).superRefine(checkPosition);

const assets = [
  ["overview.css", "text/css; charset=utf-8"],
  ["report.css", "text/css; charset=utf-8"],
  ["overview.js", "text/javascript; charset=utf-8"],
  ["icon.svg", "image/svg+xml"],
] as const;

export function dashboardRoutes(app: Api, { ledger }: ApiContext): void {
  for (const [file, type] of assets) {
    const content = readFileSync(
      new URL(`../../dashboard/assets/${file}`, import.meta.url),
      "utf8",
    );
    app.get(`/assets/${file}`, { schema: { hide: true } }, (_request, reply) =>
      reply.type(type).send(content),
    );
  }

  app.get("/", { schema: { hide: true, querystring: query } }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const model = await overviewModel(ledger, sequence, request.query);
    const origin = `${request.protocol}://${request.host}`;
    return reply.type("text/html; charset=utf-8").send(overviewPage(model, origin));
  });
}
