/** What whoever asks may do: by a key, by the key of the environment, or by anybody while a ledger is open. */
import type { Key } from "../../projections/access/keys.ts";
import { globFitsExactly } from "../sources/config/glob.ts";

export interface Access {
  /** The actor of what is stated; `null` where nobody is asked who they are. */
  readonly name: string | null;
  /** The key's public part; `null` without a key of the ledger. */
  readonly key: string | null;
  /** `null` for every role. */
  readonly roles: ReadonlySet<string> | null;
  /** Globs of the clusters that are seen; `null` for all. */
  readonly clusters: readonly string[] | null;
}

/** Without keys, whoever reaches the ledger may do everything. */
export const openAccess: Access = { name: null, key: null, roles: null, clusters: null };

/** The key in FLEETLEDGER_API_KEY: an admin. */
export const environmentAccess: Access = { name: "env", key: null, roles: null, clusters: null };

export function accessOf({ key, name, roles, clusters }: Key): Access {
  const isWhole = clusters.includes("*");
  return { name, key, roles: new Set(roles), clusters: isWhole ? null : clusters };
}

export function hasAnyRole({ roles }: Pick<Access, "roles">, wanted: readonly string[]): boolean {
  return roles === null || wanted.some((role) => roles.has(role));
}

/** Whether a cluster is there for whoever has these globs. */
export function seesCluster({ clusters }: Pick<Access, "clusters">, cluster: string): boolean {
  return clusters === null || clusters.some((glob) => globFitsExactly(glob, cluster));
}

/** Whether events of no cluster are read: seals, keys, zone tables, co-tests. */
export function seesSystem(access: Pick<Access, "roles">): boolean {
  return hasAnyRole(access, ["auditor", "admin"]);
}
