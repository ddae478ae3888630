/** The API key: where one is set, every request needs it. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { LedgerError } from "../errors.ts";
import type { Api } from "./context.ts";

/**
 * Asks for the key before anything else is looked at. It may come as `Authorization: Bearer KEY`, as
 * `X-Api-Key: KEY`, or as the password of HTTP Basic, so that a browser can ask its user for it.
 */
export function requireApiKey(app: Api, apiKey: string): void {
  const expected = digest(apiKey);
  app.addHook("onRequest", async (request) => {
    const given = givenKeys(request);
    // Digests have one length, so the comparison tells nothing of the key's.
    const fits = given.filter((key) => timingSafeEqual(digest(key), expected));
    if (fits.length > 0) return;
    const detail = given.length === 0 ? "No API key was given." : "That is not the API key.";
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
