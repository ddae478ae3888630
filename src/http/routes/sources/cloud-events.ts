/** `POST /v1/cloudevents`: facts as CloudEvents, and those that a source takes; `OPTIONS`, by which senders ask. */
import { z } from "zod";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import { LedgerError, errorCatalogue } from "../../../errors.ts";
import { maxCloudEventsPerBatch, webhookRequestsPerMinute } from "../../../limits/sources.ts";
import { type CloudOutcome, takeCloudEvents } from "../../../sources/intake/take-cloud-events.ts";
import { laterSequence } from "../../../sources/intake/answer.ts";
import { sayReached } from "../../query/position.ts";
import { retryAfterSeconds } from "../../server/problem.ts";
import { cloudEventAnswers } from "../../schemas/sources.ts";
import type { Api, ApiReply, ApiRequest } from "../../server/api.ts";
import { findingsMadeBy } from "../../submissions/made-findings.ts";
import {
  type RefusalJson,
  count,
  emptyTally,
  refusalJson,
  submissionJson,
} from "../../submissions/submission-json.ts";
import type { ApiContext } from "../context.ts";
import { bodyText, payloadJson } from "../../bodies/payload-text.ts";
import { mediaTypeOf, plainHeaders } from "./payload-body.ts";
import { senderOf } from "./sender.ts";
import { toldToSender } from "./unavailable.ts";

const address = "/v1/cloudevents";

export function cloudEventRoutes(app: Api, context: ApiContext): void {
  app.post(
    address,
    {
      schema: {
        operationId: "submitCloudEvents",
        summary: "CloudEvents 1.0: one, structured or binary, or a batch",
        tags: ["sources"],
        description: [
          "`type` is `io.fleetledger.` and an event type, `time` is needed, and `source` and `id` together are the identity. Types of NVSentinel and of Azure Resource Health go to the source that takes them.",
          `One event is answered as by \`POST /v1/events\`, a batch (at most ${maxCloudEventsPerBatch}) as its list: 207 where at least one is refused.`,
        ].join("\n"),
        response: cloudEventAnswers,
      },
    },
    async (request, reply) => {
      const outcomes = await takeRequest(context, request);
      for (const outcome of outcomes.outcomes) note(context, outcome);
      return outcomes.single
        ? await answerOne(context, outcomes.outcomes[0], reply)
        : await answerBatch(context, outcomes.outcomes, reply);
    },
  );

  app.options(
    address,
    {
      config: { withoutKey: true },
      schema: {
        operationId: "acceptCloudEventsSender",
        summary: "May a sender send CloudEvents here (its webhook handshake)?",
        tags: ["sources"],
        headers: z.looseObject({ "webhook-request-origin": z.string().max(256).optional() }),
        response: documented({
          200: z.null().describe("It may: WebHook-Allowed-Origin and WebHook-Allowed-Rate say so."),
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const origin = request.headers["webhook-request-origin"];
      reply.header("allow", "OPTIONS, POST");
      if (origin === undefined) return await reply.code(200).send();
      if (!context.sources.allowedOrigins.includes(origin))
        throw new LedgerError(
          "origin-not-allowed",
          "The configuration of sources does not name this origin in allowedOrigins.",
          {
            errors: [{ path: "/header/webhook-request-origin", message: "is not allowed" }],
            extra: { origin: origin.slice(0, 300).toWellFormed() },
          },
        );
      return await reply
        .code(200)
        .header("webhook-allowed-origin", origin)
        .header("webhook-allowed-rate", String(webhookRequestsPerMinute))
        .send();
    },
  );
}

async function takeRequest({ ledger, bodies, sources }: ApiContext, request: ApiRequest) {
  const headers = plainHeaders(request);
  const mediaType = mediaTypeOf(request);
  const isJson = mediaType === "application/json" || mediaType.endsWith("+json");
  const text = await bodyText(bodies, request);
  const body = isJson || mediaType === "" ? payloadJson(text) : text;
  if (Array.isArray(body) && body.length > maxCloudEventsPerBatch) {
    const detail = `A batch can hold at most ${maxCloudEventsPerBatch} events; this one has ${body.length}.`;
    throw new LedgerError("too-large", detail);
  }
  const all = sources.log.all().map(({ source }) => source);
  const asked = { contentType: headers["content-type"] ?? "", headers, body };
  try {
    return await takeCloudEvents(ledger, all, asked, { actor: senderOf(request, null) });
  } catch (error) {
    throw toldToSender(error);
  }
}

function note({ metrics, sources, ledger }: ApiContext, outcome: CloudOutcome): void {
  if (outcome.is === "fact") metrics.submitted.inc({ status: outcome.submission.status });
  if (outcome.is === "payload")
    sources.log.taken(outcome.source.name, outcome.answer, ledger.nowMs());
}

async function answerOne(context: ApiContext, outcome: CloudOutcome | undefined, reply: ApiReply) {
  if (outcome === undefined) throw new LedgerError("internal", "A CloudEvent has no outcome.");
  if (outcome.is === "refused") throw outcome.error;
  if (outcome.is === "payload") {
    sayReached(reply, outcome.answer.lastSequence);
    return outcome.answer;
  }
  const { submission, input } = outcome;
  if (submission.status === "refused") throw submission.error;
  sayReached(reply, submission.sequence);
  reply.header("location", `/v1/events/${encodeURIComponent(submission.id)}`);
  reply.code(submission.status === "appended" ? 201 : 200);
  return {
    ...submissionJson(submission),
    ...(await findingsMadeBy(context, [input], [submission])),
  };
}

async function answerBatch(
  context: ApiContext,
  outcomes: readonly CloudOutcome[],
  reply: ApiReply,
) {
  const tally = emptyTally();
  for (const each of outcomes) {
    if (each.is === "fact") count(tally, each.submission);
    if (each.is === "refused") tally.refused++;
    if (each.is !== "payload") continue;
    tally.appended += each.answer.appended;
    tally.duplicates += each.answer.duplicates;
    tally.lastSequence = laterSequence(tally.lastSequence, each.answer.lastSequence);
    if (each.answer.refused.length > 0) tally.refused++;
  }
  const errors = outcomes.flatMap((each) => errorOf(each) ?? []);
  const [first] = errors;
  const isToComeBack = (error: LedgerError) => errorCatalogue[error.code].status === 503;
  // Nothing could be appended now: the status says so, because the sender should send all of it again.
  if (first !== undefined && errors.length === outcomes.length && errors.every(isToComeBack))
    throw first;
  if (errors.some(isToComeBack)) reply.header("retry-after", String(retryAfterSeconds));
  sayReached(reply, tally.lastSequence);
  reply.code(tally.refused > 0 ? 207 : tally.appended > 0 ? 201 : 200);
  const facts = outcomes.flatMap((each) => (each.is === "fact" ? [each] : []));
  const inputs = facts.map(({ input }) => input);
  const submissions = facts.map(({ submission }) => submission);
  return {
    ...tally,
    ...(await findingsMadeBy(context, inputs, submissions)),
    results: outcomes.map(elementJson),
  };
}

function errorOf(outcome: CloudOutcome): LedgerError | null {
  if (outcome.is === "refused") return outcome.error;
  if (outcome.is === "payload" || outcome.submission.status !== "refused") return null;
  return outcome.submission.error;
}

function elementJson(outcome: CloudOutcome): object {
  if (outcome.is === "payload")
    return { status: "taken", source: outcome.source.name, answer: outcome.answer };
  const error = errorOf(outcome);
  if (error === null && outcome.is === "fact") return submissionJson(outcome.submission);
  const told: RefusalJson = refusalJson(error ?? new LedgerError("internal", "It has no outcome."));
  const id = outcome.is === "fact" ? outcome.submission.id : null;
  const httpStatus = errorCatalogue[told.code as "internal"].status;
  return { status: "refused", id, error: told, httpStatus };
}
