/**
 * In a list, each stream's part is appended whole or not at all: if one event of it is refused, the others are too.
 * Lines of NDJSON are independent of each other.
 */
import { LedgerError } from "../../errors.ts";
import { definitionOf, isEventType } from "../../events/catalogue.ts";
import { streamOf } from "../../events/stream.ts";
import type { EventStore } from "../../store/port.ts";
import type { Entry } from "./entry.ts";
import { refuse } from "./entry.ts";

/** The stream that a refused input names, or the event that it would have corrected. */
export type Claim = { readonly stream: string } | { readonly eventId: string };

/** `null` if the input does not even say that. */
export function claimOf(input: unknown): Claim | null {
  if (typeof input !== "object" || input === null) return null;
  const { type, data } = input as { type?: unknown; data?: unknown };
  if (typeof type !== "string" || !isEventType(type)) return null;
  if (typeof data !== "object" || data === null) return null;
  const fields = data as Record<string, unknown>;
  if (definitionOf(type).entity === "correction") {
    return typeof fields.eventId === "string" ? { eventId: fields.eventId.toLowerCase() } : null;
  }
  // A name that is missing or malformed leads to a stream that no other event is in.
  const said = Object.entries(fields).filter(([, value]) => typeof value === "string");
  const stream = streamOf(type, Object.fromEntries(said));
  return stream === null ? null : { stream };
}

/**
 * Refuses entries that share a stream with a refused event of the same list, and corrections of those. Returns the
 * entries of `fresh` that are left.
 */
export async function keepWholeParts(
  lists: readonly (readonly Entry[])[],
  fresh: readonly Entry[],
  store: Pick<EventStore, "findById">,
): Promise<Entry[]> {
  for (const list of lists) {
    const broken = await brokenStreams(list, store);
    if (broken.size === 0) continue;
    for (const entry of list) {
      if (entry.outcome === null && broken.has(entry.stream)) refuse(entry, partRefused(entry));
    }
  }
  refuseOrphans(fresh);
  return fresh.filter((entry) => entry.outcome === null);
}

async function brokenStreams(
  list: readonly Entry[],
  store: Pick<EventStore, "findById">,
): Promise<Set<string>> {
  const broken = new Set<string>();
  for (const { outcome, stream, claim } of list) {
    if (outcome?.status !== "refused") continue;
    if (stream !== "") broken.add(stream);
    else if (claim !== null && "stream" in claim) broken.add(claim.stream);
    else if (claim !== null) {
      const named = list.find(({ event }) => event?.id === claim.eventId);
      const target = named?.stream ?? (await store.findById(claim.eventId))?.stream;
      if (target !== undefined) broken.add(target);
    }
  }
  return broken;
}

/** Refuses corrections of events that were refused after all, also in other requests of the round. */
function refuseOrphans(fresh: readonly Entry[]): void {
  const gone = new Set<string>();
  for (const entry of fresh) {
    const { event } = entry;
    if (event === null) continue;
    const data = event.data as { readonly eventId?: string };
    const isOrphan =
      definitionOf(event.type).entity === "correction" && gone.has(data.eventId ?? "");
    if (entry.outcome === null && isOrphan) {
      const detail = `the event ${data.eventId} was refused`;
      const errors = [{ path: "/data/eventId", message: "names an event that was refused" }];
      refuse(entry, new LedgerError("target-not-found", detail, { errors }));
    }
    if (entry.outcome?.status === "refused") gone.add(event.id);
  }
}

function partRefused({ stream }: Entry): LedgerError {
  return new LedgerError(
    "part-refused",
    `another event for ${stream} in this list was refused, and a list's events for one stream are appended together or not at all`,
    { extra: { stream } },
  );
}
