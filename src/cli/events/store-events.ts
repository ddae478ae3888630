/** Events of a store that this process has open. */
import { eventJson } from "../../answers/event-json.ts";
import type { EventJson } from "../../answers/event-json.ts";
import { maxPageSize } from "../../limits/requests.ts";
import type { EventFilter, EventStore } from "../../store/port.ts";
import type { EventChoice, EventReader } from "./event-reader.ts";

export function eventsIn(store: EventStore): EventReader {
  return {
    head: async () => (await store.head()).sequence,
    page: async (choice, page) => {
      const events = await store.query({ ...filterOf(choice), ...page });
      return events.map(eventJson);
    },
    follow: (choice, after, signal) => follow(store, choice, after, signal),
  };
}

function filterOf({ stream, type, cluster, since, until }: EventChoice): Partial<EventFilter> {
  return {
    ...(stream === undefined ? {} : { stream }),
    ...(type === undefined ? {} : { type }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
}

/** New events are read through the filter again: only the store knows which cluster a correction is about. */
async function* follow(
  store: EventStore,
  choice: EventChoice,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<EventJson, void, undefined> {
  let position = after;
  for await (const batch of store.subscribe(after, signal)) {
    const upTo = batch.at(-1)?.sequence ?? position;
    while (position < upTo) {
      const page = { after: position, upTo, limit: maxPageSize };
      const found = await store.query({ ...filterOf(choice), ...page });
      for (const event of found) yield eventJson(event);
      position = found.length < maxPageSize ? upTo : (found.at(-1)?.sequence ?? upTo);
    }
  }
}
