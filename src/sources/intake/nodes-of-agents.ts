/** The nodes that the documents of an agent named, from the events that they became. */
import type { EventType } from "../../events/catalogue.ts";
import { agentPageSize } from "../../limits/sources.ts";
import type { EventStore } from "../../store/port.ts";
import type { NamedNode } from "../azure/scheduled-events.ts";

const types: readonly EventType[] = [
  "NodeMaintenanceAnnounced",
  "NodeMaintenanceStarted",
  "NodeFailed",
];

/** What was read of one source's events, up to a sequence. */
interface Read {
  upTo: number;
  readonly byAgent: Map<string, Map<string, NamedNode>>;
}

/** Each process reads a store's events once: what a later payload needs is what came since. */
const read = new WeakMap<EventStore, Map<string, Read>>();

/** `tag` is what the source's events say as their source. */
export async function nodesOfAgent(
  store: EventStore,
  tag: string,
  agent: string,
): Promise<readonly NamedNode[]> {
  const ofStore = read.get(store) ?? new Map<string, Read>();
  read.set(store, ofStore);
  const known = ofStore.get(tag) ?? { upTo: 0, byAgent: new Map() };
  ofStore.set(tag, known);
  const { sequence } = await store.head();
  for (const type of types) await readType(store, type, tag, known, sequence);
  known.upTo = Math.max(known.upTo, sequence);
  return [...(known.byAgent.get(agent)?.values() ?? [])];
}

async function readType(
  store: EventStore,
  type: EventType,
  tag: string,
  { upTo: before, byAgent }: Read,
  upTo: number,
): Promise<void> {
  for (let after = before; after < upTo;) {
    const events = await store.query({ type, after, upTo, limit: agentPageSize });
    for (const { attribution, data, stream } of events) {
      if (attribution.source !== tag || attribution.correlationId === undefined) continue;
      const { cluster, node } = data as NamedNode;
      const nodes = byAgent.get(attribution.correlationId) ?? new Map<string, NamedNode>();
      byAgent.set(attribution.correlationId, nodes);
      nodes.set(stream, { cluster, node });
    }
    after = events.length < agentPageSize ? upTo : (events.at(-1)?.sequence ?? upTo);
  }
}
