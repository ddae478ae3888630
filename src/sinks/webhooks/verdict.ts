/** What follows from a receiver's answer: on, again after a while, into the dead letters, or no more. */
import { deadAfterAttempts, retryAfterMs, retrySpread } from "../../limits/sinks.ts";
import type { Answer } from "./post.ts";

type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "again"; readonly afterMs: number }
  | { readonly kind: "dead" }
  | { readonly kind: "stop"; readonly why: string };

/** Receivers that answer so will never take this message. */
const refusals: ReadonlySet<number | null> = new Set([400, 413, 415, 422]);

/** `attempts` counts this one; `random` is from 0 to 1. */
export function verdictOn(
  { status, retryAfterMs: asked, words }: Answer,
  attempts: number,
  random: number,
): Verdict {
  if (status !== null && status >= 200 && status < 300) return { kind: "delivered" };
  if (status === 410) return { kind: "stop", why: "the receiver is gone: it answered 410" };
  if (refusals.has(status) && attempts >= deadAfterAttempts) return { kind: "dead" };
  const usualMs = retryAfterMs[attempts - 1];
  if (usualMs === undefined)
    return { kind: "stop", why: `${attempts} attempts failed; the last: ${words}` };
  const spread = 1 + retrySpread * (2 * random - 1);
  return { kind: "again", afterMs: Math.max(Math.round(usualMs * spread), asked) };
}
