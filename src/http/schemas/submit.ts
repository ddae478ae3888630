/** What `POST /v1/events` accepts and answers, for the documentation. The ledger checks the body itself. */
import { z } from "zod";
import { findingKinds } from "../../../projections/facts/finding.ts";
import { errorCatalogue } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import { documented, inputError, problemAnswers, wholeCount } from "../../answers/schemas.ts";

const madeFinding = z.strictObject({
  kind: z.enum(findingKinds),
  eventId: z
    .string()
    .describe("The fact that does not fit: a submitted one, or an earlier one that used to fit."),
  at: z.string(),
  fix: z.string().describe("How to fix it."),
});
const made = {
  findings: z
    .array(madeFinding)
    .optional()
    .describe("Findings caused by the append, at most 100; absent if nothing was appended."),
  findingsComplete: z
    .boolean()
    .optional()
    .describe("False if there may be more; see /v1/data-quality."),
};
const refusal = z.strictObject({
  code: z.enum(Object.keys(errorCatalogue) as ErrorCode[]),
  title: z.string(),
  detail: z.string(),
  errors: z.array(inputError),
});
export const appendedEvent = z.strictObject({
  status: z.enum(["appended", "duplicate"]),
  id: z.guid(),
  stream: z.string(),
  revision: z.string().describe("Index in its stream, from 0, as decimal text."),
  sequence: wholeCount.nullable().describe("Position in the ledger; null if it is not known yet."),
  ...made,
  note: z
    .string()
    .optional()
    .describe("Something the sender should know, such as an earlier retraction."),
});
export const refusedEvent = z.strictObject({
  status: z.literal("refused"),
  id: z.string().nullable(),
  httpStatus: z.int().optional(),
  error: refusal,
});
const list = z.strictObject({
  appended: wholeCount,
  duplicates: wholeCount,
  refused: wholeCount,
  lastSequence: wholeCount.nullable(),
  ...made,
  results: z
    .array(z.union([appendedEvent, refusedEvent]))
    .describe("One per event, in the order sent."),
});

/** One line of the outcome, when `Accept: application/json` asks for it. */
const line = z.union([
  z.strictObject({
    line: wholeCount,
    status: z.enum(["appended", "duplicate"]),
    sequence: wholeCount.nullable(),
  }),
  z.strictObject({
    line: wholeCount,
    status: z.literal("refused"),
    id: z.string().nullable(),
    error: refusal,
  }),
]);
const imported = z.strictObject({
  appended: wholeCount,
  duplicates: wholeCount,
  refused: wholeCount,
  lastSequence: wholeCount.nullable(),
  lastLine: wholeCount.describe("The last line with an outcome; 0 if there is none."),
  complete: z
    .boolean()
    .describe("False if some lines may not have been read: send all of them again."),
  error: refusal.optional().describe("Why it is not complete."),
  ...made,
  results: z.array(line).describe("One per line, as requested with Prefer."),
});

export const submitDocs = {
  operationId: "appendEvents",
  summary: "Append events",
  tags: ["events"],
  description: [
    "One event, a JSON list of at most 1,000, or NDJSON without a limit (`application/x-ndjson`, one event per line).",
    "An event's `id` makes a retry safe: an event sent again with the same content is answered as a duplicate, with its original position.",
    "An event without an `id` is given one by the header `Idempotency-Key` (1 to 256 characters): the first event of the request gets an id made from the key, later ones from the key and their index (in NDJSON, the line). The same key with other content is `id-conflict`. An event that has an `id` keeps it, and the key is not used for it; the answer to one event says so in `note`.",
    "",
    "An event that contradicts itself (an end not after its start, an empty list of its subjects, more nodes done than there are) is refused with `invalid-event`, and both members are named. An event that contradicts other events is appended, and becomes a finding.",
    "",
    "`findings` in the answer (for NDJSON in its summary) names the facts that no longer fit because of the append, and how to fix each; the search is bounded, and `findingsComplete` is false if it hit the bound.",
    "",
    "**One event**: 201 appended, 200 duplicate, else a problem document.",
    "**A list**: 201 if at least one was appended and none refused, 200 if all are duplicates, 207 if any is refused; each has its own result. 503 if nothing could be appended now: send all again. The events of one stream are appended all or not at all, except those refused for their own form.",
    '**NDJSON**: always 200 once lines are accepted. The answer is NDJSON too, written while lines still arrive: one `{line, status, sequence}` or `{line, status: "refused", id, error}` per line, and last `{summary: {appended, duplicates, refused, lastSequence, lastLine, complete}}`. A bad line affects only itself. Read the answer while you send, or send `Prefer: return=minimal` to get only refused lines. With `Accept: application/json` the same comes as one object with `results`. `complete: false` means that lines after `lastLine` may not have been read: send all again.',
  ].join("\n"),
  response: documented({
    200: {
      description: "A duplicate; a list of duplicates; the outcome of NDJSON.",
      content: {
        "application/json": { schema: z.union([appendedEvent, list, imported]) },
        "application/x-ndjson": {
          schema: z.string().describe("One outcome per line, then a summary."),
        },
      },
    },
    201: {
      description: "Appended and durable.",
      content: { "application/json": { schema: z.union([appendedEvent, list]) } },
    },
    207: {
      description: "At least one event of the list was refused.",
      content: { "application/json": { schema: list } },
    },
    ...problemAnswers,
  }),
};
