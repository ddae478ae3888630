/** `POST /v1/sources/{name}` and its heartbeat, and `GET /v1/sources`. */
import { z } from "zod";
import { answers, problemAnswers, documented } from "../../../answers/schemas.ts";
import { hasAnyRole } from "../../../access/access.ts";
import { rolesFor } from "../../../access/roles.ts";
import { LedgerError, errorCatalogue, isLedgerError } from "../../../errors.ts";
import { maxPreviewedEvents } from "../../../limits/sources.ts";
import type { Source } from "../../../sources/config/sources-file.ts";
import type { Answer } from "../../../sources/intake/answer.ts";
import {
  type PayloadMeta,
  previewPayload,
  standingOf,
  takePayload,
} from "../../../sources/intake/take-payload.ts";
import { sayReached } from "../../query/position.ts";
import { instantParameter } from "../../query/query.ts";
import { payloadAnswer, previewAnswer } from "../../schemas/sources.ts";
import type { Api, ApiRequest } from "../../server/api.ts";
import { ledgerErrorOf } from "../../server/problem.ts";
import type { ApiContext } from "../context.ts";
import { takeNodeList } from "./node-lists.ts";
import {
  checkMediaType,
  mediaTypeOf,
  plainHeaders,
  lineTypes,
  typesOfKind,
} from "./payload-body.ts";
import { bodyText, payloadJson } from "../../bodies/payload-text.ts";
import { senderOf } from "./sender.ts";
import { toldToSender } from "./unavailable.ts";

const path = z.strictObject({ name: z.string().describe("The source's name.") });
const payloadQuery = z.strictObject({
  exportedAt: instantParameter(
    "When a file was written, if not now: of two files the later one counts.",
  ).optional(),
  strict: z.literal("1").optional().describe("Append nothing if anything is refused: 422."),
  dryRun: z
    .literal("1")
    .optional()
    .describe("Append nothing: say what would be appended. It is no sign of life either."),
});

export function sourcePayloadRoutes(app: Api, context: ApiContext): void {
  app.post(
    "/v1/sources/:name",
    {
      schema: {
        operationId: "submitPayload",
        summary: "A payload of a source, as the foreign system sends it",
        tags: ["sources"],
        description: payloadWords,
        params: path,
        querystring: payloadQuery,
        response: answers("What became of it.", z.union([payloadAnswer, previewAnswer])),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (request.query.dryRun !== undefined)
        return await previewRequest(context, request, name, request.query);
      const answer = await takeRequest(context, request, name, request.query);
      sayReached(reply, answer.lastSequence);
      return answer;
    },
  );
}

async function takeRequest(
  context: ApiContext,
  request: ApiRequest,
  name: string,
  { exportedAt, strict }: z.output<typeof payloadQuery>,
): Promise<Answer> {
  const source = sourceOf(context, name);
  const { ledger, sources } = context;
  try {
    const meta = { actor: senderOf(request, source), exportedAt, strict: strict === "1" };
    const answer = await takeBody(context, request, source, meta);
    sources.log.taken(source.name, answer, ledger.nowMs());
    if (answer.truncated > 0)
      request.log.warn(
        { source: source.name, truncated: answer.truncated },
        "a payload left observations out, which nobody will tell again",
      );
    if (strict !== undefined && answer.refused.length > 0) throw strictRefusal(answer);
    return answer;
  } catch (error) {
    const told = toldToSender(error);
    if (!isLedgerError(told, "payload-refused")) noteRefusal(context, source, told);
    throw told;
  }
}

/** Who may not read events is told how many there would be, and no more. */
async function previewRequest(
  context: ApiContext,
  request: ApiRequest,
  name: string,
  { exportedAt }: z.output<typeof payloadQuery>,
) {
  const source = sourceOf(context, name);
  const meta = { actor: senderOf(request, source), exportedAt };
  const { body, said } = await wholeBody(context, request, source, meta);
  const { answer, events } = await previewPayload(standingOf(context.ledger), source, body, said);
  const mayRead = request.access !== null && hasAnyRole(request.access, rolesFor.read);
  const shown = mayRead ? events.slice(0, maxPreviewedEvents) : [];
  return { ...answer, wouldAppend: events.length, events: shown };
}

export function heartbeatRoutes(app: Api, context: ApiContext): void {
  app.post(
    "/v1/sources/:name/heartbeat",
    {
      schema: {
        operationId: "submitHeartbeat",
        summary: "A sign of life of a source that has nothing to tell",
        tags: ["sources"],
        params: path,
        response: documented({ 204: z.null().describe("Noted."), ...problemAnswers }),
      },
    },
    async (request, reply) => {
      const { name } = sourceOf(context, request.params.name);
      context.sources.log.see(name, context.ledger.nowMs());
      return await reply.code(204).send();
    },
  );
}

const payloadWords = [
  "The answer counts events (`appended`, `duplicates`) and observations, or rows of a file (the rest). What is refused does not stop the rest; with `?strict=1` nothing is appended then. With `?dryRun=1` nothing is appended at all: `wouldAppend` counts the events that would be, and `events` has the first of them. The same payload again doubles nothing, so a sender repeats what is answered with 503 or 429, or not at all.",
  "",
  ...Object.entries(typesOfKind).map(([kind, types]) => `- \`${kind}\`: ${types.join(", ")}`),
].join("\n");

function sourceOf({ sources }: ApiContext, name: string): Source {
  const state = sources.log.of(name);
  if (state !== null) return state.source;
  throw new LedgerError("not-found", `There is no source "${name.slice(0, 64)}".`);
}

async function takeBody(
  context: ApiContext,
  request: ApiRequest,
  source: Source,
  meta: PayloadMeta,
): Promise<Answer> {
  const { ledger, bodies } = context;
  if (source.kind === "kubernetes" && meta.strict !== true) {
    checkMediaType(request, source);
    return await takeNodeList(bodies, request, (part) => takePayload(ledger, source, part, meta));
  }
  const { body, said } = await wholeBody(context, request, source, meta);
  return await takePayload(ledger, source, body, said);
}

async function wholeBody(
  { bodies }: ApiContext,
  request: ApiRequest,
  source: Source,
  meta: PayloadMeta,
): Promise<{ readonly body: unknown; readonly said: PayloadMeta }> {
  const headers = plainHeaders(request);
  // CloudEvents in binary mode say so in their headers, and have the media type of their data.
  if (headers["ce-specversion"] === undefined) checkMediaType(request, source);
  const text = await bodyText(bodies, request);
  const said = { ...meta, ...cloudForm(request, headers) };
  return { body: bodyOf(source, text, mediaTypeOf(request)), said };
}

function bodyOf({ kind }: Source, text: string, mediaType: string): unknown {
  if (kind === "slurm-events" || kind === "slurm-jobs" || kind === "csv") return text;
  if (!lineTypes.includes(mediaType)) return payloadJson(text);
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(payloadJson);
}

/** How the request carries CloudEvents; other JSON is taken by its form. */
function cloudForm(request: ApiRequest, headers: Record<string, string | undefined>): object {
  const isCloud = mediaTypeOf(request).startsWith("application/cloudevents");
  return isCloud || headers["ce-specversion"] !== undefined
    ? { contentType: headers["content-type"] ?? "", headers }
    : {};
}

function strictRefusal({ refused }: Answer): LedgerError {
  const [first] = refused;
  const more = refused.length > 1 ? `, and ${refused.length - 1} more` : "";
  return new LedgerError(
    "payload-refused",
    `Nothing was appended, because of ${first?.path ?? ""}: ${first?.detail ?? ""}${more}`,
    { errors: refused.map(({ path: pointer, detail }) => ({ path: pointer, message: detail })) },
  );
}

function noteRefusal({ sources, ledger }: ApiContext, { name }: Source, error: unknown): void {
  const known = ledgerErrorOf(error, "");
  // What is the ledger's own fault says nothing of the source.
  if (errorCatalogue[known.code].status < 500) sources.log.refused(name, known, ledger.nowMs());
}
