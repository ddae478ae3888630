/**
 * Entity tags of reads (RFC 9110): the same bytes have the same tag, and need not be sent again. They are strong for
 * plain answers, and weak for compressed ones. An answer that is kept brings its own.
 */
import { createHash } from "node:crypto";
import { isCompressed } from "./compression.ts";
import { takesGzip, varyingBy } from "./content-encoding.ts";
import type { Api, ApiReply, ApiRequest } from "../server/api.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The answer is signed when it is asked for: with another key it is another one, at the same position too. */
    readonly isSignedNow?: boolean;
  }
}

/** Only whole answers to reads get a tag: on a refusal or a write it could turn into "not modified". */
export function addEntityTags(app: Api): void {
  app.addHook("onSend", async (request, reply, payload) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead || reply.statusCode !== 200) return payload;
    const tag = tagOf(reply, payload);
    if (tag === null) return payload;
    reply.header("etag", isCompressed(reply) ? `W/${tag}` : tag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", keptFor(request));
    if (!isNamed(request.headers["if-none-match"], tag)) return payload;
    reply.code(304).removeHeader("content-type").removeHeader("content-encoding");
    return "";
  });
}

/**
 * Whether the client has an answer of this tag already, which then need not be made: the reply is set up as a 304 with the
 * headers that the answer would have had.
 */
export function isKnownToClient(request: ApiRequest, reply: ApiReply, tag: string): boolean {
  if (!isNamed(request.headers["if-none-match"], tag)) return false;
  const vary = reply.getHeader("vary");
  reply
    .code(304)
    .header("etag", takesGzip(request.headers["accept-encoding"]) ? `W/${tag}` : tag)
    .header("cache-control", keptFor(request))
    .header("vary", varyingBy(vary === undefined ? undefined : String(vary), "Accept-Encoding"));
  return true;
}

/** The strong tag: the answer's own where it has one, because a large answer takes long to hash. `null` for a stream without one. */
function tagOf(reply: ApiReply, payload: unknown): string | null {
  const own = reply.getHeader("etag");
  if (own !== undefined) return String(own).replace(/^W\//, "");
  if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return null;
  return `"${createHash("sha256").update(payload).digest("base64url")}"`;
}

/**
 * An answer as of a sequence never changes, so that a client need not ask again (ADR 77). Pages outside `/v1/` change with
 * the program: they name its scripts and say how the ledger is now.
 */
function keptFor({ url, query, routeOptions }: ApiRequest): string {
  const hasPosition = typeof query === "object" && query !== null && "asOf" in query;
  const isFixed = hasPosition && url.startsWith("/v1/") && routeOptions.config.isSignedNow !== true;
  return isFixed ? "private, max-age=31536000, immutable" : "no-cache";
}

/** Whether the client has the answer already. RFC 9110 asks for the weak comparison here. */
function isNamed(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}
