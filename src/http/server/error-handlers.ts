/** Answers every kind of failed request: programs with a problem document, people with a page that says the same. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Socket } from "node:net";
import type { ErrorCode } from "../../errors.ts";
import { LedgerError, errorCatalogue } from "../../errors.ts";
import { loadAssets } from "../../dashboard/build/assets.ts";
import { problemPage } from "../../dashboard/frame/problem-page.ts";
import type { Api } from "./api.ts";
import { ledgerErrorOf, problemHeaders, problemOf } from "./problem.ts";

/** Lasting states of the ledger: logged when they begin, not for every request that meets them. */
const toldOnce: ReadonlySet<ErrorCode> = new Set(["rebuilding"]);

/** Answers with the error's problem document and what a route adds in `told`; logs what is the ledger's own fault. */
export function sendProblem(
  error: unknown,
  request: Pick<FastifyRequest, "id" | "log" | "method">,
  reply: FastifyReply,
  told: object = {},
): FastifyReply {
  const known = ledgerErrorOf(error, request.method === "POST" ? "" : "/query");
  const { status } = errorCatalogue[known.code];
  logError(error, known, request);
  // Serialized here, so that the route's response schema is not applied to the problem document.
  return reply
    .code(status)
    .headers(problemHeaders(known))
    .serializer(String)
    .send(JSON.stringify({ ...problemOf(known, request.id), ...told }));
}

function logError(error: unknown, known: LedgerError, { log }: Pick<FastifyRequest, "log">): void {
  const { code, errors } = known;
  if (toldOnce.has(code)) log.info({ code }, "request failed");
  else if (errorCatalogue[code].status >= 500) log.error({ err: error, code }, "request failed");
  else log.info({ code, errors: errors.slice(0, 5) }, "request refused");
}

type Asked = Pick<FastifyRequest, "id" | "log" | "method" | "url" | "headers">;

type SendError = (error: unknown, request: Asked, reply: FastifyReply) => FastifyReply;

/**
 * What answers a browser that goes to an address with a page, and everybody else with the problem document. Who is answered
 * nothing under the name that was asked for (421) gets no page either: its styles would not be answered.
 */
export function errorSender(): SendError {
  const assets = loadAssets();
  return (error, request, reply) => {
    const known = ledgerErrorOf(error, request.method === "POST" ? "" : "/query");
    const { status, title } = errorCatalogue[known.code];
    if (!isForPeople(request) || status === 421) return sendProblem(error, request, reply);
    logError(error, known, request);
    const text = problemPage(assets, { title, status, error: known, path: request.url });
    return reply
      .code(status)
      .headers({ ...problemHeaders(known), vary: "Accept" })
      .type("text/html; charset=utf-8")
      .serializer(String)
      .send(text);
  };
}

/** Whether a browser asks for something that a person looks at. */
export function isForPeople({ method, headers }: Pick<Asked, "method" | "headers">): boolean {
  return method === "GET" && /\btext\/html\b/.test(headers.accept ?? "");
}

/** Handles errors of handlers and hooks, unknown addresses and wrong methods. */
export function addErrorHandlers(app: Api, sendError: SendError): void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = methodsOf.get(url) ?? new Set<string>();
    for (const each of [method].flat()) known.add(each);
    methodsOf.set(url, known);
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    const allowed = new Set<string>();
    for (const [pattern, methods] of methodsOf) {
      if (matches(pattern, path)) for (const method of methods) allowed.add(method);
    }
    const allow = [...allowed].sort().join(", ");
    const error =
      allowed.size > 0
        ? new LedgerError("method-not-allowed", `${request.method} ${path}`, { extra: { allow } })
        : new LedgerError("not-found", `Nothing is at ${path}`);
    return sendError(error, request, reply);
  });
}

/** Whether a path matches the pattern of a route such as `/v1/nodes/:cluster/:node`. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    !pattern.includes("*") &&
    wanted.length === given.length &&
    wanted.every((part, i) => (part.startsWith(":") ? given[i] !== "" : part === given[i]))
  );
}

const clientErrorCodes: Readonly<Record<string, "headers-too-large" | "request-timeout">> = {
  HPE_HEADER_OVERFLOW: "headers-too-large",
  ERR_HTTP_REQUEST_TIMEOUT: "request-timeout",
};

/** Answers on the bare socket if the bytes are not HTTP, or a request never ends. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const code = clientErrorCodes[error.code ?? ""] ?? "invalid-request";
  const known = new LedgerError(code, "The bytes received are not a complete HTTP request.");
  const body = JSON.stringify(problemOf(known, "none"));
  const headers = Object.entries(problemHeaders(known))
    .flatMap(([name, value]) => [value].flat().map((line) => `${name}: ${line}\r\n`))
    .join("");
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${errorCatalogue[code].status} ${errorCatalogue[code].title}\r\n${headers}` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
