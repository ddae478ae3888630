/** A store in which the events that a key does not see are not there; sequences have gaps instead. */
import type { StoredEvent } from "../../events/envelope.ts";
import { scopedPage } from "../../limits/access.ts";
import type { EventFilter, EventStore } from "../../store/port.ts";
import type { Access } from "../access.ts";
import { seesCluster } from "../access.ts";
import { isVisible, shownTo } from "./visible.ts";
import { replaced } from "./replaced.ts";

type Seen = Pick<Access, "roles" | "clusters">;

export function scopedStore(store: EventStore, access: Seen): EventStore {
  const visible = async (events: readonly StoredEvent[]): Promise<StoredEvent[]> => {
    const found: StoredEvent[] = [];
    for (const event of events)
      if (await isVisible(store, access, event)) found.push(shownTo(access, event));
    return found;
  };
  const only = async (event: StoredEvent | null): Promise<StoredEvent | null> =>
    event !== null && (await isVisible(store, access, event)) ? shownTo(access, event) : null;
  return replaced(store, {
    query: async (filter) => await query(store, access, visible, filter),
    findById: async (id) => await only(await store.findById(id)),
    findByIds: async (ids) => await visible(await store.findByIds(ids)),
    readAt: async (sequence) => await only(await store.readAt(sequence)),
    readStream: async function* (stream, fromRevision) {
      for await (const event of store.readStream(stream, fromRevision)) {
        if (await isVisible(store, access, event)) yield shownTo(access, event);
      }
    },
    readAll: async function* (after, options) {
      for await (const events of store.readAll(after, options)) yield await visible(events);
    },
    subscribe: async function* (after, signal) {
      for await (const events of store.subscribe(after, signal)) yield await visible(events);
    },
  });
}

/** Reads on until there are as many events as were asked for. */
async function query(
  store: EventStore,
  access: Seen,
  visible: (events: readonly StoredEvent[]) => Promise<StoredEvent[]>,
  filter: EventFilter,
): Promise<readonly StoredEvent[]> {
  const { cluster, limit, order = "asc", signal } = filter;
  if (cluster !== undefined && !seesCluster(access, cluster)) return [];
  const found: StoredEvent[] = [];
  let range: Pick<EventFilter, "after" | "upTo"> = filter;
  for (;;) {
    const pageSize = Math.max(limit, scopedPage);
    const page = await store.query({ ...filter, ...range, limit: pageSize });
    found.push(...(await visible(page)));
    const last = page.at(-1);
    if (found.length >= limit || page.length < pageSize || last === undefined) {
      return found.slice(0, limit);
    }
    signal?.throwIfAborted();
    range =
      order === "asc" ? { ...range, after: last.sequence } : { ...range, upTo: last.sequence - 1 };
  }
}
