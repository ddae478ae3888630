/**
 * Handling of connections besides routes: limits for bodies, an end for clients that neither send nor read, and problem
 * documents where Node would answer with a bare status.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { LedgerError, errorCatalogue } from "../../errors.ts";
import type { BodyIntake } from "../bodies/body-intake.ts";
import type { ConnectionLimits } from "../server/connection-limits.ts";
import type { Api } from "../server/api.ts";
import { problemHeaders, problemOf } from "../server/problem.ts";

/** Options of Node's server, for Fastify's `http` option: a missing Host is refused here, with a problem document. */
export const httpServerOptions = { requireHostHeader: false, connectionsCheckingInterval: 1_000 };

interface Limited {
  readonly bodies: BodyIntake;
  readonly connections: ConnectionLimits;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

export function limitConnections(app: Api, context: Limited): void {
  const { connections } = context;
  app.server.headersTimeout = connections.headerMs;
  // Bodies have their own limits, which also allow an import that takes hours.
  app.server.requestTimeout = 0;
  closeStalled(app, connections.stallMs);
  app.server.on("checkExpectation", refuseExpectation);
  addHostCheck(app);
  addBodyHooks(app, context);
  app.addHook("onClose", async () => context.bodies.close());
}

/** Limits bodies before they are read, and discards the rest after the answer. */
function addBodyHooks(app: Api, { bodies, connections, stopping }: Limited): void {
  app.addHook("preParsing", (request, reply, payload, done) => {
    const { raw } = request;
    const declared = raw.headers["content-length"];
    if (declared === undefined && raw.headers["transfer-encoding"] === undefined) {
      done(null, payload);
      return;
    }
    reply.raw.once("close", () => bodies.done(raw));
    // An import holds only parts of its body, and waits if there is no room for one.
    const isWhole = /^application\/json\b/i.test(raw.headers["content-type"] ?? "");
    const refusal = bodies.refusal(isWhole ? Number(declared ?? 0) : 0);
    if (refusal === null) done(null, payload);
    else done(refusal);
  });
  // Closing a connection while its client still sends resets it, and the answer is lost.
  app.addHook("onSend", async ({ raw }, reply) => {
    if (isStillSent(raw) && reply.statusCode !== 408) reply.removeHeader("connection");
  });
  app.addHook("onResponse", async ({ raw }) => {
    if (!isStillSent(raw)) return;
    const { lingerMs, stopBodyMs } = connections;
    const end = () => raw.destroy();
    const endSoon = () => setTimeout(end, stopBodyMs).unref();
    const timer = setTimeout(end, lingerMs).unref();
    if (stopping.aborted) endSoon();
    stopping.addEventListener("abort", endSoon);
    raw.once("close", () => {
      clearTimeout(timer);
      stopping.removeEventListener("abort", endSoon);
    });
  });
}

/** Whether more of the request will arrive; an injected request, without a connection, does not say. */
function isStillSent(raw: { readonly complete?: boolean }): boolean {
  return raw.complete === false;
}

/** Ends a connection that is idle while it is the client's turn. */
function closeStalled(app: Api, stallMs: number): void {
  const underWay = new WeakMap<Socket, ServerResponse>();
  app.server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    underWay.set(socket, response);
  });
  // Node counts bytes that the system accepts as activity, and reports only silence.
  app.server.setTimeout(stallMs, (socket: Socket) => {
    const response = underWay.get(socket);
    const isWorkedOn = response !== undefined && !response.writableEnded;
    if (isWorkedOn && socket.writableLength === 0) return;
    if (isWorkedOn || socket.writableLength > 0) {
      app.log.warn(
        { heldBytes: socket.writableLength },
        "connection closed: the client did not read the answer",
      );
    }
    socket.destroy();
  });
}

/** RFC 9112, 3.2: two hosts are ambiguous, and HTTP/1.1 requires one. */
function addHostCheck(app: Api): void {
  app.addHook("onRequest", async ({ raw }) => {
    const { rawHeaders, httpVersion } = raw;
    let hosts = 0;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === "host") hosts++;
    }
    if (hosts === 1 || (hosts === 0 && httpVersion !== "1.1")) return;
    const message = hosts === 0 ? "is missing" : `stands ${hosts} times`;
    throw new LedgerError("invalid-request", `The header Host ${message}.`, {
      errors: [{ path: "/header/host", message }],
    });
  });
}

/** `Expect` with anything but `100-continue` (RFC 9110, 10.1.1). */
function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const error = new LedgerError(
    "expectation-failed",
    "The Expect header supports only 100-continue.",
    { errors: [{ path: "/header/expect", message: "must be 100-continue" }] },
  );
  const body = JSON.stringify(problemOf(error, "none"));
  response.writeHead(errorCatalogue[error.code].status, {
    ...problemHeaders(error),
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
