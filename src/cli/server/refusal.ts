/** A server's refusal of a request: its problem document (RFC 9457), in words for the terminal. */
import type { IncomingMessage } from "node:http";
import type { InputError } from "../../errors.ts";
import { ServerRefusal } from "../terminal/server-refusal.ts";

interface Asked {
  readonly url: string;
  readonly apiKey: string | null;
}

interface ProblemMembers {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly errors: readonly InputError[];
}

/** The refusal in an answer that is not a success. */
type AnswerHead = Pick<IncomingMessage, "statusCode" | "statusMessage"> & {
  readonly headers: Readonly<Record<string, unknown>>;
};

export function refusalOf(response: AnswerHead, body: string, asked: Asked): ServerRefusal {
  const { statusCode: status = 0, statusMessage = "", headers } = response;
  const type = headers["content-type"];
  const problem = problemIn(typeof type === "string" ? type : undefined, body);
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  const told = {
    status,
    code: problem?.code ?? null,
    errors: problem?.errors ?? [],
    retryAfter: Number.isFinite(seconds) ? seconds : null,
  };
  if (problem === null) {
    const words = `${asked.url}/ answered ${status} ${statusMessage}`.trimEnd();
    return new ServerRefusal(`${words}, but not like a ledger. Is the address right?`, told);
  }
  return new ServerRefusal(
    problem.code === "unauthorized"
      ? unauthorized(asked)
      : `${problem.title} (${problem.code}): ${problem.detail}`,
    told,
  );
}

function unauthorized({ url, apiKey }: Asked): string {
  return apiKey === null
    ? `the server at ${url}/ requires an API key (unauthorized): give --api-key-file, or set FLEETLEDGER_API_KEY`
    : `the server at ${url}/ rejects this API key (unauthorized): check --api-key-file or FLEETLEDGER_API_KEY`;
}

function problemIn(contentType: string | undefined, body: string): ProblemMembers | null {
  if (!(contentType ?? "").startsWith("application/problem+json")) return null;
  let problem: unknown;
  try {
    problem = JSON.parse(body);
  } catch {
    // Cut off on the way, or not from a ledger: only the status is shown.
    return null;
  }
  if (typeof problem !== "object" || problem === null) return null;
  const { title, detail, code, errors } = problem as Partial<ProblemMembers>;
  if (typeof title !== "string" || typeof detail !== "string" || typeof code !== "string") {
    return null;
  }
  return { title, detail, code, errors: Array.isArray(errors) ? errors : [] };
}
