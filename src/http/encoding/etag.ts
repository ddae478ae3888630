/**
 * Entity tags of reads (RFC 9110): the same bytes have the same tag, and need not be sent again. They are strong for
 * plain answers, and weak for compressed ones.
 */
import { createHash } from "node:crypto";
import { isCompressed } from "./compression.ts";
import type { Api } from "../server/api.ts";

/** Only whole answers to reads get a tag: on a refusal or a write it could turn into "not modified". */
export function addEntityTags(app: Api): void {
  app.addHook("onSend", async (request, reply, payload) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead || reply.statusCode !== 200) return payload;
    if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return payload;
    const tag = `"${createHash("sha256").update(payload).digest("base64url")}"`;
    reply.header("etag", isCompressed(reply) ? `W/${tag}` : tag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-cache");
    if (!isNamed(request.headers["if-none-match"], tag)) return payload;
    reply.code(304).removeHeader("content-type").removeHeader("content-encoding");
    return "";
  });
}

/** Whether the client has the answer already. RFC 9110 asks for the weak comparison here. */
function isNamed(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}
