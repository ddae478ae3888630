/** The API key: where one is set, every request needs it, but for what says so in its route. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { LedgerError } from "../../errors.ts";
import { maxApiKeyLength } from "../../limits/requests.ts";
import type { Api } from "../server/api.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route needs no API key: anyone who can reach the port may know its answer. */
    readonly withoutKey?: true;
  }
}

/**
 * Why a text cannot be the key, as the rest of a sentence about it; `null` if it can. Only visible ASCII comes
 * unchanged through all three ways of sending it: header lines are trimmed, clients differ over other letters.
 */
export function keyError(key: string): string | null {
  if (key === "") return "is empty";
  if (key.length > maxApiKeyLength) return `has more than ${maxApiKeyLength} characters`;
  if (/^[\x21-\x7e]+$/.test(key)) return null;
  return "has a character that some clients cannot send: use ASCII letters, digits and punctuation, without blanks";
}

/**
 * Asks for the key before anything else is looked at. It may come as `Authorization: Bearer KEY`, as
 * `X-Api-Key: KEY`, or as the password of HTTP Basic, so that a browser can ask its user for it.
 */
export function requireApiKey(app: Api, apiKey: string): void {
  const expected = digest(apiKey);
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.withoutKey === true) return;
    const given = givenKeys(request);
    // Digests have one length, so the comparison tells nothing of the key's.
    const fits = given.filter((key) => timingSafeEqual(digest(key), expected));
    if (fits.length > 0) return;
    const detail = given.length === 0 ? "The request has no API key." : "The API key is wrong.";
    throw new LedgerError("unauthorized", detail);
  });
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function givenKeys({ headers }: FastifyRequest): string[] {
  const keys: string[] = [];
  const own = headers["x-api-key"];
  if (typeof own === "string") keys.push(own);
  const [, scheme = "", value = ""] = /^(\S+) +(.*)$/.exec(headers.authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") keys.push(value.trim());
  if (scheme.toLowerCase() === "basic") {
    const pair = Buffer.from(value.trim(), "base64").toString("utf8");
    if (pair.includes(":")) keys.push(pair.slice(pair.indexOf(":") + 1));
  }
  return keys;
}
