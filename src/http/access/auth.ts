/** Who asks, and whether they may: every request is let in by one hook, from the table of routes. */
import { createHash, timingSafeEqual } from "node:crypto";
import { LedgerError } from "../../errors.ts";
import { accessOf, environmentAccess, openAccess } from "../../access/access.ts";
import type { Access } from "../../access/access.ts";
import type { KeyRing } from "../../access/key-ring.ts";
import { maxApiKeyLength } from "../../limits/requests.ts";
import type { Api, ApiReply, ApiRequest } from "../server/api.ts";
import { isForPeople } from "../server/error-handlers.ts";
import type { Sessions } from "./sessions.ts";
import { environmentKey, isLoopbackAddress } from "./sessions.ts";
import type { Need } from "./route-table.ts";
import { meets, needOf, rolesOf } from "./route-needs.ts";

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
  /** A key that this process made for itself alone: whoever has it speaks for many, as a simulated fleet does. */
  readonly insideKey: string | undefined;
  readonly sessions: Sessions;
}

/** What a key may do, if it holds; `null` if it does not. How long that takes says nothing about the key. */
export function accessWith({ ring, apiKey, insideKey }: Omit<Keys, "sessions">) {
  const environment = apiKey === undefined ? null : digest(apiKey);
  const inside = insideKey === undefined ? null : digest(insideKey);
  return (given: string): Access | null => {
    // Both are looked at for every key: how long it takes must not say which of them it is like.
    const known = ring.find(given);
    const isEnvironments = environment !== null && timingSafeEqual(digest(given), environment);
    if (inside !== null && timingSafeEqual(digest(given), inside)) return openAccess;
    if (isEnvironments) return environmentAccess;
    return known === null ? null : accessOf(known);
  };
}

/**
 * Says who asks, before anything else. A key may be sent as `Authorization: Bearer KEY`, as `X-Api-Key: KEY`, as the
 * password of HTTP Basic, or by the cookie of a session.
 */
export function identify(app: Api, keys: Keys): void {
  app.decorateRequest("access", null);
  const accessOfKey = accessWith(keys);
  app.addHook("onRequest", async (request) => {
    request.access = accessBy(request, keys, accessOfKey);
  });
}

/** Lets requests in by the table of routes. */
export function guardRoutes(app: Api, keys: Keys): void {
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) {
      if (needOf(each, url) !== null) continue;
      throw new Error(`${each} ${url} has no row in the table of routes`);
    }
  });
  app.addHook("onRequest", async (request, reply) => {
    const { url } = request.routeOptions;
    const need = url === undefined ? "any" : needOf(request.method, url);
    if (need === null) throw new LedgerError("internal", `no row for ${request.method} ${url}`);
    if (need === "open") return;
    if (request.access === null && isForPeople(request) && keys.sessions.cookieName(request)) {
      await reply.redirect(`/login?to=${encodeURIComponent(request.url)}`, 302);
      return;
    }
    requireNeed(request, need, keys);
  });
  endWithKey(app, keys);
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
  const { name: source } = (request.params ?? {}) as { readonly name?: string };
  if (!meets(access, need, source)) throw roleNeeded(rolesOf(need, source));
  const isOpen = ring.isEmpty && apiKey === undefined;
  if (need === "manage" && isOpen && !isLoopbackAddress(request.ip)) {
    const detail = "The first key is issued on the machine itself.";
    throw new LedgerError("role-needed", detail, { extra: { roles: ["admin"] } });
  }
}

function roleNeeded(roles: readonly string[]): LedgerError {
  const detail = `This needs one of these roles: ${roles.join(", ")}.`;
  return new LedgerError("role-needed", detail, { extra: { roles } });
}

/** `null` if nothing that was sent holds. Throws `origin-not-allowed` for what another site may have sent by a cookie. */
function accessBy(
  request: ApiRequest,
  { ring, apiKey, sessions }: Keys,
  accessOfKey: (key: string) => Access | null,
): Access | null {
  if (ring.isEmpty && apiKey === undefined) return openAccess;
  const given = givenKeys(request);
  if (given.length > 0) {
    const holding = given.map(accessOfKey).filter((each) => each !== null);
    return holding[0] ?? null;
  }
  const session = sessions.of(request);
  if (session === null) return null;
  const { key } = session;
  const known = ring.inForce(key);
  const access =
    key === environmentKey && apiKey !== undefined
      ? environmentAccess
      : known === null
        ? null
        : accessOf(known);
  if (access !== null) requireOwnPage(request);
  return access;
}

/** What a cookie sends must come from a page of the ledger's own; browsers say so, and others cannot make them say it. */
function requireOwnPage({ method, headers }: ApiRequest): void {
  if (method === "GET" || method === "HEAD") return;
  const site = headers["sec-fetch-site"];
  // A browser that does not say it names the origin, which is one of the ledger's names by now.
  if (site === "same-origin" || (site === undefined && headers.origin !== undefined)) return;
  throw new LedgerError(
    "origin-not-allowed",
    "What a session sends must come from a page of the ledger itself.",
    { errors: [{ path: "/header/sec-fetch-site", message: "must be same-origin" }] },
  );
}

/**
 * Ends the streams of a key that no longer holds, and those of a session that is over; the first key ends those that were
 * opened without one.
 */
function endWithKey(app: Api, { ring, sessions }: Pick<Keys, "ring" | "sessions">): void {
  const open = new Map<ApiRequest, ApiReply>();
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.isStream !== true) return;
    open.set(request, reply);
    const session = givenKeys(request).length === 0 ? sessions.of(request) : null;
    const end = () => void reply.raw.destroy();
    const timer = session === null ? undefined : setTimeout(end, session.leftMs).unref();
    reply.raw.once("close", () => {
      open.delete(request);
      clearTimeout(timer);
    });
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

export function givenKeys({ headers }: Pick<ApiRequest, "headers">): string[] {
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
