/** Drafts of the events that a source states: what it found, and corrections and retractions of that. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import { type Place, endData, endTypes, eventIdOf, startData, startTypes } from "./kind-types.ts";
import { claimName } from "./names.ts";
import type { Kind } from "./observation.ts";
import type { Says } from "../config/rule.ts";
import type { Series, Told } from "./told.ts";

/** An event without what is the same for all of a payload. */
export interface Draft {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
  readonly causationId?: string;
  readonly correlationId?: string;
  readonly reason?: string;
}

/** Corrections need a time of their own: when they are made. */
export interface Circumstances {
  readonly nowMs: number;
  readonly correlationId?: string | undefined;
}

/** Collects the drafts of one series, and notes which claims can be read back from them. */
export class Drafts {
  readonly made: Draft[] = [];
  readonly #told: Told;
  readonly #kind: Kind;
  readonly #series: string;
  readonly #when: Circumstances;
  readonly #declared = new Set<string>();
  /** How many of the drafts name an event. */
  readonly #touching = new Map<string, number>();

  constructor(told: Told, { kind, series }: Series, when: Circumstances) {
    this.#told = told;
    this.#kind = kind;
    this.#series = series;
    this.#when = when;
  }

  /** The name of the claim that begins then; of bare ends, if there is none. */
  claim(start: number | null): string {
    return claimName(this.#told.place.source, this.#series, start);
  }

  declare(what: string): void {
    this.#declared.add(what);
  }

  declares(what: string): boolean {
    return this.#declared.has(what);
  }

  /** The failure, or whatever begins, of that start; returns its event id. */
  start(start: number, says: Says): string {
    const of = this.claim(start);
    this.#declared.add(startKey(start));
    const type = startTypes[this.#kind];
    const data = startData(this.#kind, this.place, of, says);
    return this.#fact(type, of, start, data, of);
  }

  /** The return, or whatever ends it, as a claim told it; returns its event id. */
  end(of: string, at: number, claim: number | null): string {
    this.#declared.add(endKey(claim, at));
    const type = endTypes[this.#kind];
    return this.#fact(type, of, at, endData(this.#kind, this.place, of), this.claim(claim));
  }

  /** The event id that an end at that instant would have. */
  endId(of: string, at: number): string {
    return eventIdOf(this.place, endTypes[this.#kind], of, at);
  }

  correctStart(eventId: string, start: number, reason: string): string {
    this.#declared.add(startKey(start));
    return this.#correct(eventId, { occurredAt: formatInstant(start) }, this.claim(start), reason);
  }

  correctEnd(eventId: string, at: number, claim: number | null, reason: string): string {
    this.#declared.add(endKey(claim, at));
    return this.#correct(eventId, { occurredAt: formatInstant(at) }, this.claim(claim), reason);
  }

  correctData(eventId: string, data: object, claim: number, reason: string): void {
    this.#declared.add(`cause:${claim}`);
    this.#correct(eventId, { data }, this.claim(claim), reason);
  }

  retract(eventId: string, causationId: string, reason: string): void {
    this.#amend("FactRetracted", { eventId }, causationId, reason);
  }

  get place(): Place {
    return this.#told.place;
  }

  #fact(type: string, of: string, at: number, data: object, causationId: string): string {
    const id = eventIdOf(this.place, type as "NodeFailed", of, at);
    this.#add({ id, type, occurredAt: formatInstant(at), data, causationId });
    return id;
  }

  #correct(eventId: string, change: object, causationId: string, reason: string): string {
    return this.#amend("FactCorrected", { eventId, ...change }, causationId, reason);
  }

  #amend(
    type: string,
    data: { readonly eventId: string },
    causationId: string,
    reason: string,
  ): string {
    const { eventId } = data;
    const before = this.#touching.get(eventId) ?? 0;
    this.#touching.set(eventId, before + 1);
    const n = this.#told.touchesOf(eventId) + before;
    const id = stableId([this.place.source, type, eventId, canonicalJson(data), String(n)]);
    const occurredAt = formatInstant(this.#when.nowMs);
    this.#add({ id, type, occurredAt, data, causationId, reason });
    return id;
  }

  #add(draft: Draft): void {
    const { correlationId } = this.#when;
    this.made.push(correlationId === undefined ? draft : { ...draft, correlationId });
  }
}

export function startKey(start: number): string {
  return `start:${start}`;
}

export function endKey(claim: number | null, at: number): string {
  return `end:${claim ?? ""}:${at}`;
}
