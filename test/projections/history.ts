/** Small histories for tests: events by kind, with ids and sequences given in the order in which they are written. */
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import type { DecisionView } from "../../projections/view.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { plainClusterViewAt } from "./plain-view-at.ts";
import { type SlaDocument, slaDocument } from "../../projections/document/sla-document.ts";
import type { ZoneTable } from "../../projections/time/zone-table.ts";
import { firstZones, zoneTransitions } from "../../src/zones/zones.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** Instant 0 of the histories here. */
export const begin = Date.parse("2026-03-01T00:00:00.000Z");

export const zones: ZoneTable = { version: firstZones.version, zone: zoneTransitions };

/** Hours after `begin` as an instant in milliseconds. */
export function hour(hours: number): number {
  return begin + Math.round(hours * hourMs);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The id of the n-th event, counted from 1. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

type Own<T extends EventType> = Omit<DataOf<T>, "cluster">;

/** A history of the cluster `c`; each event is recorded when it occurred unless said otherwise. */
export class History {
  readonly events: RawEvent[] = [];

  /** Adds an event `hours` after `begin`; returns its id. */
  add<T extends EventType>(
    type: T,
    hours: number,
    own: Own<T>,
    more: { recordedAt?: number; id?: string } = {},
  ): string {
    const sequence = this.events.length + 1;
    const id = more.id ?? idOf(sequence);
    const occurredAt = hour(hours);
    const data =
      type === "FactCorrected" || type === "FactRetracted" ? own : { cluster: "c", ...own };
    const recordedAt = more.recordedAt ?? occurredAt;
    this.events.push({
      type,
      id,
      sequence,
      occurredAt,
      recordedAt,
      data,
      attribution: {},
    } as unknown as RawEvent);
    return id;
  }

  /** Says that the ledger has come to `hours`, without saying anything about `c`. */
  reach(hours: number): void {
    this.add("ClusterRegistered", hours, { cluster: "elsewhere" } as Own<"ClusterRegistered">);
  }

  view(P = this.events.length): DecisionView {
    return plainClusterViewAt(this.events, "c", P);
  }

  /** The document of the window between two hours. */
  report(fromHours: number, toHours: number, zone?: string): SlaDocument {
    const period = `${iso(hour(fromHours))}/${iso(hour(toHours))}`;
    return slaDocument(this.view(), { period, zone }, zones);
  }
}
