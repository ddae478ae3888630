/** Whether an event is there for a key: by its cluster, or as one of no cluster. */
import { definitionOf } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { EventStore } from "../../store/port.ts";
import type { Access } from "../access.ts";
import { seesCluster, seesSystem } from "../access.ts";

type Finding = Pick<EventStore, "findById">;

/** The fact, or the system event, that an event is about in the end: a correction's, or itself. `null` if that is missing. */
export async function rootOf(store: Finding, event: StoredEvent): Promise<StoredEvent | null> {
  let root: StoredEvent | null = event;
  while (root !== null && definitionOf(root.type).entity === "correction") {
    const { eventId } = root.data as { readonly eventId: string };
    root = await store.findById(eventId.toLowerCase());
  }
  return root;
}

/** The cluster that data name; `null` for none. */
export function clusterOf(data: object): string | null {
  const { cluster } = data as { readonly cluster?: unknown };
  return typeof cluster === "string" ? cluster : null;
}

export async function isVisible(
  store: Finding,
  access: Pick<Access, "roles" | "clusters">,
  event: StoredEvent,
): Promise<boolean> {
  const root = await rootOf(store, event);
  const cluster = root === null ? null : clusterOf(root.data);
  return cluster === null ? seesSystem(access) : seesCluster(access, cluster);
}

/** The new data of a fact, however deep corrections of corrections state them; `null` if they stay. */
export function newDataOf(correction: object): Readonly<Record<string, unknown>> | null {
  let inner: unknown = (correction as { readonly data?: unknown }).data;
  while (isRecord(inner) && "eventId" in inner) inner = inner["data"];
  return isRecord(inner) ? inner : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The event as a key sees it. Of a correction that gives a fact to a cluster which is not seen, only that there was one:
 * where the fact went, and what it says there, are another's (ADR 111).
 */
export function shownTo(access: Pick<Access, "clusters">, event: StoredEvent): StoredEvent {
  if (access.clusters === null || event.type !== "FactCorrected") return event;
  const data = newDataOf(event.data);
  const cluster = data === null ? null : clusterOf(data);
  if (cluster === null || seesCluster(access, cluster)) return event;
  const { eventId } = event.data as { readonly eventId: string };
  return { ...event, data: { eventId } };
}

/** Whether a correction says nothing of what it changed: it gave the fact to a cluster that is not seen. */
export function isGivenAway({ type, data }: StoredEvent): boolean {
  return type === "FactCorrected" && !("data" in data) && !("occurredAt" in data);
}
