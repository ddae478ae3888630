/**
 * Answers go compressed to clients that take gzip. Whole answers are compressed beside the event loop; streams are
 * flushed piece by piece, so that a line of a streamed answer arrives when it is written. Server-sent events are written
 * past this: proxies and browsers wait for nothing there.
 */
import { Readable, pipeline } from "node:stream";
import { promisify } from "node:util";
import { constants, createGzip, gzip } from "node:zlib";
import { leastCompressedBytes } from "../../limits/requests.ts";
import type { Api, ApiReply } from "../server/api.ts";
import { takesGzip, varyingBy } from "./content-encoding.ts";

const compress = promisify(gzip);

const compressible =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|x-ndjson|javascript)|image\/svg\+xml)/;

/**
 * Two steps around what makes entity tags, which are of the plain answer. The first says how the answer goes out, so that
 * the tag is weak where it is compressed: of one answer there may be different compressed bytes, since another
 * version of zlib makes others.
 */
export function chooseEncoding(app: Api): void {
  app.addHook("onSend", async (request, reply, payload) => {
    // An answer that failed on its way is answered anew.
    reply.removeHeader("content-encoding");
    if (!isCompressible(reply, payload)) return payload;
    reply.header("vary", varyingBy(headerOf(reply, "vary"), "Accept-Encoding"));
    if (!takesGzip(request.headers["accept-encoding"])) return payload;
    reply.header("content-encoding", "gzip").removeHeader("content-length");
    // Parts of a file are parts of its plain bytes, and so is its tag.
    reply.removeHeader("accept-ranges");
    const tag = headerOf(reply, "etag");
    if (tag !== undefined && !tag.startsWith("W/")) reply.header("etag", `W/${tag}`);
    return payload;
  });
}

export function compressAnswers(app: Api): void {
  app.addHook("onSend", async (_request, reply, payload) => {
    if (!isCompressed(reply)) return payload;
    if (payload instanceof Readable) return compressedStream(payload);
    return await compress(payload as string | Buffer);
  });
}

/** Whether the answer goes out compressed. */
export function isCompressed(reply: ApiReply): boolean {
  return reply.hasHeader("content-encoding");
}

function isCompressible(reply: ApiReply, payload: unknown): boolean {
  // Repr-Digest is of the bytes with their encoding (RFC 9530), and an issued report's are those that were issued.
  if (reply.hasHeader("repr-digest")) return false;
  if (reply.statusCode === 206 || !compressible.test(headerOf(reply, "content-type") ?? "")) {
    return false;
  }
  if (typeof payload === "string") return Buffer.byteLength(payload) >= leastCompressedBytes;
  if (Buffer.isBuffer(payload)) return payload.length >= leastCompressedBytes;
  return payload instanceof Readable;
}

function compressedStream(source: Readable): Readable {
  const target = createGzip({ flush: constants.Z_SYNC_FLUSH });
  // A source that fails takes the answer with it, and the other way round; the answer tells of the failure.
  pipeline(source, target, () => undefined);
  return target;
}

function headerOf(reply: ApiReply, name: string): string | undefined {
  const value = reply.getHeader(name);
  return value === undefined ? undefined : String(value);
}
