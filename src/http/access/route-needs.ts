/** What it takes to be answered at an address, and whether a request has it. */
import type { Access } from "../../access/access.ts";
import { hasAnyRole } from "../../access/access.ts";
import { knownRoles, rolesFor } from "../../access/roles.ts";
import type { Need } from "./route-table.ts";
import { routeTable } from "./route-table.ts";

/** Addresses that begin so, whose names come from a build or a library. */
const getsUnder: readonly (readonly [string, Need])[] = [
  ["/assets/", "open"],
  ["/docs/", "any"],
];

/** What it takes to be answered at an address; `null` if the table has no row for it. */
export function needOf(method: string, url: string): Need | null {
  if (method === "OPTIONS") return "open";
  if (method === "POST") return routeTable.POST[url] ?? null;
  if (method !== "GET" && method !== "HEAD") return null;
  if (url === "/docs") return "any";
  return routeTable.GET[url] ?? getsUnder.find(([start]) => url.startsWith(start))?.[1] ?? null;
}

/** The same for a concrete address, such as `/v1/nfz/quarter-end/lift`. */
export function needAt(method: "GET" | "POST", address: string): Need | null {
  const path = address.split("?", 1)[0] ?? "";
  const known = needOf(method, path);
  if (known !== null) return known;
  const parts = path.split("/");
  const fits = (pattern: string) => {
    const wanted = pattern.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((part, i) => part.startsWith(":") || part === parts[i])
    );
  };
  const pattern = Object.keys(routeTable[method]).find(fits);
  return pattern === undefined ? null : needOf(method, pattern);
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
  // Metrics tell of the whole ledger too: a key of that role alone has those of its clusters (`metricsOfClusters`).
  return (
    hasAnyRole(access, ["metrics"]) ||
    (access.clusters === null && hasAnyRole(access, rolesFor.read))
  );
}
