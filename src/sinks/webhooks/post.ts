/** One attempt to hand a message over. */
import { maxRetryAfterMs } from "../../limits/sinks.ts";

export interface Answer {
  /** `null` if there was none. */
  readonly status: number | null;
  /** How long the receiver asks to be left alone; 0 if it does not. */
  readonly retryAfterMs: number;
  /** What came of it, for people. */
  readonly words: string;
}

interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Ends the attempt when the server stops. */
  readonly signal: AbortSignal;
  /** For a `Retry-After` that names an instant. */
  readonly nowMs: number;
}

/** Never throws. Redirects are not followed: nobody but the operators' file chooses addresses. */
export async function post(posted: Posted): Promise<Answer> {
  const { url, headers, body, timeoutMs, signal } = posted;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "user-agent": "fleetledger" },
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    // What a receiver says beyond its status is not read, however long it is.
    await response.body?.cancel();
    const { status } = response;
    const retryAfterMs = retryAfter(response.headers.get("retry-after"), posted.nowMs);
    return { status, retryAfterMs, words: `answered ${status}` };
  } catch (error) {
    return { status: null, retryAfterMs: 0, words: wordsOf(error, timeoutMs) };
  }
}

function wordsOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  const { cause } = error;
  return `no answer: ${cause instanceof Error ? cause.message : error.message}`;
}

function retryAfter(text: string | null, nowMs: number): number {
  if (text === null) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}
