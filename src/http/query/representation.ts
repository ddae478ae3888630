/** Chooses the format of an answer: `?format=` wins, then the Accept header, then JSON. */
import { z } from "zod";
import { cloudEventsType } from "../../answers/cloud-event-json.ts";
import { LedgerError } from "../../errors.ts";
import type { Steps } from "../../turns.ts";
import { stepsInTurns } from "../../turns.ts";
import type { ApiReply, ApiRequest } from "../server/api.ts";

const mediaTypes = {
  json: "application/json",
  csv: "text/csv",
  html: "text/html",
  binary: "application/octet-stream",
  cloudevents: cloudEventsType,
} as const;

type Format = keyof typeof mediaTypes;

/** The query parameter of a route that offers several forms. */
export function formatParameter<const F extends readonly [Format, ...Format[]]>(offered: F) {
  return z
    .enum(offered)
    .optional()
    .describe("The format of the answer; takes precedence over the Accept header.");
}

/**
 * The format to answer in: the first of `offered` if the client has no preference. Sets `Vary` if the Accept header
 * decides. Throws `not-acceptable`.
 */
export function formatOf<F extends Format>(
  asked: F | undefined,
  offered: readonly [F, ...F[]],
  request: ApiRequest,
  reply: ApiReply,
): F {
  if (asked !== undefined) return asked;
  reply.header("vary", "Accept");
  const wishes = mediaRanges(request.headers.accept ?? "");
  if (wishes.length === 0) return offered[0];
  let best: F | null = null;
  let bestQuality = 0;
  for (const format of offered) {
    const quality = qualityOf(mediaTypes[format], wishes);
    if (quality > bestQuality) [best, bestQuality] = [format, quality];
  }
  if (best !== null) return best;
  const types = offered.map((format) => mediaTypes[format]).join(", ");
  throw new LedgerError(
    "not-acceptable",
    `This address returns ${types}; the request accepts none of them.`,
    {
      errors: [{ path: "/header/accept", message: `must allow one of ${types}` }],
    },
  );
}

interface MediaRange {
  /** Lower case, such as `text/csv`, `text/*` or the one that takes all. */
  readonly range: string;
  /** From 0 (never) to 1. */
  readonly quality: number;
}

/** The ranges of an Accept header (RFC 9110, 12.5.1); malformed ones are ignored. */
function mediaRanges(accept: string): MediaRange[] {
  const ranges: MediaRange[] = [];
  for (const part of accept.split(",")) {
    const [range = "", ...parameters] = part.split(";").map((each) => each.trim().toLowerCase());
    if (!/^[^\s/]+\/[^\s/]+$/.test(range)) continue;
    const qualityText = parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1";
    const quality = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(qualityText) ? Number(qualityText) : 0;
    ranges.push({ range, quality });
  }
  return ranges;
}

/** The quality that the most specific matching range gives the type. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const [family = ""] = type.split("/");
  for (const range of [type, `${family}/*`, "*/*"]) {
    const said = ranges.filter((each) => each.range === range);
    if (said.length > 0) return Math.max(...said.map(({ quality }) => quality));
  }
  return 0;
}

/** Answers with CSV to be kept under a file name; it is written in turns, as every large answer is. */
export async function sendCsv(
  reply: ApiReply,
  name: string,
  csv: Steps<string>,
): Promise<ApiReply> {
  const text = await stepsInTurns(csv);
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}.csv"`)
    .serializer(String)
    .send(text);
}

/** Answers with bytes of a form of their own. */
export function sendBinary(reply: ApiReply, bytes: Uint8Array): ApiReply {
  return reply.type(mediaTypes.binary).send(Buffer.from(bytes.buffer));
}

/** A page, or how it is written step by step. */
export async function sendHtml(reply: ApiReply, page: string | Steps<string>): Promise<ApiReply> {
  const text = typeof page === "string" ? page : await stepsInTurns(page);
  return reply.type("text/html; charset=utf-8").serializer(String).send(text);
}

/** Answers with what was written as JSON. */
export async function sendJson(reply: ApiReply, json: Steps<string>): Promise<ApiReply> {
  return sendText(reply, await stepsInTurns(json));
}

/** Answers with a JSON text. */
export function sendText(reply: ApiReply, json: string): ApiReply {
  return reply.type("application/json; charset=utf-8").serializer(String).send(json);
}

/** Answers with a batch of CloudEvents. */
export function sendCloudEvents(reply: ApiReply, events: readonly object[]): ApiReply {
  return reply.type(cloudEventsType).serializer(String).send(JSON.stringify(events));
}
