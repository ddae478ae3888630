/**
 * Entity tags of what is read (RFC 9110): the same bytes have the same tag, and need not be sent again. They are strong
 * where the answer goes out as it is, and weak where it goes out compressed.
 */
import { createHash } from "node:crypto";
import { isCompressed } from "./compression.ts";
import type { Api } from "../server/api.ts";

/** Only whole answers to reads get one: a tag on a refused or a writing request would turn it into "not modified". */
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

/** Whether the client has it already; the comparison is the weak one, as RFC 9110 asks here. */
function isNamed(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}
