/** What a webhook is told of. */
import type { StoredEvent } from "../../events/envelope.ts";
import { globFitsExactly } from "../../sources/config/glob.ts";
import type { EventStore } from "../../store/port.ts";
import type { MessageType } from "./message-type.ts";
import { messageTypeOf } from "./message-type.ts";
import type { Webhook } from "./webhooks-file.ts";

/** As what the event is told; `null` if it is not. */
export function toldTo({ types }: Webhook, event: StoredEvent): MessageType | null {
  const type = messageTypeOf(event);
  return type !== null && (types.includes("*") || types.includes(type)) ? type : null;
}

interface About {
  /** `null` if the event is about none. */
  readonly cluster: string | null;
  /** Whether the webhook is told of it. */
  readonly isTold: boolean;
}

/** The cluster that an event is about. */
export async function aboutOf(
  { clusters }: Webhook,
  event: StoredEvent,
  store: EventStore,
): Promise<About> {
  const cluster = await clusterNamed(event, store);
  if (clusters === undefined) return { cluster, isTold: true };
  const fits = (glob: string) => cluster !== null && globFitsExactly(glob, cluster);
  return { cluster, isTold: clusters.some(fits) };
}

/** A correction is about the cluster of the event that it names, which may be a correction itself. */
async function clusterNamed(event: StoredEvent, store: EventStore): Promise<string | null> {
  for (let named: StoredEvent | null = event; named !== null;) {
    const { data } = named;
    if (!("eventId" in data)) return "cluster" in data ? (data.cluster ?? null) : null;
    named = await store.findById(data.eventId);
  }
  return null;
}
