/** Where the files of an outage log have put its rows, from the events that they became. */
import type { EventType } from "../../events/catalogue.ts";
import { agentPageSize } from "../../limits/sources.ts";
import type { EventStore } from "../../store/port.ts";
import type { KnownPlace } from "../outages/see-outages.ts";
import { readClaimName, readExportName } from "../reconcile/names.ts";

const types: readonly EventType[] = ["NodeFailed", "NodeMaintenanceStarted"];

interface Read {
  upTo: number;
  /** By series, then by stream. */
  readonly bySeries: Map<string, Map<string, KnownPlace>>;
}

/** Each process reads a store's events once: what a later file needs is what came since. */
const read = new WeakMap<EventStore, Map<string, Read>>();

/** `tag` is what the source's events say as their source, `name` its name; by series, as ids name it. */
export async function placesOfRows(
  store: EventStore,
  tag: string,
  name: string,
): Promise<ReadonlyMap<string, readonly KnownPlace[]>> {
  const ofStore = read.get(store) ?? new Map<string, Read>();
  read.set(store, ofStore);
  const known = ofStore.get(tag) ?? { upTo: 0, bySeries: new Map() };
  ofStore.set(tag, known);
  const { sequence } = await store.head();
  for (const type of types) {
    for (let after = known.upTo; after < sequence;) {
      const events = await store.query({ type, after, upTo: sequence, limit: agentPageSize });
      for (const { attribution, data, stream } of events) {
        const claim = readClaimName(name, attribution.causationId);
        if (attribution.source !== tag || claim === null) continue;
        const { cluster, node } = data as { readonly cluster: string; readonly node: string };
        const places = known.bySeries.get(claim.series) ?? new Map<string, KnownPlace>();
        known.bySeries.set(claim.series, places);
        places.set(stream, { cluster, node, toldIn: readExportName(attribution.correlationId) });
      }
      after = events.length < agentPageSize ? sequence : (events.at(-1)?.sequence ?? sequence);
    }
  }
  known.upTo = Math.max(known.upTo, sequence);
  return new Map([...known.bySeries].map(([series, places]) => [series, [...places.values()]]));
}
