/** Whether the holder of a key may state a fact: by its type, its cluster, and who is named as its actor. */
import { LedgerError, isLedgerError } from "../../errors.ts";
import type { EventType } from "../../events/catalogue.ts";
import { definitionOf, isEventType, isSystemEvent } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { EventStore } from "../../store/port.ts";
import type { Access } from "../access.ts";
import { hasAnyRole, seesCluster } from "../access.ts";
import { actorOf } from "../actor.ts";
import { clusterOf, isVisible, newDataOf, rootOf } from "../scope/visible.ts";
import { rolesStating } from "../types-by-role.ts";

type Json = Readonly<Record<string, unknown>>;

interface Admitted {
  /** With its actor. */
  readonly input: unknown;
  /** `null` if it may be stated; what is wrong with its form is the ledger's to say. */
  readonly refusal: LedgerError | null;
}

/**
 * `store` is the whole one: what is hidden is told from what is not there. `source` is the name of the source whose payload
 * states it, if one does: its own role is enough then.
 */
export async function admitted(
  store: Pick<EventStore, "findById">,
  access: Access,
  input: unknown,
  source: string | null = null,
): Promise<Admitted> {
  if (!isObject(input)) return { input, refusal: null };
  try {
    const { type, data } = input;
    const named = withActor(access, input);
    if (typeof type !== "string" || !isEventType(type) || isSystemEvent(type) || !isObject(data)) {
      return { input: named, refusal: null };
    }
    const isCorrection = definitionOf(type).entity === "correction";
    const refusal = isCorrection
      ? await correctionRefusal(store, access, data, source)
      : (typeRefusal(access, type, source) ?? clusterRefusal(access, data));
    return { input: named, refusal };
  } catch (error) {
    if (isLedgerError(error)) return { input, refusal: error };
    throw error;
  }
}

/** The input with the actor that the key gives it. Throws `actor-refused`. */
export function withActor(access: Access, input: Json): Json {
  const given = input["actor"];
  if (given !== undefined && typeof given !== "string") return input;
  const actor = actorOf(access, given);
  return actor === given ? input : { ...input, actor };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeRefusal(access: Access, type: EventType, source: string | null): LedgerError | null {
  const roles = withSource(rolesStating(type), source);
  return hasAnyRole(access, roles) ? null : needed(`To state ${type}`, "/type", roles);
}

/** A source states what a reporter may, of its own. */
function withSource(roles: readonly string[], source: string | null): readonly string[] {
  return source !== null && roles.includes("reporter") ? [...roles, `source:${source}`] : roles;
}

/** Facts make clusters, so that one outside the key's is refused, not hidden; what is of no cluster needs a key of all. */
function clusterRefusal(access: Access, data: Json): LedgerError | null {
  const cluster = clusterOf(data);
  if (cluster === null ? access.clusters === null : seesCluster(access, cluster)) return null;
  const what = cluster === null ? "To state what is of no cluster" : `To state facts of ${cluster}`;
  const errors = [{ path: "/data/cluster", message: "is not one of the key's clusters" }];
  return new LedgerError("role-needed", `${what}, a key of that cluster is needed.`, { errors });
}

async function correctionRefusal(
  store: Pick<EventStore, "findById">,
  access: Access,
  data: Json,
  source: string | null,
): Promise<LedgerError | null> {
  const { eventId } = data;
  if (typeof eventId !== "string") return null;
  const target = await store.findById(eventId.toLowerCase());
  // It may be in the same request: then it was admitted itself.
  if (target === null) return null;
  if (!(await isVisible(store, access, target))) return noTarget(eventId);
  const root = await rootOf(store, target);
  if (root === null || isSystemEvent(root.type)) return null;
  const inner = newDataOf(data);
  return (
    mayCorrect(access, root, source) ?? (inner === null ? null : clusterRefusal(access, inner))
  );
}

function mayCorrect(
  access: Access,
  { type, attribution }: StoredEvent,
  source: string | null,
): LedgerError | null {
  const roles = withSource(rolesStating(type), source);
  const whole = rolesStating(type).filter((role) => role !== "reporter");
  if (hasAnyRole(access, whole)) return null;
  if (!hasAnyRole(access, roles)) return needed(`To correct ${type}`, "/data/eventId", roles);
  const { actor, source: statedBy } = attribution;
  // A source corrects what it stated itself, whichever key it had then.
  const isSources = source !== null && nameOfSource(statedBy) === source;
  const isOwn = actor === access.name || actor?.startsWith(`${access.name}/`) === true;
  return isSources || isOwn
    ? null
    : needed("To correct a fact that another key stated", "/data/eventId", whole);
}

/** The name in an envelope's `<kind>:<name>`; `null` if it is not of a source. */
export function nameOfSource(text: unknown): string | null {
  const [, name] = /^[a-z-]+:([a-z0-9-]{1,32})$/.exec(String(text)) ?? [];
  return name ?? null;
}

function needed(what: string, path: string, roles: readonly string[]): LedgerError {
  return new LedgerError(
    "role-needed",
    `${what}, one of these roles is needed: ${roles.join(", ")}.`,
    {
      errors: [{ path, message: `needs one of the roles ${roles.join(", ")}` }],
      extra: { roles },
    },
  );
}

/** As the ledger says it of an event that is not there. */
function noTarget(eventId: string): LedgerError {
  const message = "does not name an earlier event";
  return new LedgerError("target-not-found", `${eventId}: ${message}`, {
    errors: [{ path: "/data/eventId", message }],
  });
}
