/**
 * Schemas of answers that are not figures, for the API documentation; answers are not validated against them at run
 * time.
 */
import { z } from "zod";
import { decisionMember } from "../events/envelope.ts";
import { errorCatalogue } from "../errors.ts";
import type { ErrorCode, ErrorExtra } from "../errors.ts";

export const instantText = z.iso.datetime().describe("An instant in UTC, to the millisecond.");
export const nullableInstant = instantText.nullable();
export const ms = z.int().describe("Milliseconds.");
export const wholeCount = z.int().min(0);

export const position = z
  .strictObject({ sequence: wholeCount })
  .describe("The ledger position that the answer is computed at.");

export const decisionOutcomes = ["appended", "already", "repeated"] as const;

/** Where an event stands that a decision made or rests on. */
export const decisionEvent = z
  .strictObject({
    id: z.guid(),
    type: z.string(),
    stream: z.string(),
    revision: z.string().describe("Index in its stream, from 0, as decimal text."),
    sequence: z.int().min(1).nullable().describe("null where the store has not said it yet."),
  })
  .meta({ id: "DecisionEvent" });

/** A no-fly zone that is in force, with the stretch that its occurrences form. */
export const nfzInForce = z
  .strictObject({
    nfz: z.string(),
    from: instantText,
    to: instantText,
    inFlight: z.enum(["finish", "pause", "rollback"]),
    scope: z.record(z.string(), z.unknown()).nullable().describe("null: the whole cluster."),
  })
  .meta({ id: "NfzInForce" });

/** What became of a command on maintenance on one node. */
export const maintainedNode = z
  .strictObject({
    node: z.string(),
    status: z
      .union([z.literal(200), z.literal(201), z.literal(409)])
      .describe("201: recorded; 200: nothing to do, or a repeat; 409: refused."),
    event: decisionEvent.optional().describe("What was recorded, a refusal too."),
    code: z
      .enum(["not-a-member", "already-begun", "not-open", "nfz-in-force"])
      .optional()
      .describe("Why there was nothing to do, or why it was refused."),
    nfzs: z.array(nfzInForce).optional().describe("The no-fly zones that refuse it, by name."),
  })
  .meta({ id: "MaintainedNode" });

/** How a no-fly zone stands in one cluster after a command. */
export const nfzInCluster = z
  .strictObject({
    cluster: z.string(),
    occurrences: z
      .array(z.strictObject({ from: instantText, to: instantText }))
      .describe("All that are recorded; one that was skipped ends where it begins."),
    resolvedUntil: nullableInstant.describe(
      "Up to where the occurrences of its rule are recorded; null if none will follow.",
    ),
    event: decisionEvent
      .nullable()
      .describe("The command's event; where nothing was to do, the one that made it so."),
  })
  .meta({ id: "NfzInCluster" });

export const inputError = z.strictObject({
  path: z.string().describe("JSON pointer to the invalid value."),
  message: z.string(),
});

const eventMembers = {
  sequence: z.int().min(1).describe("Position in the ledger, from 1, without gaps."),
  id: z.guid(),
  type: z.string(),
  schemaVersion: z.int().min(1),
  occurredAt: instantText.describe("When it happened."),
  recordedAt: instantText.describe("When the ledger recorded it."),
  stream: z.string(),
  revision: z.string().describe("Index in its stream, from 0, as decimal text."),
  data: z.record(z.string(), z.unknown()),
  actor: z.string().optional(),
  source: z.string().optional(),
  reason: z.string().optional(),
  ticket: z.string().optional(),
  correlationId: z.string().optional(),
  causationId: z.string().optional(),
  decision: decisionMember.optional(),
};

export const storedEvent = z.strictObject(eventMembers).meta({ id: "StoredEvent" });

export const eventPage = z.strictObject({
  asOf: position,
  events: z.array(storedEvent),
  next: z.string().nullable().describe("The address of the next page; null on the last page."),
});

const text = z.string().optional();
const whole = z.int().optional();
const either = z.union([z.string(), z.number()]).optional();

/** Members that only some errors have. The types check that all of them are listed. */
const extraMembers = {
  sequence: whole.describe("The ledger position that the error is about."),
  head: whole.describe("The ledger's last sequence."),
  stream: text,
  revision: either,
  position: text.describe("An event's position in the event store."),
  id: text.describe("The event's id."),
  host: text.describe("The name that the request was sent to."),
  origin: text.describe("The site whose page sent the request."),
  allow: text.describe("The methods that the address takes."),
  acceptEncoding: text.describe("Supported encodings of request bodies."),
  report: text.describe("The report's id."),
  issued: text.describe("The hash that the report was issued with."),
  computed: text.describe("The hash of its document now."),
  clock: text.describe("What the clock read."),
  expected: either.describe(
    "What the clock should have read, or the expected revision of a stream.",
  ),
  actual: either.describe("The stream's actual revision."),
  because: text.describe("Why it was refused, in a word."),
  progress: z.number().optional(),
  retryAfterSeconds: z.int().optional(),
  roles: z.array(z.string()).optional().describe("Roles of which any would do."),
  command: text.describe("The command that was asked."),
  rollout: text.describe("The rollout's id."),
  nfz: text.describe("The id of the no-fly zone."),
  cluster: text.describe("The cluster's name."),
  state: text.describe("The state that it is in."),
  nfzs: z.array(nfzInForce).optional().describe("The no-fly zones in force that hold it."),
  nextStart: nullableInstant
    .optional()
    .describe("The first instant at which no matching zone is in force; null if nobody said."),
  pairs: z
    .array(z.strictObject({ rollout: z.string(), status: z.enum(["conflict", "failed", "never"]) }))
    .optional()
    .describe("The rollouts with which it was not tested."),
  outcome: z.enum(decisionOutcomes).optional().describe("Whether it was recorded now or before."),
  at: instantText.optional().describe("The instant of the decision."),
  asOf: position.optional(),
  event: decisionEvent.nullable().optional().describe("The event that records it."),
  further: z.array(decisionEvent).optional(),
  clusters: z.array(nfzInCluster).optional().describe("The clusters that it was carried out in."),
  leftOut: z.array(z.string()).optional().describe("Clusters in which the command does not apply."),
  maintenance: text.describe("The maintenance's id."),
  results: z.array(maintainedNode).optional().describe("What became of it on each node, by name."),
  found: whole,
  known: whole,
} satisfies Record<keyof ErrorExtra, z.ZodType>;

/** Members of every problem document. */
export const problemMembers = {
  type: z.string().describe("Address of a page about this kind of error."),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().describe("The request, by its id in the log."),
  code: z.enum(Object.keys(errorCatalogue) as ErrorCode[]),
  errors: z.array(inputError),
  furtherErrors: z.int().optional().describe("How many more there are than listed."),
};

const problem = z
  .strictObject({ ...problemMembers, ...extraMembers })
  .describe("RFC 9457 problem document.")
  .meta({ id: "Problem" });

/**
 * The error answer that every route can give. It is `default` rather than `4XX` and `5XX`: client generators support
 * it, and a client handles every refusal the same way.
 */
export const problemAnswers = {
  default: {
    description:
      "The request is refused (4xx) or cannot be answered now (5xx). The document says why and where.",
    content: { "application/problem+json": { schema: problem } },
  },
} as const;

/** The answers of a route, by status. They only document; they do not type what a handler returns. */
type Answers = Readonly<Record<string | number, unknown>>;

/** Answers given in full, for routes that do not answer with one JSON object. */
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
