/** Strong entity tags of what is read (RFC 9110): the same bytes have the same tag, and need not be sent again. */
import { createHash } from "node:crypto";
import type { Api } from "./context.ts";

/** Only whole answers to reads get one: a tag on a refused or a writing request would turn it into "not modified". */
export function addEntityTags(app: Api): void {
  app.addHook("onSend", async (request, reply, payload) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead || reply.statusCode !== 200) return payload;
    if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return payload;
    const tag = `"${createHash("sha256").update(payload).digest("base64url")}"`;
    reply.header("etag", tag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-cache");
    if (!isNamed(request.headers["if-none-match"], tag)) return payload;
    reply.code(304).removeHeader("content-type");
    return "";
  });
}

/** Whether the client has it already; the comparison is the weak one, as RFC 9110 asks here. */
function isNamed(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}
