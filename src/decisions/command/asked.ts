/** A request for a decision: the command, who asks, and what they state about it. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../events/canonical/canonical.ts";

/** Who asks. */
export interface Caller {
  readonly actor: string;
  /** The roles of the key; `null` for every role. */
  readonly roles: ReadonlySet<string> | null;
  /** The clusters that the key may see; `null` for all. */
  readonly clusters: Pick<ReadonlySet<string>, "has"> | null;
}

/** What a body states besides the command's own fields. */
interface Said {
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
}

export interface Asked {
  /** The last part of the route's path. */
  readonly command: string;
  readonly caller: Caller;
  readonly said: Said;
  /** The id of the command's first event. */
  readonly id: string;
  /** SHA-256 of the request, in hexadecimal; `null` for a question that is told apart by its id alone. */
  readonly request: string | null;
  /** The decision must see at least the facts up to this sequence. */
  readonly minSequence: number;
}

/** SHA-256, in hexadecimal, over the RFC 8785 text of the command, the path and the body without its id. */
export function requestHash(command: string, path: string, body: object): string {
  const { id: _id, ...rest } = body as { readonly id?: unknown };
  return createHash("sha256")
    .update(canonicalJson([command, path, rest]))
    .digest("hex");
}

/** Whether the caller has a role. */
export function hasRole({ roles }: Pick<Caller, "roles">, role: string): boolean {
  return roles === null || roles.has(role);
}

/** Whether the caller may see a cluster. */
export function maySee({ clusters }: Caller, cluster: string): boolean {
  return clusters === null || clusters.has(cluster);
}
