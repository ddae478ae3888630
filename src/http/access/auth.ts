/** Who asks, and whether they may: every request is let in by one hook, from the table of routes. */
import { createHash, timingSafeEqual } from "node:crypto";
import { LedgerError } from "../../errors.ts";
import { accessOf, environmentAccess, openAccess } from "../../access/access.ts";
import type { Access } from "../../access/access.ts";
import type { KeyRing } from "../../access/key-ring.ts";
import { maxApiKeyLength } from "../../limits/requests.ts";
import type { Api, ApiReply, ApiRequest } from "../server/api.ts";
import type { Need } from "./route-table.ts";
import { meets, needOf, rolesOf } from "./route-table.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What whoever asks may do; `null` where no key is needed and none was sent. */
    access: Access | null;
  }
  interface FastifyContextConfig {
    /** The answer goes on until somebody ends it: revoking the key does. */
    readonly isStream?: true;
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

interface Keys {
  readonly ring: KeyRing;
  /** The key of the environment, an admin's. */
  readonly apiKey: string | undefined;
}

/**
 * Checks who asks before anything else. A key may be sent as `Authorization: Bearer KEY`, as `X-Api-Key: KEY`, or as the
 * password of HTTP Basic.
 */
export function guardRoutes(app: Api, keys: Keys): void {
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) {
      if (needOf(each, url) !== null) continue;
      throw new Error(`${each} ${url} has no row in the table of routes`);
    }
  });
  app.decorateRequest("access", null);
  const environment = keys.apiKey === undefined ? null : digest(keys.apiKey);
  app.addHook("onRequest", async (request) => {
    const { url } = request.routeOptions;
    const need = url === undefined ? "any" : needOf(request.method, url);
    if (need === null) throw new LedgerError("internal", `no row for ${request.method} ${url}`);
    request.access = accessBy(request, keys, environment);
    if (need === "open") return;
    requireNeed(request, need, keys);
  });
  endWithKey(app, keys.ring);
}

function requireNeed(request: ApiRequest, need: Need, { ring, apiKey }: Keys): void {
  const { access } = request;
  if (access === null) {
    const detail =
      givenKeys(request).length === 0
        ? "The request has no API key."
        : "The API key is wrong, or no longer holds.";
    throw new LedgerError("unauthorized", detail);
  }
  const { source } = (request.params ?? {}) as { readonly source?: string };
  if (!meets(access, need, source)) throw roleNeeded(rolesOf(need, source));
  const isOpen = ring.isEmpty && apiKey === undefined;
  if (need === "manage" && isOpen && !isLoopback(request.ip)) {
    const detail = "The first key is issued on the machine itself.";
    throw new LedgerError("role-needed", detail, { extra: { roles: ["admin"] } });
  }
}

function roleNeeded(roles: readonly string[]): LedgerError {
  const detail = `This needs one of these roles: ${roles.join(", ")}.`;
  return new LedgerError("role-needed", detail, { extra: { roles } });
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

/** `null` if no key that was sent holds. */
function accessBy(request: ApiRequest, keys: Keys, environment: Buffer | null): Access | null {
  if (keys.ring.isEmpty && environment === null) return openAccess;
  let access: Access | null = null;
  for (const given of givenKeys(request)) {
    // Both are looked at for every key: how long it takes must not say which of them it is like.
    const known = keys.ring.find(given);
    const isEnvironments = environment !== null && timingSafeEqual(digest(given), environment);
    if (isEnvironments) access = environmentAccess;
    else if (known !== null) access ??= accessOf(known);
  }
  return access;
}

/** Ends the streams of a key that no longer holds; the first key ends those that were opened without one. */
function endWithKey(app: Api, ring: KeyRing): void {
  const open = new Map<ApiRequest, ApiReply>();
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.isStream !== true) return;
    open.set(request, reply);
    reply.raw.once("close", () => open.delete(request));
  });
  const stop = ring.onChange(() => {
    for (const [{ access }, { raw }] of open) {
      const key = access?.key ?? null;
      const isOver = key === null ? access?.name === null : ring.inForce(key) === null;
      if (isOver) raw.destroy();
    }
  });
  app.addHook("onClose", async () => stop());
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function givenKeys({ headers }: Pick<ApiRequest, "headers">): string[] {
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
