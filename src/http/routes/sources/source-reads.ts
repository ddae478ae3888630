/** `GET /v1/sources`: what came of each source. */
import { z } from "zod";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { answers } from "../../../answers/schemas.ts";
import type { Signs } from "../../../sources/watch/silence.ts";
import type { SourceState } from "../../../sources/watch/source-log.ts";
import { sourceList } from "../../schemas/sources.ts";
import type { Api } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";

export function sourceReadRoutes(app: Api, context: ApiContext): void {
  app.get(
    "/v1/sources",
    {
      schema: {
        operationId: "listSources",
        summary: "Sources: when they were seen, and what became of their payloads",
        tags: ["sources"],
        querystring: z.strictObject({}),
        response: answers("The sources as configured.", sourceList),
      },
    },
    async () => {
      const { log, silence } = context.sources;
      return { sources: log.all().map((each) => stateJson(each, silence.of(each.source.name))) };
    },
  );
}

function stateJson({ source, payloads, refusals }: SourceState, { lastSeenAt, isSilent }: Signs) {
  const { name, kind, cluster, observes, silentAfterSeconds = null } = source;
  const timed = <T extends { readonly at: number }>({ at, ...rest }: T) => ({
    at: formatInstant(at),
    ...rest,
  });
  return {
    name,
    kind,
    cluster,
    observes,
    silentAfterSeconds,
    lastSeen: lastSeenAt === null ? null : formatInstant(lastSeenAt),
    silent: isSilent,
    payloads: payloads.map(timed),
    refusals: refusals.map(timed),
  };
}
