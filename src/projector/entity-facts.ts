/**
 * The facts of one entity in the order in which folds take them, as of every position at once: what
 * nothing touches stands once; what corrections touch stands at each time that it ever had. Facts are
 * made when they are asked for, and not kept.
 */
import type { Fact } from "../../projections/fact.ts";
import type { FactVersions } from "../../projections/fact-versions.ts";
import type { FactLog } from "./fact-log.ts";
import type { Subject } from "./subjects.ts";

/** One place: where an event stands, or stood once. */
interface Place {
  readonly at: number;
  readonly member: number;
  /** `null` if nothing touches it. */
  readonly touched: Touched | null;
}

interface Touched {
  readonly versions: FactVersions;
  /** Which of them stand at this place; rising. */
  readonly here: readonly number[];
}

export class EntityFacts {
  readonly #log: FactLog;
  readonly #subject: Subject;
  readonly #times: Float64Array;
  readonly #members: Uint32Array;
  readonly #touched = new Map<number, Touched>();

  constructor(log: FactLog, subject: Subject, members: readonly number[]) {
    this.#log = log;
    this.#subject = subject;
    const times = timesInOrder(log, members);
    if (times !== null) {
      this.#times = times;
      this.#members = Uint32Array.from(members);
      return;
    }
    const places: Place[] = [];
    for (const member of members) this.#addPlaces(places, member);
    places.sort((a, b) => a.at - b.at || compareText(log.idOf(a.member), log.idOf(b.member)));
    this.#times = Float64Array.from(places, (place) => place.at);
    this.#members = Uint32Array.from(places, (place) => place.member);
    for (const [i, { touched }] of places.entries()) {
      if (touched !== null) this.#touched.set(i, touched);
    }
  }

  get length(): number {
    return this.#times.length;
  }

  timeAt(place: number): number {
    return this.#times[place] ?? Infinity;
  }

  /** The sequence of the event that stands at a place. */
  memberAt(place: number): number {
    return this.#members[place] ?? 0;
  }

  /** The smallest and largest sequence that says anything of the places from `begin` to `end`. */
  span(begin: number, end: number): { firstMember: number; lastChange: number } {
    let firstMember = Infinity;
    let lastChange = 0;
    for (let i = begin; i < end; i++) {
      const member = this.#members[i] ?? 0;
      if (member < firstMember) firstMember = member;
      if (member > lastChange) lastChange = member;
    }
    for (const touched of this.#touchedBetween(begin, end)) {
      lastChange = Math.max(lastChange, lastChangeOf(touched));
    }
    return { firstMember, lastChange };
  }

  /** The positions after which the places from `begin` to `end` all have an event, but not yet the facts of the head; rising. */
  positionsBeforeLast(begin: number, end: number): number[] {
    const positions = new Set<number>();
    for (const touched of this.#touchedBetween(begin, end)) {
      for (const change of changesOf(touched)) positions.add(change);
    }
    if (positions.size === 0) return [];
    const lastMember = this.#members.subarray(begin, end).reduce((a, b) => Math.max(a, b), 0);
    const later = [...positions].filter((change) => change > lastMember);
    return [lastMember, ...later.sort((a, b) => a - b)].slice(0, -1);
  }

  /** All that a place ever said, whatever the position, where corrections touch it; `null` where none does. */
  versionsAt(place: number): readonly (Fact | null)[] | null {
    const touched = this.#touched.get(place);
    if (touched === undefined) return null;
    return touched.here.map((version) => touched.versions.factAt(version));
  }

  /** The fact at a place as of position P; `null` if there is none. */
  factAt(place: number, P: number): Fact | null {
    const member = this.#members[place] ?? Infinity;
    if (member > P) return null;
    const touched = this.#touched.get(place);
    if (touched === undefined) return this.#log.untouchedFact(member);
    const version = touched.versions.placeAt(P);
    return isAmong(touched.here, version) ? touched.versions.factAt(version) : null;
  }

  /** Adds the facts at the places from `begin` to `end` as of position P, by `compareFacts`. */
  collect(begin: number, end: number, P: number, into: Fact[]): void {
    for (let i = begin; i < end; i++) {
      const fact = this.factAt(i, P);
      if (fact !== null) into.push(fact);
    }
  }

  #addPlaces(places: Place[], member: number): void {
    const corrected = this.#log.correctedAt(member);
    // An event that nothing ever touched is only kept under what it is about.
    if (corrected === null) {
      places.push({ at: this.#log.occurredAtOf(member), member, touched: null });
      return;
    }
    const { versions } = corrected;
    const byTime = new Map<number, number[]>();
    for (const place of corrected.placesOf(this.#subject)) {
      const at = versions.all[place]?.occurredAt ?? Infinity;
      const here = byTime.get(at);
      if (here === undefined) byTime.set(at, [place]);
      else here.push(place);
    }
    for (const [at, here] of byTime) places.push({ at, member, touched: { versions, here } });
  }

  *#touchedBetween(begin: number, end: number): Generator<Touched> {
    if (this.#touched.size === 0) return;
    for (let place = begin; place < end; place++) {
      const touched = this.#touched.get(place);
      if (touched !== undefined) yield touched;
    }
  }
}

/** The sequences at which something else stands at a place than before: a version comes to it, or leaves it. */
function changesOf({ versions, here }: Touched): number[] {
  const changes: number[] = [];
  for (const version of here) {
    for (const each of [versions.all[version], versions.all[version + 1]]) {
      if (each !== undefined && each.since !== changes.at(-1)) changes.push(each.since);
    }
  }
  return changes;
}

function lastChangeOf({ versions, here }: Touched): number {
  const last = here.at(-1) ?? -1;
  return (versions.all[last + 1] ?? versions.all[last])?.since ?? 0;
}

/** Whether a rising list has the number. */
function isAmong(list: readonly number[], number: number): boolean {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? Infinity) < number) low = middle + 1;
    else high = middle;
  }
  return list[low] === number;
}

/** When each happened, if nothing touches any and they arrived in the order in which they happened; else `null`. */
function timesInOrder(log: FactLog, members: readonly number[]): Float64Array | null {
  const times = new Float64Array(members.length);
  let last = -Infinity;
  for (const [i, member] of members.entries()) {
    const at = log.occurredAtOf(member);
    if (at <= last || log.correctedAt(member) !== null) return null;
    times[i] = at;
    last = at;
  }
  return times;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
