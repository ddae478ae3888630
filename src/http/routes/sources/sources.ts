/** The routes of sources. They read their bodies themselves, since each source says what it takes. */
import type { Api } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";
import { cloudEventRoutes } from "./cloud-events.ts";
import { heartbeatRoutes, sourcePayloadRoutes } from "./payloads.ts";
import { sourceReadRoutes } from "./source-reads.ts";

export function sourceRoutes(app: Api, context: ApiContext): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    const api = scope as unknown as Api;
    sourcePayloadRoutes(api, context);
    heartbeatRoutes(api, context);
    sourceReadRoutes(api, context);
    cloudEventRoutes(api, context);
  });
}
