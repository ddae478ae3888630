/** Answers that are not figures, for the documentation of the interface; nothing is checked against them at run time. */
import { z } from "zod";

export const instantText = z.iso.datetime().describe("An instant in UTC, to the millisecond.");
export const nullableInstant = instantText.nullable();
export const ms = z.int().describe("Milliseconds.");
export const wholeCount = z.int().min(0);

export const position = z
  .object({ sequence: wholeCount })
  .describe("The ledger position that the answer is computed at.");

export const storedEvent = z.object({
  sequence: z.int().min(1).describe("Dense place in the ledger, from 1."),
  id: z.guid(),
  type: z.string(),
  schemaVersion: z.int().min(1),
  occurredAt: instantText.describe("When it happened."),
  recordedAt: instantText.describe("When the ledger took it down."),
  stream: z.string(),
  revision: z.string().describe("Place in its stream from 0, as decimal text."),
  data: z.record(z.string(), z.unknown()),
  actor: z.string().optional(),
  source: z.string().optional(),
  reason: z.string().optional(),
  ticket: z.string().optional(),
  correlationId: z.string().optional(),
  causationId: z.string().optional(),
});

export const eventPage = z.object({
  asOf: position,
  events: z.array(storedEvent),
  next: z.string().nullable().describe("The address of the next page; null on the last one."),
});

const problem = z
  .object({
    type: z.string().describe("Address of a page about this kind of error."),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe("The request, as the log names it."),
    code: z.string(),
    errors: z.array(
      z.object({
        path: z.string().describe("JSON pointer to the place that is wrong."),
        message: z.string(),
      }),
    ),
  })
  .describe("RFC 9457 problem document.");

/** Answers that every route can give beside its own. */
export const problemAnswers = {
  "4XX": {
    description: "The request is refused; the document says why and where.",
    content: { "application/problem+json": { schema: problem } },
  },
  "5XX": {
    description: "The ledger cannot answer now.",
    content: { "application/problem+json": { schema: problem } },
  },
} as const;

/** The answers of a route, by status or by class of status. They document; they do not type what a handler returns. */
type Answers = Readonly<Record<string | number, unknown>>;

/** Answers written out, where they are not one JSON object. */
export function documented(byStatus: Answers): Answers {
  return byStatus;
}

/** The answers of a route that answers JSON. */
export function answers(description: string, body: z.ZodType): Answers {
  return {
    200: { description, content: { "application/json": { schema: body } } },
    ...problemAnswers,
  };
}
