/** The API key: if one is set, every request needs it, except on routes that say otherwise. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { LedgerError } from "../../errors.ts";
import { maxApiKeyLength } from "../../limits/requests.ts";
import type { Api } from "../server/api.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route needs no API key: anybody who can reach the port may have its answer. */
    readonly withoutKey?: true;
  }
}

/**
 * Why a text cannot be the key, as the predicate of a sentence; `null` if it can. Only visible ASCII is unchanged by
 * all three ways of sending it: header values are trimmed, and clients encode other letters differently.
 */
export function keyError(key: string): string | null {
  if (key === "") return "is empty";
  if (key.length > maxApiKeyLength) return `has more than ${maxApiKeyLength} characters`;
  if (/^[\x21-\x7e]+$/.test(key)) return null;
  return "has a character that some clients cannot send: use ASCII letters, digits and punctuation, without blanks";
}

/**
 * Checks the key before anything else. It may be sent as `Authorization: Bearer KEY`, as `X-Api-Key: KEY`, or as the
 * password of HTTP Basic, so that a browser can ask its user for it.
 */
export function requireApiKey(app: Api, apiKey: string): void {
  const expected = digest(apiKey);
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.withoutKey === true) return;
    const given = givenKeys(request);
    // Digests have the same length, so the comparison reveals nothing about the key's length.
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
