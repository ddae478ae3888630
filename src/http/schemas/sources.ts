/** What the routes of sources answer, for the documentation. */
import { z } from "zod";
import { errorCatalogue } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import {
  documented,
  instantText,
  nullableInstant,
  problemAnswers,
  wholeCount,
} from "../../answers/schemas.ts";
import { appendedEvent, refusedEvent } from "./submit.ts";

const code = z.enum(Object.keys(errorCatalogue) as ErrorCode[]);
const refused = z.strictObject({
  path: z.string().describe("JSON pointer into the payload; of a file /rows/N."),
  code,
  detail: z.string(),
});

const counts = {
  observations: wholeCount.describe("Observations, or rows of a file."),
  appended: wholeCount.describe("Events."),
  duplicates: wholeCount.describe("Events that the ledger has already."),
  absorbed: wholeCount.describe("Observations that told nothing new."),
  ignored: wholeCount.describe("Observations that no rule takes, or that are no matter of health."),
  truncated: wholeCount.describe("Observations that the sender left out."),
};

export const payloadAnswer = z
  .strictObject({
    ...counts,
    lastSequence: wholeCount
      .nullable()
      .describe("The last sequence of its events; null if none was appended, or it is not known."),
    refused: z.array(refused),
    notes: z
      .array(z.strictObject({ path: z.string(), kind: z.string().optional(), detail: z.string() }))
      .describe("What to know about observations that were taken."),
  })
  .meta({ id: "PayloadAnswer" });

/** What would become of a payload. */
export const previewAnswer = payloadAnswer
  .extend({
    wouldAppend: wholeCount.describe("How many events would be appended."),
    events: z
      .array(
        z.strictObject({
          id: z.string(),
          type: z.string(),
          occurredAt: instantText,
          data: z.looseObject({}),
          causationId: z.string().optional(),
          correlationId: z.string().optional(),
          reason: z.string().optional(),
        }),
      )
      .describe("The first of them; none for a key that reads no events."),
  })
  .meta({ id: "PayloadPreview" });

const sourceState = z.strictObject({
  name: z.string(),
  kind: z.string(),
  cluster: z.string().describe("As configured, a template."),
  observes: z.boolean().describe("Whether its silence makes nodes unknown."),
  silentAfterSeconds: z.int().nullable(),
  lastSeen: nullableInstant.describe("Its last payload or heartbeat, as far as is known."),
  silent: z.boolean().describe("Whether it has been silent for too long."),
  payloads: z
    .array(z.strictObject({ at: instantText, ...counts, refused: wholeCount }))
    .describe("Its last payloads since the server started, the latest first."),
  refusals: z
    .array(z.strictObject({ at: instantText, ...refused.shape }))
    .describe("What was refused of them, the latest first; an empty path is a whole payload."),
});

export const sourceList = z.strictObject({ sources: z.array(sourceState) });

const element = z.union([
  appendedEvent,
  refusedEvent,
  z.strictObject({ status: z.literal("taken"), source: z.string(), answer: payloadAnswer }),
]);

const batch = z.strictObject({
  appended: wholeCount,
  duplicates: wholeCount,
  refused: wholeCount,
  lastSequence: wholeCount.nullable(),
  ...appendedEvent.pick({ findings: true, findingsComplete: true }).shape,
  results: z.array(element).describe("One per event, in the order sent."),
});

const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { "application/json": { schema } },
});

export const cloudEventAnswers = documented({
  200: json(
    "A duplicate, a batch of duplicates, or what became of a payload of a source.",
    z.union([appendedEvent, batch, payloadAnswer]),
  ),
  201: json("Appended and durable.", z.union([appendedEvent, batch])),
  207: json("At least one event of the batch was refused.", batch),
  ...problemAnswers,
});
