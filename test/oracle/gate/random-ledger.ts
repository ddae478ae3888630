/** Puts drafts of facts into a ledger: late, out of order, corrected and retracted, also corrections and retractions themselves. */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import type { RandomSource } from "../../histories/random-source.ts";
import type { OracleData, OracleEvent } from "../facts/oracle-event.ts";
import { instantText } from "../facts/oracle-event.ts";

export interface Draft {
  readonly type: string;
  readonly at: number;
  readonly data: OracleData;
  /** When the ledger hears of it; left out: at once, or late by chance. */
  readonly arrives?: number;
}

export interface Chances {
  /** Instants that facts are moved to. */
  readonly grid: readonly number[];
  /** Other data for a fact of a type. */
  readonly dataFor: (type: string, like: OracleData) => OracleData;
  readonly late: number;
  readonly amend: number;
}

export function written(
  random: RandomSource,
  drafts: readonly Draft[],
  chances: Chances,
): OracleEvent[] {
  const { grid, late, amend } = chances;
  const lateness = () => (random.chance(late) ? random.pick(grid) : 0);
  const arriving = random
    .shuffled(drafts)
    .map((draft) => ({ draft, arrives: draft.arrives ?? Math.max(draft.at, lateness()) }))
    .sort((a, b) => a.arrives - b.arrives);
  const events: OracleEvent[] = [];
  const add = (type: string, at: number, data: OracleData, arrives: number): void => {
    const occurredAt = instantText(at);
    events.push({ id: random.uuid(), type, occurredAt, recordedAt: instantText(arrives), data });
  };
  for (const { draft, arrives } of arriving) {
    add(draft.type, draft.at, draft.data, arrives);
    if (!random.chance(amend)) continue;
    const named = random.pick(random.chance(0.3) ? events.slice(-3) : events);
    const [type, data] = amendment(random, events, named, chances);
    add(type, arrives, data, arrives);
  }
  return events;
}

/** What corrects or retracts an event, be it a correction or a retraction in turn. */
function amendment(
  random: RandomSource,
  events: readonly OracleEvent[],
  named: OracleEvent,
  chances: Chances,
): [string, OracleData] {
  const eventId = named.id;
  if (random.chance(0.35)) return ["FactRetracted", { eventId }];
  if (!named.type.startsWith("Fact"))
    return ["FactCorrected", { eventId, ...correction(random, named, chances) }];
  const root = events.find(({ id }) => id === named.data.eventId);
  // What a correction or a retraction names stays.
  if (named.type === "FactRetracted" || root === undefined || root.type.startsWith("Fact"))
    return ["FactRetracted", { eventId }];
  return [
    "FactCorrected",
    { eventId, data: { eventId: root.id, ...correction(random, root, chances) } },
  ];
}

function correction(
  random: RandomSource,
  { type, data }: OracleEvent,
  { grid, dataFor }: Chances,
): OracleData {
  const moved = { occurredAt: instantText(random.pick(grid)) };
  const other = { data: dataFor(type, data) };
  return random.pick([moved, other, { ...moved, ...other }]);
}

/** The events as the folds take them. */
export function rawEvents(history: readonly OracleEvent[]): RawEvent[] {
  return history.map(({ type, id, occurredAt, recordedAt, data }, index) => ({
    type,
    id,
    sequence: index + 1,
    occurredAt: Date.parse(occurredAt),
    recordedAt: Date.parse(recordedAt),
    data,
    attribution: {},
  })) as unknown as RawEvent[];
}
