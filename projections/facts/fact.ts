/**
 * What a fold sees of an event: the fact as of the requested ledger position, after the corrections and retractions
 * recorded up to there.
 */
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import type { Decided } from "./decided.ts";

/** One fact of one type. All instants are milliseconds since 1970-01-01T00:00:00Z. */
export interface FactOf<T extends EventType> {
  readonly type: T;
  /** The id of the event that stated the fact first, lower case; a correction does not change it. */
  readonly id: string;
  /** Sequence of that first event in the ledger, from 1, without gaps. Folds never order by it. */
  readonly sequence: number;
  /** The sequence since which it has this content: its own, or that of its last amendment. */
  readonly since: number;
  /** When it happened in the world, as last corrected. */
  readonly occurredAt: number;
  /**
   * When the ledger recorded it. For an amended fact, when its last correction or retraction was recorded: notice is
   * counted in ledger time.
   */
  readonly recordedAt: number;
  /** Ids of its amendments, at any depth, by sequence. */
  readonly amendedBy: readonly string[];
  /** The type's own fields, as last corrected, in the newest schema version. */
  readonly data: DataOf<T>;
  /** What the ledger says of it where it decided it; figures never look at this. */
  readonly decision?: Decided;
}

/** A fact of any type; `type` tells which. */
export type Fact = { [T in EventType]: FactOf<T> }[EventType];

type Ordered = Pick<Fact, "occurredAt" | "id">;

/** Facts in the order in which folds take them: by `occurredAt`, then by id as lower-case text. */
export function compareFacts(a: Ordered, b: Ordered): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
