/**
 * Every address that is answered, and what it takes to be answered. A route without a row does not start; the roles of each
 * duty are in `src/access/roles.ts`.
 */
import type { Access } from "../../access/access.ts";
import { hasAnyRole } from "../../access/access.ts";
import type { Duty } from "../../access/roles.ts";
import { knownRoles, rolesFor } from "../../access/roles.ts";

/**
 * `open`: no key. `any`: any of the roles that code knows. `metrics`: viewers of all clusters, and the role of that name.
 * `source`: as `deliver`, and the role of the source that the address names.
 */
export type Need = Duty | "open" | "any" | "metrics" | "source";

const gets: Readonly<Record<string, Need>> = {
  "/livez": "open",
  "/readyz": "open",
  "/login": "open",
  "/metrics": "metrics",
  "/openapi.json": "any",
  "/problems": "any",
  "/problems/:code": "any",
  "/v1/access": "manage",
  "/v1/audit/checkpoint": "audit",
  "/v1/audit/consistency": "audit",
  "/v1/audit/diff": "audit",
  "/v1/audit/key": "read",
  "/v1/audit/proof/:eventId": "read",
  "/v1/clusters": "read",
  "/v1/clusters/:cluster/summary": "read",
  "/v1/data-quality": "read",
  "/v1/events": "read",
  "/v1/events/:id": "read",
  "/v1/faults": "read",
  "/v1/find": "read",
  "/v1/history": "read",
  "/v1/job-uptime": "read",
  "/v1/jobs": "read",
  "/v1/jobs/:cluster/:job": "read",
  "/v1/jobs/:cluster/:job/strip": "read",
  "/v1/mttr": "read",
  "/v1/nfz": "read",
  "/v1/nfz.ics": "read",
  "/v1/nfz/:nfz": "read",
  "/v1/nfz/at": "read",
  "/v1/nis": "read",
  "/v1/node-states": "read",
  "/v1/nodes": "read",
  "/v1/nodes/:cluster/:node": "read",
  "/v1/reports": "read",
  "/v1/reports/:report": "read",
  "/v1/reports/:report/restated": "read",
  "/v1/rollouts": "read",
  "/v1/rollouts/:rollout": "read",
  "/v1/rollouts/blocked": "read",
  "/v1/rollouts/queue/history": "read",
  "/v1/rollouts/violations": "read",
  "/v1/series": "read",
  "/v1/sla": "read",
  "/v1/sources": "manage",
  "/v1/stream": "read",
  "/v1/webhooks": "manage",
  "/v1/webhooks/:name/dead": "manage",
  "/": "read",
  "/access": "manage",
  "/audit": "audit",
  "/audit/changes": "audit",
  "/audit/events": "read",
  "/clusters/:cluster": "read",
  "/clusters/:cluster/jobs": "read",
  "/clusters/:cluster/jobs/:job": "read",
  "/clusters/:cluster/nodes/:node": "read",
  "/events/:id": "read",
  "/faults": "read",
  "/find": "read",
  "/nfz/:cluster/:nfz": "read",
  "/reports": "read",
  "/reports/:report": "read",
  "/rollouts": "read",
  "/rollouts/:cluster/:rollout": "read",
  "/sources": "manage",
  "/webhooks": "manage",
};

const posts: Readonly<Record<string, Need>> = {
  "/login": "open",
  "/logout": "open",
  "/v1/access": "manage",
  "/v1/access/:key/revoke": "manage",
  "/v1/access/:key/rotate": "manage",
  "/v1/clock": "manage",
  "/v1/cloudevents": "state",
  "/v1/events": "state",
  "/v1/events/:id/corrections": "correct",
  "/v1/events/:id/retraction": "correct",
  "/v1/nfz": "operate",
  "/v1/nfz/:nfz/cancel": "approve",
  "/v1/nfz/:nfz/extend": "operate",
  "/v1/nfz/:nfz/lift": "approve",
  "/v1/nfz/:nfz/shorten": "approve",
  "/v1/nfz/:nfz/skip": "approve",
  "/v1/nfz/preview": "operate",
  "/v1/reports": "approve",
  "/v1/rollouts": "operate",
  "/v1/rollouts/:rollout/cancel": "operate",
  "/v1/rollouts/:rollout/complete": "operate",
  "/v1/rollouts/:rollout/fail": "operate",
  "/v1/rollouts/:rollout/overrides": "approve",
  "/v1/rollouts/:rollout/overrides/:override/revoke": "approve",
  "/v1/rollouts/:rollout/pause": "operate",
  "/v1/rollouts/:rollout/progress": "operate",
  "/v1/rollouts/:rollout/resume": "operate",
  "/v1/rollouts/:rollout/roll-back": "operate",
  "/v1/rollouts/:rollout/start": "operate",
  "/v1/rollouts/:rollout/supersede": "operate",
  "/v1/rollouts/:rollout/verify": "operate",
  "/v1/sources/:name": "source",
  "/v1/sources/:name/heartbeat": "source",
  "/v1/webhooks/:name/replay": "manage",
};

/** Addresses that begin so, whose names come from a build or a library. */
const getsUnder: readonly (readonly [string, Need])[] = [
  ["/assets/", "open"],
  ["/docs/", "any"],
];

/** What it takes to be answered at an address; `null` if the table has no row for it. */
export function needOf(method: string, url: string): Need | null {
  if (method === "OPTIONS") return "open";
  if (method === "POST") return posts[url] ?? null;
  if (method !== "GET" && method !== "HEAD") return null;
  if (url === "/docs") return "any";
  return gets[url] ?? getsUnder.find(([start]) => url.startsWith(start))?.[1] ?? null;
}

/** Every row: method, address and need. */
export function rowsOfRoutes(): readonly (readonly [string, string, Need])[] {
  return [
    ...Object.entries(gets).map(([url, need]) => ["GET", url, need] as const),
    ...Object.entries(posts).map(([url, need]) => ["POST", url, need] as const),
  ];
}

/** The roles of which any would do. */
export function rolesOf(need: Need, source: string | undefined): readonly string[] {
  if (need === "open") return [];
  if (need === "any") return knownRoles;
  if (need === "metrics") return [...rolesFor.read, "metrics"];
  if (need === "source") {
    return source === undefined ? rolesFor.deliver : [...rolesFor.deliver, `source:${source}`];
  }
  return rolesFor[need];
}

/** Whether it is enough for a request; `source` is the one that the address names. */
export function meets(access: Access, need: Need, source: string | undefined): boolean {
  if (need === "open") return true;
  if (need !== "metrics") return hasAnyRole(access, rolesOf(need, source));
  // Metrics tell of all clusters: a reader of some must not learn of the others by them.
  return (
    hasAnyRole(access, ["metrics"]) ||
    (access.clusters === null && hasAnyRole(access, rolesFor.read))
  );
}
