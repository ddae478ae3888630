/** `GET /v1/events` and `GET /v1/events/{id}`. */
import { z } from "zod";
import { clusterName } from "../../../events/fields/fields.ts";
import { eventTypes } from "../../../events/catalogue.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import { LedgerError } from "../../../errors.ts";
import { maxNameLength } from "../../../limits/events.ts";
import { defaultPageSize, maxPageSize } from "../../../limits/requests.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { whileWaitedFor } from "../../server/client-gone.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { eventHistory, standing } from "../../../answers/event-history.ts";
import { cloudEventJson, cloudEventsType } from "../../../answers/cloud-event-json.ts";
import { eventJson } from "../../../answers/event-json.ts";
import { asOf, positionOf, reachStart, requireReached } from "../../query/position.ts";
import { isLookBack } from "../../../answers/look-back.ts";
import { formatOf, formatParameter, sendCloudEvents } from "../../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../../query/table.ts";
import { checkPosition, instantParameter, positionQuery, wholeNumber } from "../../query/query.ts";
import { answers, documented, eventPage, position, storedEvent } from "../../../answers/schemas.ts";

const eventFormats = [...tableFormats, "cloudevents"] as const;

const pageQuery = z
  .strictObject({
    ...positionQuery,
    stream: z
      .string()
      .min(1)
      .max(3 * maxNameLength)
      .optional()
      .describe("Events of this stream."),
    type: z.enum(eventTypes).optional().describe("Events of this type."),
    cluster: clusterName.optional().describe("Events that name this cluster."),
    from: instantParameter("Only events that occurred at or after this instant.").optional(),
    to: instantParameter("Only events that occurred before this instant.").optional(),
    after: wholeNumber(
      0,
      Number.MAX_SAFE_INTEGER,
      "Only events with a greater sequence. A sequence past the read's position is an error.",
    ).optional(),
    before: wholeNumber(
      1,
      Number.MAX_SAFE_INTEGER,
      "Only events with a smaller sequence. Continues a page with order=desc.",
    ).optional(),
    order: z
      .enum(["asc", "desc"])
      .optional()
      .describe("By sequence: ascending (asc, the default) or descending (desc)."),
    limit: wholeNumber(1, maxPageSize, "Maximum number of events on a page.").optional(),
    format: formatParameter(eventFormats),
  })
  .superRefine(checkPosition);

/** As a table: data and decision are JSON. */
const columns = [
  "sequence",
  "id",
  "type",
  "schemaVersion",
  "occurredAt",
  "recordedAt",
  "stream",
  "revision",
  "data",
  "actor",
  "source",
  "reason",
  "ticket",
  "correlationId",
  "causationId",
  "decision",
];

const idPath = z.strictObject({ id: z.guid().describe("The event's id.") });
const idQuery = z.strictObject(positionQuery).superRefine(checkPosition);

const oneEvent = z.strictObject({
  ...storedEvent.shape,
  asOf: position,
  amendedBy: z
    .array(storedEvent)
    .describe("Its corrections and retractions, and theirs, by sequence."),
  standing: standing.describe("Its state at this position, after all corrections."),
  history: z
    .array(z.strictObject({ ...standing.shape, sequence: z.int(), eventId: z.string() }))
    .describe("Its state after it was recorded and after each correction."),
});

export function readEventRoutes(app: Api, context: ApiContext): void {
  pageRoute(app, context);
  oneRoute(app, context);
}

function pageRoute(app: Api, { ledger, stopping, audit }: ApiContext): void {
  app.get(
    "/v1/events",
    {
      schema: {
        operationId: "listEvents",
        summary: "Events by sequence, a page at a time",
        tags: ["events"],
        querystring: pageQuery,
        response: withCloudEvents(tableAnswers("A page of events.", eventPage)),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const format = formatOf(query.format, eventFormats, request, reply);
      const { stream, type, cluster, from, to, after = 0, limit = defaultPageSize } = query;
      const { before = Number.MAX_SAFE_INTEGER, order = "asc" } = query;
      if (!isLookBack(query)) await reachStart(ledger, after, "/query/after", app.readWaitMs);
      const sequence = await positionOf(ledger, query, reply);
      requireReached("after", after, sequence);
      const found = await ledger.store.query({
        ...(stream === undefined ? {} : { stream }),
        ...(type === undefined ? {} : { type }),
        ...(cluster === undefined ? {} : { cluster }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        after,
        upTo: Math.min(sequence, before - 1),
        order,
        limit: limit + 1,
        signal: whileWaitedFor(reply, stopping),
      });
      const events = found.slice(0, limit);
      const last = events.at(-1);
      const next =
        found.length > limit && last !== undefined ? nextPage(query, last, sequence) : null;
      if (format === "csv") {
        return await sendTable(reply, "events", columns, { rows: events.map(eventJson), next });
      }
      if (format === "cloudevents") {
        const origin = audit.signer?.name ?? "fleetledger";
        if (next !== null) reply.header("link", `<${next}>; rel="next"`);
        return await sendCloudEvents(
          reply,
          events.map((event) => cloudEventJson(event, origin)),
        );
      }
      if (next !== null) reply.header("link", `<${next}>; rel="next"`);
      return { asOf: asOf(sequence), events: events.map(eventJson), next };
    },
  );
}

function oneRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/events/:id",
    {
      schema: {
        operationId: "getEvent",
        summary: "One event, with what corrects it",
        tags: ["events"],
        params: idPath,
        querystring: idQuery,
        response: answers("The event.", oneEvent),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const id = request.params.id.toLowerCase();
      const event = await ledger.store.findById(id);
      if (event === null || event.sequence > sequence) {
        throw new LedgerError("not-found", `There is no event ${id} up to sequence ${sequence}.`);
      }
      return {
        asOf: asOf(sequence),
        ...eventJson(event),
        ...(await eventHistory(ledger.store, event, sequence)),
      };
    },
  );
}

/** The address of the next page, with the same query at the same position. */
function nextPage(query: z.output<typeof pageQuery>, last: StoredEvent, sequence: number): string {
  const parameters = new URLSearchParams();
  for (const key of ["stream", "type", "cluster", "order", "limit", "format"] as const) {
    if (query[key] !== undefined) parameters.set(key, String(query[key]));
  }
  for (const key of ["from", "to"] as const) {
    const ms = query[key];
    if (ms !== undefined) parameters.set(key, formatInstant(ms));
  }
  parameters.set("asOf", String(sequence));
  const [goesOn, stays] =
    query.order === "desc" ? (["before", "after"] as const) : (["after", "before"] as const);
  parameters.set(goesOn, String(last.sequence));
  if (query[stays] !== undefined) parameters.set(stays, String(query[stays]));
  return `/v1/events?${parameters.toString()}`;
}

/** As CloudEvents the page is a batch, and `Link: …; rel="next"` is the next page. */
function withCloudEvents(described: ReturnType<typeof tableAnswers>) {
  const page = described[200] as { readonly content: object };
  const batch = z.array(z.record(z.string(), z.unknown()));
  const content = { ...page.content, [cloudEventsType]: { schema: batch } };
  return documented({ ...described, 200: { ...page, content } });
}
