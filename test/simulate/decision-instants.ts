/** The rules for the instants of decisions, held against a simulation. */
import { decisionsOf } from "./deciding.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { rawEventsOf, type Simulation } from "./raw-events.ts";

/** What the event is about; nodes by their cluster. */
function ownOf(data: RawEvent["data"]): string | null {
  if ("rollout" in data) return data.rollout;
  if ("nfz" in data) return data.nfz;
  return "node" in data ? `${data.cluster}:${data.node}` : null;
}

/** The first decision that its instant or its position is wrong for; `null` if there is none. */
export function decisionInstantsOf(simulation: Simulation): string | null {
  const raw = rawEventsOf(simulation);
  const sequences = new Map(raw.map(({ id, sequence }) => [id, sequence]));
  let latestOfNfzs = -Infinity;
  let latest = -Infinity;
  const ownLatest = new Map<string, number>();
  const firstOf = firstOfRequests(raw);
  const decisions = new Map(decisionsOf(simulation).map((each) => [each.events[0]?.id, each]));
  for (const event of raw) {
    const { data, occurredAt, sequence } = event;
    const own = ownOf(data);
    const decision = decisions.get(event.id);
    if (decision !== undefined && own !== null) {
      const { P, at, events } = decision;
      const where = `${event.type} of ${own} at ${sequence}`;
      const isOfNfz = "nfz" in data;
      const first = firstOf(event) ?? sequence;
      if (P !== first - 1) return `${where} says that it saw up to ${P}`;
      const together = events.map(({ id }) => sequences.get(id));
      if (together.some((each, i) => each !== sequence + i)) return `${where} is not in one piece`;
      if (at < (raw[P - 1]?.recordedAt ?? -Infinity)) return `${where} is before ledger time`;
      if (at <= (ownLatest.get(own) ?? -Infinity)) return `${where} is not after its own facts`;
      if (at < latestOfNfzs) return `${where} is before a decision about an NFZ`;
      if (isOfNfz && at <= latest) return `${where} is not after every decision`;
      latest = Math.max(latest, at);
      if (isOfNfz) latestOfNfzs = Math.max(latestOfNfzs, at);
    }
    if (own !== null) ownLatest.set(own, Math.max(ownLatest.get(own) ?? -Infinity, occurredAt));
  }
  return null;
}

/** The sequence of the first event of the request that an event about a node came of; `null` for any other. */
function firstOfRequests(raw: readonly RawEvent[]): (event: RawEvent) => number | null {
  const firsts = new Map<string, number>();
  const keyOf = ({ data, attribution }: RawEvent): string | null => {
    const decision = attribution?.decision;
    if (decision === undefined || !("node" in data)) return null;
    return `${decision.sequence} ${decision.request ?? ""}`;
  };
  for (const event of raw) {
    const key = keyOf(event);
    if (key !== null && !firsts.has(key)) firsts.set(key, event.sequence);
  }
  return (event) => firsts.get(keyOf(event) ?? "") ?? null;
}
