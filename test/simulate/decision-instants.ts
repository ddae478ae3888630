/** The rules for the instants of decisions, held against a simulation. */
import { decisionsOf } from "./deciding.ts";
import { rawEventsOf, type Simulation } from "./raw-events.ts";

/** The first decision that its instant or its position is wrong for; `null` if there is none. */
export function decisionInstantsOf(simulation: Simulation): string | null {
  const raw = rawEventsOf(simulation);
  const sequences = new Map(raw.map(({ id, sequence }) => [id, sequence]));
  let latestOfNfzs = -Infinity;
  let latest = -Infinity;
  const ownLatest = new Map<string, number>();
  const decisions = new Map(decisionsOf(simulation).map((each) => [each.events[0]?.id, each]));
  for (const event of raw) {
    const { data, occurredAt, sequence } = event;
    const own = "rollout" in data ? data.rollout : "nfz" in data ? data.nfz : null;
    const decision = decisions.get(event.id);
    if (decision !== undefined && own !== null) {
      const { P, at, events } = decision;
      const where = `${event.type} of ${own} at ${sequence}`;
      const isOfNfz = "nfz" in data;
      if (P !== sequence - 1) return `${where} says that it saw up to ${P}`;
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
