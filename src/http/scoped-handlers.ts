/**
 * Handlers of routes for what a key sees and may state. A route is written once, over the ledger that its context gives it;
 * for keys that do not see or may not state everything it is made again over their part of it. So a route can neither
 * forget a check nor reach what is hidden, and what it keeps is kept for each scope (ADR 94).
 */
import fastify from "fastify";
import type { RouteHandlerMethod } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Access } from "../access/access.ts";
import { seesSystem } from "../access/access.ts";
import type { KeyRing } from "../access/key-ring.ts";
import { scopedLedger } from "../access/scope/scoped-ledger.ts";
import { speakingLedger } from "../access/stating/speaking-ledger.ts";
import { LedgerError } from "../errors.ts";
import { maxKeptScopes, maxKeptSpeakers } from "../limits/access.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ApiContext, LedgerPart } from "./routes/context.ts";
import type { Api, ApiRequest } from "./server/api.ts";

type RouteGroup = (app: Api, context: ApiContext) => void;

/** The handlers of one part of the ledger, by method and address. */
type Handlers = ReadonlyMap<string, RouteHandlerMethod>;

interface Part {
  readonly ledger: Ledger;
  /** Made when the first of them is needed. */
  readonly handlers: () => Handlers;
}

interface Groups {
  readonly all: readonly RouteGroup[];
  /** Of these, the ones that only read: they are not made for each key. */
  readonly reading: readonly RouteGroup[];
}

export class ScopedHandlers {
  readonly #app: Api;
  readonly #ring: KeyRing;
  readonly #scopes = new Map<string, Part>();
  readonly #speakers = new Map<string, Part>();
  #added: { readonly groups: Groups; readonly context: ApiContext } | null = null;

  /** To be made before plugins that wrap handlers, so that they wrap what chooses among these. */
  constructor(app: Api, ring: KeyRing) {
    this.#app = app;
    this.#ring = ring;
    const own = new Set<RouteHandlerMethod>();
    app.addHook("onRoute", (route) => {
      const { handler: whole } = route;
      if (this.#added === null || own.has(whole)) return;
      const keys = [route.method].flat().map((method) => keyOf(method, route.url));
      const choose = (request: ApiRequest) => this.#handlerFor(request, keys, whole);
      const chosen: RouteHandlerMethod = function chosen(request, reply) {
        return choose(request).call(this, request, reply);
      };
      own.add(chosen);
      route.handler = chosen;
    });
  }

  /** Adds the routes; each request goes to the handler over the part of the ledger that its key has. */
  add(groups: Groups, context: ApiContext): void {
    this.#added = { groups, context };
    for (const addRoutes of groups.all) addRoutes(this.#app, context);
  }

  #handlerFor(
    { access, method }: ApiRequest,
    keys: readonly string[],
    whole: RouteHandlerMethod,
  ): RouteHandlerMethod {
    const isRead = method === "GET" || method === "HEAD";
    const part = access === null ? null : this.#partOf(access, isRead);
    if (part === null) return whole;
    const handlers = part.handlers();
    const found = keys.map((key) => handlers.get(key)).find((each) => each !== undefined);
    if (found !== undefined) return found;
    throw new LedgerError("internal", `${keys.join()} has no handler for a part of the ledger`);
  }

  /** `null` for the whole ledger. */
  #partOf(access: Access, isRead: boolean): Part | null {
    if (access.name === null) return null;
    if (!isRead) return this.#speaker(access);
    return access.clusters === null && seesSystem(access) ? null : this.#scope(access);
  }

  #scope(access: Access): Part {
    const clusters = access.clusters === null ? null : access.clusters.toSorted();
    const roles = new Set(seesSystem(access) ? ["auditor"] : []);
    const key = JSON.stringify([clusters, [...roles]]);
    return kept(this.#scopes, key, maxKeptScopes, () => {
      const { context, groups } = this.#whole();
      return this.#made(
        scopedLedger(context.ledger, { clusters, roles }),
        { clusters },
        groups.all,
      );
    });
  }

  #speaker(access: Access): Part {
    const { name, key, roles, clusters } = access;
    const named = JSON.stringify([name, key, roles === null ? null : [...roles], clusters]);
    return kept(this.#speakers, named, maxKeptSpeakers, () => {
      const { context, groups } = this.#whole();
      const { ledger } = context;
      const isWhole = clusters === null && seesSystem(access);
      const seen = isWhole ? ledger : this.#scope(access).ledger;
      const holds = () => key === null || this.#ring.inForce(key) !== null;
      const writing = groups.all.filter((group) => !groups.reading.includes(group));
      return this.#made(
        speakingLedger(ledger, seen, access, holds),
        isWhole ? null : { clusters },
        writing,
      );
    });
  }

  #whole(): { readonly groups: Groups; readonly context: ApiContext } {
    if (this.#added === null) throw new LedgerError("internal", "there are no routes yet");
    return this.#added;
  }

  #made(ledger: Ledger, part: LedgerPart | null, groups: readonly RouteGroup[]): Part {
    let made: Handlers | null = null;
    const context: ApiContext = { ...this.#whole().context, ledger, part };
    return { ledger, handlers: () => (made ??= handlersOf(this.#app, context, groups)) };
  }
}

function handlersOf(app: Api, context: ApiContext, groups: readonly RouteGroup[]): Handlers {
  const handlers = new Map<string, RouteHandlerMethod>();
  // It is never listened to and never made ready: the application itself checks and describes what is sent.
  const beside = fastify({ loggerInstance: app.log }).withTypeProvider<ZodTypeProvider>() as Api;
  beside.decorate("readWaitMs", app.readWaitMs);
  beside.removeAllContentTypeParsers();
  beside.addHook("onRoute", ({ method, url, handler }) => {
    for (const each of [method].flat()) handlers.set(keyOf(each, url), handler);
  });
  // What a group sets apart has parsers of its own; its handlers are made at once all the same.
  const atOnce = (plugin: (scope: Api) => unknown) => void plugin(beside);
  Object.assign(beside, { register: atOnce });
  for (const addRoutes of groups) addRoutes(beside, context);
  return handlers;
}

function keyOf(method: string, url: string): string {
  return `${method} ${url}`;
}

/** The one used longest ago makes room. */
function kept(parts: Map<string, Part>, key: string, most: number, make: () => Part): Part {
  const part = parts.get(key) ?? make();
  parts.delete(key);
  parts.set(key, part);
  const [oldest] = parts.keys();
  if (parts.size > most && oldest !== undefined) parts.delete(oldest);
  return part;
}
