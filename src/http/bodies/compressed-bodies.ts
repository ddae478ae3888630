/**
 * Bodies may be compressed with gzip. Their decompressed size is limited: by the usual limit for a body that is read
 * whole, by a ratio for one that is streamed, so that a few bytes never cause endless work.
 */
import type { ServerResponse } from "node:http";
import { Readable, finished } from "node:stream";
import { createGunzip } from "node:zlib";
import { LedgerError } from "../../errors.ts";
import { freelyInflatedBytes, maxInflation } from "../../limits/requests.ts";
import type { Api } from "../server/api.ts";

const pointer = "/header/content-encoding";

export function inflateBodies(app: Api): void {
  app.addHook("preParsing", async (request, reply, payload) => {
    const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
    if (encoding === "identity" || encoding === "") return payload;
    if (encoding === "gzip" || encoding === "x-gzip") return inflated(payload, reply.raw);
    throw new LedgerError(
      "unsupported-media-type",
      "Send the body uncompressed or compressed with gzip.",
      {
        errors: [{ path: pointer, message: "must be gzip or absent" }],
        extra: { acceptEncoding: "gzip" },
      },
    );
  });
}

/** Fastify compares the bytes that came with content-length. */
type Body = Readable & { receivedEncodedLength: number };

function inflated(payload: Readable, answer: ServerResponse): Body {
  const gunzip = createGunzip();
  const body = Object.assign(Readable.from(bounded(gunzip)), { receivedEncodedLength: 0 });
  // The reader of the body gets its errors. If the request was refused, nobody reads any more, and an error without a
  // listener would end the process.
  for (const stream of [gunzip, body]) stream.on("error", () => undefined);
  payload.on("data", (bytes: Buffer) => {
    body.receivedEncodedLength += bytes.length;
  });
  payload.pipe(gunzip);
  finished(payload, (error) => {
    if (error !== undefined && error !== null) gunzip.destroy(error);
  });
  // After the answer, the rest is discarded: the connection may carry another request.
  answer.once("finish", () => {
    payload.unpipe(gunzip);
    gunzip.destroy();
    payload.resume();
  });
  return body;

  async function* bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    try {
      for await (const part of source) {
        bytes += part.length;
        const allowed = Math.max(freelyInflatedBytes, body.receivedEncodedLength * maxInflation);
        if (bytes > allowed) throw unfoldsTooFar();
        yield part;
      }
    } catch (error) {
      throw isZlibError(error) ? notGzip(error) : error;
    }
  }
}

function unfoldsTooFar(): LedgerError {
  const message = `decompresses to more than ${maxInflation} times its size`;
  return new LedgerError("too-large", `The compressed body ${message}.`, {
    errors: [{ path: "/", message }],
  });
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

function notGzip(cause: Error): LedgerError {
  return new LedgerError("invalid-request", `The body is not complete gzip: ${cause.message}.`, {
    errors: [{ path: "/", message: "is not complete gzip" }],
    cause,
  });
}
