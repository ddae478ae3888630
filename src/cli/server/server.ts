/** A served ledger: its address, its API key, and how to send it a request. */
import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { maxServerSilenceMs } from "../../limits/clients.ts";
import { UsageError } from "../terminal/terminal.ts";
import { refusalOf } from "./refusal.ts";

export interface Server {
  /** Without a trailing slash. It may have a path, if a proxy serves the ledger under one. */
  readonly url: string;
  /** `null`: none was given. */
  readonly apiKey: string | null;
}

interface ServerRequest {
  readonly method: "GET" | "POST";
  /** From `/v1` on, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** Resolve with a problem document too, for its further members. */
  readonly mayBeRefused?: boolean;
  /** Ends the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The system's errors for a server that cannot be reached, in words. */
const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; is `fleetledger serve` running, and is the port right?",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up at the moment",
  EHOSTUNREACH: "the host is unreachable",
  ENETUNREACH: "the network is unreachable",
  ETIMEDOUT: "the host does not answer",
  ECONNRESET: "the connection was closed before the answer was complete",
  EPIPE: "the connection was closed before the request was sent",
  EPROTO: "it does not speak HTTPS; should the address be http://?",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak HTTPS; should the address be http://?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak HTTPS; should the address be http://?",
};

/**
 * Resolves with a successful answer whose body is still to be read. Throws ServerRefusal, and UsageError if the server
 * cannot be reached.
 */
export async function send(server: Server, asked: ServerRequest): Promise<IncomingMessage> {
  const { method, path, headers = {}, body, signal } = asked;
  const request = (server.url.startsWith("https:") ? httpsRequest : httpRequest)(
    `${server.url}${path}`,
    {
      method,
      headers: { accept: "application/json", ...keyHeader(server), ...headers },
      ...(signal === undefined ? {} : { signal }),
    },
  );
  request.setTimeout(maxServerSilenceMs, () => {
    request.destroy(
      new UsageError(
        `the server at ${server.url}/ has not sent anything for ${maxServerSilenceMs / 1_000} s`,
      ),
    );
  });
  try {
    const response = await answered(request, body);
    if ((response.statusCode ?? 0) < 300) return response;
    if (asked.mayBeRefused === true && isProblem(response)) return response;
    throw refusalOf(response, await textOf(response), server);
  } catch (error) {
    throw inWords(error, server);
  }
}

/** One JSON answer, read whole. */
export async function sendForJson<T>(server: Server, asked: ServerRequest): Promise<T> {
  const response = await send(server, asked);
  if (!isProblem(response) && !isJson(response)) {
    response.destroy();
    throw new UsageError(`${server.url}/ does not answer like a ledger. Is the address right?`);
  }
  try {
    return JSON.parse(await textOf(response)) as T;
  } catch (error) {
    throw inWords(error, server);
  }
}

/** Yields the pieces of an answer as they arrive. Throws UsageError if the connection is lost. */
export async function* pieces(
  server: Server,
  response: IncomingMessage,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of response) yield piece as Uint8Array;
  } catch (error) {
    throw inWords(error, server);
  }
}

function isProblem({ statusCode = 0, headers }: IncomingMessage): boolean {
  // A missing key is reported first, whatever else the answer says.
  return statusCode !== 401 && /^application\/problem\+json\b/.test(headers["content-type"] ?? "");
}

function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json\b/.test(headers["content-type"] ?? "");
}

function keyHeader({ apiKey }: Server): Record<string, string> {
  return apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
}

/** Resolves with the answer's head, which may arrive before the body is sent completely. */
function answered(request: ClientRequest, body: ServerRequest["body"]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
    if (body === undefined || typeof body === "string") request.end(body);
    // A failure of the source or of the connection is also the request's error.
    else pipeline(Readable.from(body), request).catch(reject);
  });
}

/** The body of an answer. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function inWords(error: unknown, { url }: Server): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") {
    return error;
  }
  const { code } = error;
  const isTls = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/.test(code);
  const why =
    unreachable[code] ??
    (isTls
      ? `its certificate is not trusted (${error.message}); trust another authority with NODE_EXTRA_CA_CERTS=FILE`
      : code.startsWith("HPE_")
        ? "it does not speak HTTP"
        : null);
  return why === null ? error : new UsageError(`the server at ${url}/: ${why}`, error);
}
