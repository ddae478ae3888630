/** `POST /v1/events`: one event, a list, or NDJSON. */
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { LedgerError, errorCatalogue } from "../../../errors.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { Submission } from "../../../ledger/append/submission.ts";
import { maxEventsPerRequest } from "../../../limits/requests.ts";
import type { ApiContext } from "../context.ts";
import type { Api, ApiReply, ApiRequest } from "../../server/api.ts";
import { idGiver, unusedKeyNote } from "../../query/idempotency-key.ts";
import { bodyParts, wholeBody } from "../../bodies/body-reading.ts";
import { RequestSubjects, findingsJson, findingsMadeBy } from "../../submissions/made-findings.ts";
import type { FindingsJson } from "../../submissions/made-findings.ts";
import { parseJsonBytes } from "../../../json/json-text.ts";
import { IngestAnswer } from "../../bodies/ndjson-answer.ts";
import { ingestNdjson } from "../../bodies/ndjson-ingest.ts";
import { sayReached } from "../../query/position.ts";
import { retryAfterSeconds, unsupportedMediaType } from "../../server/problem.ts";
import { submitDocs } from "../../schemas/submit.ts";
import type { SubmissionJson, Tally } from "../../submissions/submission-json.ts";
import { count, emptyTally, submissionJson } from "../../submissions/submission-json.ts";

const address = "/v1/events";
const ndjsonTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

export function submitRoutes(app: Api, context: ApiContext): void {
  const { bodies } = context;
  app.addContentTypeParser(
    "application/json",
    async (request: ApiRequest, payload: IncomingMessage) =>
      parseJsonBytes(await wholeBody(bodies, request.raw, payload)),
  );
  // The body is not read here: the handler reads the lines as they arrive. No other address takes lines.
  app.addContentTypeParser(ndjsonTypes, (request, payload, done) => {
    if (request.routeOptions.url === address) done(null, payload);
    else done(unsupportedMediaType());
  });

  app.post(address, { schema: submitDocs }, async (request, reply) => {
    const { body } = request;
    const giveId = idGiver(request);
    if (body instanceof Readable) return submitStream(context, body, request, reply);
    if (Array.isArray(body)) return submitList(context, body.map(giveId), reply);
    const answer = await submitOne(context, giveId(body, 0), reply);
    const note = unusedKeyNote(request, (body as { readonly id?: unknown }).id);
    return note === null ? answer : { ...answer, note };
  });
}

async function submitOne(
  context: ApiContext,
  body: unknown,
  reply: ApiReply,
): Promise<SubmissionJson & FindingsJson> {
  const { ledger, metrics } = context;
  if (body === undefined) {
    throw new LedgerError(
      "invalid-request",
      "The request has no body. Send one event, a list or NDJSON.",
      {
        errors: [{ path: "/", message: "is missing" }],
      },
    );
  }
  const [submission] = await ledger.submit([body]);
  if (submission === undefined)
    throw new LedgerError("internal", "The ledger returned no outcome.");
  metrics.submitted.inc({ status: submission.status });
  if (submission.status === "refused") throw submission.error;
  sayReached(reply, submission.sequence);
  reply.header("location", `/v1/events/${encodeURIComponent(submission.id)}`);
  reply.code(submission.status === "appended" ? 201 : 200);
  return {
    ...submissionJson(submission),
    ...(await findingsMadeBy(context, [body], [submission])),
  };
}

async function submitList(
  context: ApiContext,
  body: readonly unknown[],
  reply: ApiReply,
): Promise<Tally & { results: SubmissionJson[] } & FindingsJson> {
  const { ledger, metrics } = context;
  if (body.length > maxEventsPerRequest) {
    throw new LedgerError(
      "too-large",
      `A list can hold at most ${maxEventsPerRequest} events; this one has ${body.length}. Send more as application/x-ndjson.`,
      { errors: [{ path: "/", message: `has more than ${maxEventsPerRequest} elements` }] },
    );
  }
  const submissions = body.length === 0 ? [] : await ledger.submit(body, { wholeParts: true });
  const tally = emptyTally();
  for (const submission of submissions) {
    count(tally, submission);
    metrics.submitted.inc({ status: submission.status });
  }
  const unavailable = whyNothingTaken(submissions);
  if (unavailable !== null) throw unavailable;
  sayReached(reply, tally.lastSequence);
  // If all outcomes are the same, the status says it; otherwise 207, and each element has its own.
  reply.code(tally.refused > 0 ? 207 : tally.appended > 0 ? 201 : 200);
  if (submissions.some(isToComeBack)) reply.header("retry-after", String(retryAfterSeconds));
  return {
    ...tally,
    ...(await findingsMadeBy(context, body, submissions)),
    results: submissions.map((submission) => {
      const result = submissionJson(submission);
      return result.status === "refused"
        ? { ...result, httpStatus: errorCatalogue[result.error.code as "internal"].status }
        : result;
    }),
  };
}

/** Why nothing of a list could be appended now. The status says so, because the client should send the list again. */
function whyNothingTaken(submissions: readonly Submission[]): LedgerError | null {
  const [first] = submissions;
  if (first?.status !== "refused" || !submissions.every(isToComeBack)) return null;
  const { code, message } = first.error;
  const detail = `None of the ${submissions.length} events was appended: ${message}`;
  return new LedgerError(code, detail, { cause: first.error });
}

/** Whether a single event with this outcome would be answered with Retry-After. */
function isToComeBack(submission: Submission): boolean {
  return submission.status === "refused" && errorCatalogue[submission.error.code].status === 503;
}

/** Answers with a stream that the import keeps filling; resolves once the answer has started. */
function submitStream(
  context: ApiContext,
  payload: Readable,
  request: ApiRequest,
  reply: ApiReply,
): ApiReply {
  const { ledger, metrics, stopping, bodies, answers } = context;
  const asObject = wantsJson(request.headers.accept);
  const refusedOnly = /(^|,)\s*return=minimal\s*(,|;|$)/i.test(
    String(request.headers.prefer ?? ""),
  );
  const answer = new IngestAnswer({ asObject, refusedOnly }, answers);
  const source = bodyParts(bodies, request.raw, payload);
  const subjects = new RequestSubjects();
  const noted: Pick<Ledger, "submit"> = {
    submit: async (inputs) => {
      const submissions = await ledger.submit(inputs);
      subjects.note(inputs, submissions);
      return submissions;
    },
  };
  const told = ingestNdjson(noted, source, answer, stopping, idGiver(request)).then(
    async (summary) => {
      metrics.submitted.inc({ status: "appended" }, summary.appended);
      metrics.submitted.inc({ status: "duplicate" }, summary.duplicates);
      metrics.submitted.inc({ status: "refused" }, summary.refused);
      request.log.info({ summary }, "NDJSON submission ended");
      const code = summary.error?.code as keyof typeof errorCatalogue | undefined;
      if (code !== undefined && answer.isEmpty && !answer.isClosed) {
        // Nothing was sent yet, so the failure can still have its own status.
        answer.stream.destroy(new LedgerError(code, summary.error?.detail ?? ""));
        return;
      }
      answer.end({
        ...summary,
        ...(summary.appended > 0 ? await findingsJson(context, subjects) : {}),
      });
    },
  );
  told.catch((error: Error) => answer.stream.destroy(error));
  if (refusedOnly) reply.header("preference-applied", "return=minimal");
  return reply
    .code(200)
    .type(asObject ? "application/json; charset=utf-8" : "application/x-ndjson; charset=utf-8")
    .send(answer.stream);
}

/** JSON only if it is accepted and NDJSON is not. */
function wantsJson(accept: string | undefined): boolean {
  return (
    accept !== undefined && /\bapplication\/json\b/i.test(accept) && !/ndjson|jsonl/i.test(accept)
  );
}
