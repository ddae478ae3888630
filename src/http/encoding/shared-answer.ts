/** An answer that many are sent: it is hashed once, and compressed once, when somebody first takes it compressed. */
import { createHash } from "node:crypto";
import type { ApiReply, ApiRequest } from "../server/api.ts";
import { gzipped, packedBy } from "./compression.ts";
import { isKnownToClient } from "./etag.ts";

export interface SharedAnswer {
  readonly body: Buffer;
  /** The entity tag of the plain bytes. */
  readonly tag: string;
}

export function sharedAnswer(text: string): SharedAnswer {
  const body = Buffer.from(text);
  let packed: Promise<Buffer> | null = null;
  packedBy(body, async () => await (packed ??= gzipped(body)));
  return { body, tag: `"${createHash("sha256").update(body).digest("base64url")}"` };
}

/** Both forms of it: compressed, HTML is a fifth of its size. */
export function sharedBytes({ body }: SharedAnswer): number {
  return Math.ceil(1.25 * body.length);
}

/** Sends it, or a 304 to who has it. */
export function sendShared(
  request: ApiRequest,
  reply: ApiReply,
  type: string,
  { body, tag }: SharedAnswer,
): ApiReply {
  if (isKnownToClient(request, reply, tag)) return reply.send();
  return reply.type(type).header("etag", tag).send(body);
}
