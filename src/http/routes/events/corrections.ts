/** Corrections of a fact by its address: `POST /v1/events/{id}/corrections` and `/retraction`. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { instant, longText, text } from "../../../events/fields/fields.ts";
import { LedgerError } from "../../../errors.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { ApiContext } from "../context.ts";
import type { Api, ApiReply, ApiRequest } from "../../server/api.ts";
import { inCorrectionBody } from "../../submissions/correction-pointers.ts";
import { retractedBefore } from "../../../answers/event-history.ts";
import { keyedId, unusedKeyNote } from "../../query/idempotency-key.ts";
import { sequenceHeader } from "../../query/position.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import { appendedEvent } from "../../schemas/submit.ts";
import { findingsMadeBy } from "../../submissions/made-findings.ts";
import { submissionJson } from "../../submissions/submission-json.ts";

const path = z.strictObject({ id: z.guid().describe("The id of the event that it is about.") });

const said = {
  id: z
    .guid()
    .optional()
    .describe("The correction's own id. Default: derived from Idempotency-Key, or new."),
  actor: text.optional().describe("Who states it. Default: the key's name."),
  reason: longText.describe("Why."),
  source: text.optional(),
  ticket: text.optional(),
};
const correction = z
  .strictObject({
    ...said,
    occurredAt: instant.optional().describe("When it really happened."),
    data: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("The complete new data, for the event's type."),
  })
  .refine((body) => body.occurredAt !== undefined || body.data !== undefined, {
    error: "is required unless data is given",
    path: ["occurredAt"],
  });
const retraction = z.strictObject(said);

const response = documented({
  200: {
    description: "Already recorded.",
    content: { "application/json": { schema: appendedEvent } },
  },
  201: {
    description: "Appended and durable.",
    content: { "application/json": { schema: appendedEvent } },
  },
  ...problemAnswers,
});

export function correctionRoutes(app: Api, context: ApiContext): void {
  app.post(
    "/v1/events/:id/corrections",
    {
      schema: {
        operationId: "correctEvent",
        summary: "Correct a fact",
        tags: ["events"],
        description:
          "Writes `FactCorrected`: the fact happened at another time, or with other data. The original is kept, and figures change immediately. A correction can be corrected too.",
        params: path,
        body: correction,
        response,
      },
    },
    async (request, reply) => {
      const { occurredAt, data, ...rest } = request.body;
      const stated = {
        eventId: request.params.id,
        ...(occurredAt === undefined ? {} : { occurredAt }),
        ...(data === undefined ? {} : { data }),
      };
      return await submit(context, request, reply, {
        type: "FactCorrected",
        data: stated,
        ...rest,
      });
    },
  );

  app.post(
    "/v1/events/:id/retraction",
    {
      schema: {
        operationId: "retractEvent",
        summary: "Retract a fact",
        tags: ["events"],
        description:
          "Writes `FactRetracted`: the fact did not happen. Retracting a retraction restores the fact.",
        params: path,
        body: retraction,
        response,
      },
    },
    async (request, reply) => {
      const data = { eventId: request.params.id };
      return await submit(context, request, reply, {
        type: "FactRetracted",
        data,
        ...request.body,
      });
    },
  );
}

interface Correction {
  readonly type: string;
  readonly data: object;
  readonly id?: string | undefined;
  readonly [attribution: string]: unknown;
}

async function submit(
  context: ApiContext,
  request: ApiRequest & { readonly params: { readonly id: string } },
  reply: ApiReply,
  { id: given, ...stated }: Correction,
) {
  const { ledger, metrics, clock } = context;
  const keyed = keyedId(request);
  const id = given ?? keyed ?? randomUUID();
  const occurredAt = await statedAt(ledger, id, clock.nowMs());
  const [submission] = await ledger.submit([{ ...stated, id, occurredAt }]);
  if (submission === undefined)
    throw new LedgerError("internal", "The ledger returned no outcome.");
  metrics.submitted.inc({ status: submission.status });
  if (submission.status === "refused") throw inCorrectionBody(submission.error);
  if (submission.sequence !== null) reply.header(sequenceHeader, String(submission.sequence));
  reply.header("location", `/v1/events/${id.toLowerCase()}`);
  reply.code(submission.status === "appended" ? 201 : 200);
  const before =
    stated.type === "FactRetracted"
      ? await retractedBefore(ledger.store, request.params.id, id)
      : null;
  const notes = [before, unusedKeyNote(request, given)].filter((each) => each !== null);
  const made = await findingsMadeBy(context, [stated], [submission]);
  return {
    ...submissionJson(submission),
    ...made,
    ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
  };
}

/** A repeated correction gets the time of the first one, so that it has the same content. */
async function statedAt(ledger: Ledger, id: string, nowMs: number): Promise<string> {
  const before = await ledger.store.findById(id.toLowerCase());
  return formatInstant(before?.occurredAt ?? Math.floor(nowMs));
}
