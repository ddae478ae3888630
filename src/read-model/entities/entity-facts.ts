/**
 * The facts of one entity in the order in which folds take them, as of every position at once: what
 * nothing amends stands once; what corrections amend stands at each time that it ever had. Facts are
 * made when they are asked for, and not kept.
 */
import type { Closing } from "../../../projections/facts/entity-kind.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { FactVersions } from "../../../projections/facts/fact-versions.ts";
import { episodeOf } from "../../../projections/nodes/episodes.ts";
import type { Window } from "../../../projections/time/period.ts";
import { episodeHash } from "../columns/event-columns.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { Subject } from "../../../projections/facts/subject.ts";

/** One place: where an event stands, or stood once. */
interface Place {
  readonly at: number;
  readonly member: number;
  /** `null` if nothing amends it. */
  readonly amended: Amended | null;
}

interface Amended {
  readonly versions: FactVersions;
  /** Which of them stand at this place; rising. */
  readonly here: readonly number[];
}

/** Facts that can be looked up by their fault or maintenance id: hashes of these, and their places, rising. */
interface Episodes {
  readonly hashes: Uint32Array;
  readonly places: Uint32Array;
}

export class EntityFacts {
  readonly #log: FactLog;
  readonly #subject: Subject;
  readonly #times: Float64Array;
  readonly #members: Uint32Array;
  readonly #amended = new Map<number, Amended>();
  #changedUpTo: Float64Array | null = null;
  #episodes: Episodes | null = null;

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
    for (const [i, { amended }] of places.entries()) {
      if (amended !== null) this.#amended.set(i, amended);
    }
  }

  get length(): number {
    return this.#times.length;
  }

  timeAt(place: number): number {
    return this.#times[place] ?? Infinity;
  }

  /** The largest sequence that says anything of the first `length` places. */
  lastChangeOf(length: number): number {
    this.#changedUpTo ??= this.#risingChanges();
    return length === 0 ? 0 : (this.#changedUpTo[length - 1] ?? Infinity);
  }

  /** From the first fact to the end of what the last one leaves: for ever, unless its type is a closing one. */
  extent({ types, lingersMs }: Closing): Window {
    const last = this.length - 1;
    const at = this.timeAt(last);
    const isClosed =
      last >= 0 &&
      this.#amended.size === 0 &&
      this.#times[last - 1] !== at &&
      types.has(this.#log.typeOf(this.#members[last] ?? 0));
    return { from: this.timeAt(0), to: isClosed ? at + lingersMs : Infinity };
  }

  /** The first place at or after `instant`. */
  placeAt(instant: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? Infinity) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first place after `place` that is of a later instant. */
  nextInstant(place: number): number {
    let next = place + 1;
    while (next < this.#times.length && this.#times[next] === this.#times[place]) next++;
    return next;
  }

  /** The fact of an event as of position P. Throws a RangeError if it states none there. */
  factOf(sequence: number, P: number): Fact {
    const fact = this.#log.factAt(sequence, P);
    if (fact === null) throw new RangeError(`event ${sequence} states no fact as of ${P}`);
    return fact;
  }

  /** Places whose fact is, or was in some version, about a fault or maintenance id of that hash; rising. */
  *placesOfEpisode(hash: number): Iterable<number> {
    this.#episodes ??= this.#findEpisodes();
    const { hashes, places } = this.#episodes;
    for (let i = hashes.indexOf(hash); i >= 0; i = hashes.indexOf(hash, i + 1)) {
      yield places[i] ?? Infinity;
    }
  }

  /** The largest sequence that says anything of one place. */
  lastChangeAt(place: number): number {
    const amended = this.#amended.get(place);
    return Math.max(this.#members[place] ?? 0, amended === undefined ? 0 : lastChangeOf(amended));
  }

  /** The fact at a place as of position P; `null` if there is none. */
  factAt(place: number, P: number): Fact | null {
    const member = this.#members[place] ?? Infinity;
    if (member > P) return null;
    const amended = this.#amended.get(place);
    if (amended === undefined) return this.#log.unamendedFact(member);
    const version = amended.versions.placeAt(P);
    return isAmong(amended.here, version) ? amended.versions.factAt(version) : null;
  }

  /** Adds the facts at the places from `begin` to `end` as of position P, by `compareFacts`. */
  collect(begin: number, end: number, P: number, into: Fact[]): void {
    for (let i = begin; i < end; i++) {
      const fact = this.factAt(i, P);
      if (fact !== null) into.push(fact);
    }
  }

  #findEpisodes(): Episodes {
    const hashes: number[] = [];
    const places: number[] = [];
    const add = (hash: number, place: number): void => {
      if (hash === 0) return;
      hashes.push(hash);
      places.push(place);
    };
    for (const [place, member] of this.#members.entries()) {
      const amended = this.#amended.get(place);
      if (amended === undefined) add(this.#log.episodeOf(member), place);
      else for (const hash of hashesOf(amended)) add(hash, place);
    }
    return { hashes: Uint32Array.from(hashes), places: Uint32Array.from(places) };
  }

  #risingChanges(): Float64Array {
    const changes = new Float64Array(this.#members.length);
    let last = 0;
    for (let i = 0; i < changes.length; i++) {
      last = Math.max(last, this.lastChangeAt(i));
      changes[i] = last;
    }
    return changes;
  }

  #addPlaces(places: Place[], member: number): void {
    const corrected = this.#log.correctedAt(member);
    // An event that nothing ever amended is only kept under what it is about.
    if (corrected === null) {
      places.push({ at: this.#log.occurredAtOf(member), member, amended: null });
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
    for (const [at, here] of byTime) places.push({ at, member, amended: { versions, here } });
  }
}

/** The last sequence at which something else stands at a place than before: a version comes to it, or leaves it. */
function lastChangeOf({ versions, here }: Amended): number {
  const last = here.at(-1) ?? -1;
  return (versions.all[last + 1] ?? versions.all[last])?.since ?? 0;
}

/** Of the fault or maintenance ids that any version at the place is about. */
function hashesOf({ versions, here }: Amended): Set<number> {
  const hashes = new Set<number>();
  for (const version of here) {
    const fact = versions.factAt(version);
    const episode = fact === null ? null : episodeOf(fact.type, fact.data);
    if (episode !== null) hashes.add(episodeHash(episode));
  }
  return hashes;
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

/** When each happened, if nothing amends any and they arrived in the order in which they happened; else `null`. */
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
