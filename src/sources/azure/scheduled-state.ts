/** What a node's stream says of Azure's scheduled events, by their ids. */
import type { StoredEvent } from "../../events/envelope.ts";
import type { EventType } from "../../events/catalogue.ts";
import { Stated } from "../reconcile/stated.ts";

/** One scheduled event on one node. */
export class ScheduledState {
  readonly id: string;
  readonly announced: Stated[] = [];
  /** The first of each type that its source has not taken back. */
  readonly #stated: Stated[] = [];

  constructor(id: string) {
    this.id = id;
  }

  add(stated: Stated): void {
    if (stated.event.type === "NodeMaintenanceAnnounced") this.announced.push(stated);
    else this.#stated.push(stated);
  }

  /** The maintenance's start, or the failure; one that somebody else retracted stays known. */
  get started(): Stated | null {
    return this.#first("NodeMaintenanceStarted") ?? this.#first("NodeFailed");
  }

  get ended(): Stated | null {
    return this.#first("NodeMaintenanceEnded") ?? this.#first("NodeReturned");
  }

  /** The agent whose documents say when it is over. */
  get agent(): string | undefined {
    const { correlationId } = (this.started ?? this.announced[0])?.event.attribution ?? {};
    return correlationId;
  }

  #first(type: EventType): Stated | null {
    const found = this.#stated.find(
      (each) => each.event.type === type && (!each.isRetracted || each.isStruck),
    );
    return found ?? null;
  }
}

export interface ScheduledStates {
  readonly byId: Map<string, ScheduledState>;
  /** How many corrections and retractions name an event. */
  readonly touched: ReadonlyMap<string, number>;
  /** The ids of all events of the stream. */
  readonly ids: ReadonlySet<string>;
}

export function readScheduled(tag: string, events: readonly StoredEvent[]): ScheduledStates {
  const byId = new Map<string, ScheduledState>();
  const stated = new Map<string, Stated>();
  const touched = new Map<string, number>();
  for (const event of events) {
    const isOwn = event.attribution.source === tag;
    if (event.type === "FactCorrected" || event.type === "FactRetracted") {
      const target = (event.data as { readonly eventId: string }).eventId.toLowerCase();
      touched.set(target, (touched.get(target) ?? 0) + 1);
      const found = stated.get(target);
      found?.amend(event, isOwn);
      if (found !== undefined) stated.set(event.id, found);
      continue;
    }
    const id = isOwn ? idIn(event) : undefined;
    if (id === undefined) continue;
    const each = new Stated(event, id);
    stated.set(event.id, each);
    const state = byId.get(id) ?? new ScheduledState(id);
    byId.set(id, state);
    state.add(each);
  }
  return { byId, touched, ids: new Set(events.map((event) => event.id)) };
}

function idIn({ data }: StoredEvent): string | undefined {
  const { maintenanceId, faultId, faultIds } = data as {
    readonly maintenanceId?: string;
    readonly faultId?: string;
    readonly faultIds?: readonly string[];
  };
  return maintenanceId ?? faultId ?? faultIds?.[0];
}
