/**
 * Answers are compressed for clients that accept gzip. Whole answers are compressed outside the event loop; streams are
 * flushed piece by piece, so that each line arrives when it is written. Server-sent events are not compressed: proxies
 * and browsers must not buffer them.
 */
import { Readable, pipeline } from "node:stream";
import { promisify } from "node:util";
import { constants, createGzip, gzip } from "node:zlib";
import { leastCompressedBytes } from "../../limits/requests.ts";
import type { Api, ApiReply } from "../server/api.ts";
import { takesGzip, varyingBy } from "./content-encoding.ts";

/** Compresses outside the event loop. */
export const gzipped: (plain: string | Buffer) => Promise<Buffer> = promisify(gzip);

const compressible =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|x-ndjson|javascript|octet-stream)|image\/svg\+xml)/;

/**
 * Two steps around the computation of entity tags, which are of the plain answer. The first decides the encoding, so
 * that the tag is weak if the answer is compressed: another version of zlib may produce other bytes.
 */
export function chooseEncoding(app: Api): void {
  app.addHook("onSend", async (request, reply, payload) => {
    // An answer that failed midway is replaced.
    reply.removeHeader("content-encoding");
    if (!isCompressible(reply, payload)) return payload;
    reply.header("vary", varyingBy(headerOf(reply, "vary"), "Accept-Encoding"));
    if (!takesGzip(request.headers["accept-encoding"])) return payload;
    reply.header("content-encoding", "gzip").removeHeader("content-length");
    // Byte ranges refer to the plain bytes, and so does the tag.
    reply.removeHeader("accept-ranges");
    const tag = headerOf(reply, "etag");
    if (tag !== undefined && !tag.startsWith("W/")) reply.header("etag", `W/${tag}`);
    return payload;
  });
}

/** Answers whose compressed form is kept. */
const packedForms = new WeakMap<Buffer, () => Promise<Buffer>>();

/** Answers that are compressed already, with their lengths in bytes. */
const packedAnswers = new WeakMap<Readable, number>();

/** An answer that is in its gzip form, in pieces that may be shared. Only for who takes that: `takesGzip`. */
export function alreadyPacked(pieces: readonly Buffer[]): Readable {
  const answer = inPieces(pieces);
  packedAnswers.set(answer, lengthOf(pieces));
  return answer;
}

/** A stream of pieces that are there already: large ones need not be joined for each who asks. */
export function inPieces(pieces: readonly Buffer[]): Readable {
  return Readable.from(pieces, { objectMode: false });
}

export function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** Says how the gzip form of an answer is had without compressing it again. */
export function packedBy(answer: Buffer, packed: () => Promise<Buffer>): Buffer {
  packedForms.set(answer, packed);
  return answer;
}

export function compressAnswers(app: Api): void {
  app.addHook("onSend", async (_request, reply, payload) => {
    if (!isCompressed(reply)) return payload;
    if (payload instanceof Readable) {
      const length = packedAnswers.get(payload);
      if (length === undefined) return compressedStream(payload);
      reply.header("content-length", length);
      return payload;
    }
    const packed = Buffer.isBuffer(payload) ? packedForms.get(payload) : undefined;
    if (packed !== undefined) return await packed();
    return await gzipped(payload as string | Buffer);
  });
}

/** Whether the answer goes out compressed. */
export function isCompressed(reply: ApiReply): boolean {
  return reply.hasHeader("content-encoding");
}

function isCompressible(reply: ApiReply, payload: unknown): boolean {
  // Repr-Digest covers the encoded bytes (RFC 9530), but a report's digest is of the issued bytes.
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
  // If the source fails, so does the answer, and vice versa; the answer reports the failure.
  pipeline(source, target, () => undefined);
  return target;
}

function headerOf(reply: ApiReply, name: string): string | undefined {
  const value = reply.getHeader(name);
  return value === undefined ? undefined : String(value);
}
