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
