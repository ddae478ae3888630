/** How much each key may ask for: requests a minute, and streams at once. Without a key, each address. */
import rateLimit from "@fastify/rate-limit";
import { LedgerError } from "../../errors.ts";
import { rateLimits } from "../../limits/access.ts";
import type { Api, ApiRequest } from "../server/api.ts";
import { environmentKey, isLoopbackAddress } from "./sessions.ts";

export type RateLimits = { readonly [N in keyof typeof rateLimits]: number };

const minuteMs = 60_000;

/** To be added after the hook that says who asks. */
export async function limitRates(app: Api, given: Partial<RateLimits> = {}): Promise<void> {
  const limits: RateLimits = { ...rateLimits, ...given };
  await app.register(rateLimit, { global: false });
  const limiter = (max: number, keyGenerator: (request: ApiRequest) => string) =>
    app.createRateLimit({ max, timeWindow: minuteMs, keyGenerator });
  const reads = limiter(limits.reads, askerOf);
  const writes = limiter(limits.writes, askerOf);
  const logins = limiter(limits.logins, ({ ip }) => ip);
  app.addHook("onRequest", async (request) => {
    const { method } = request;
    const isRead = method === "GET" || method === "HEAD" || method === "OPTIONS";
    const isLogin = method === "POST" && request.routeOptions.url === "/login";
    if (isOpen(request) || request.routeOptions.config.alwaysAnswered === true) return;
    const result = await (isLogin ? logins : isRead ? reads : writes)(request);
    if (result.isAllowed || !result.isExceeded) return;
    const what = isLogin ? "attempts to log in" : isRead ? "reads" : "writes";
    throw tooMany(`More than ${result.max} ${what} in a minute.`, result.ttlInSeconds);
  });
  limitStreams(app, limits);
}

/** Streams are few and last: they are counted while they are open. */
function limitStreams(app: Api, { streams, allStreams }: RateLimits): void {
  const open = new Map<string, number>();
  let all = 0;
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.isStream !== true || isOpen(request)) return;
    const asker = askerOf(request);
    const own = open.get(asker) ?? 0;
    if (own >= streams) throw tooMany(`This key has ${own} streams open, and may have no more.`);
    if (all >= allStreams) throw tooMany(`${all} streams are open, and there may be no more.`);
    open.set(asker, own + 1);
    all++;
    reply.raw.once("close", () => {
      all--;
      const left = (open.get(asker) ?? 1) - 1;
      if (left === 0) open.delete(asker);
      else open.set(asker, left);
    });
  });
}

/** A ledger without keys, asked on its own machine: whoever runs it is not held back. */
function isOpen({ access, ip }: ApiRequest): boolean {
  return access !== null && access.name === null && isLoopbackAddress(ip);
}

function askerOf({ access, ip }: ApiRequest): string {
  if (access === null || access.name === null) return ip;
  return `key ${access.key ?? environmentKey}`;
}

function tooMany(detail: string, retryAfterSeconds?: number): LedgerError {
  const extra = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new LedgerError("too-many-requests", detail, { extra });
}
