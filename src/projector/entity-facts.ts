/**
 * The facts of one entity in the order in which folds take them, as of every position at once: what
 * nothing touches stands once; what corrections touch stands at each time that it ever had. Facts are
 * made when they are asked for, and not kept.
 */
import type { Fact } from "../../projections/fact.ts";
import type { FactLog } from "./fact-log.ts";
import { subjectOfData } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

/** One place: where an event stands, or stood once. */
interface Place {
  readonly at: number;
  readonly member: number;
  /** `null` if nothing touches it. */
  readonly touched: Touched | null;
}

interface Touched {
  /** Sequences of what touches it; rising. */
  readonly changes: readonly number[];
  /** Every version that it ever had at that time. */
  readonly versions: readonly Fact[];
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
    for (const [place, { changes }] of this.#touched) {
      if (place >= begin && place < end) lastChange = Math.max(lastChange, changes.at(-1) ?? 0);
    }
    return { firstMember, lastChange };
  }

  /** The positions after which the places from `begin` to `end` all have an event, but not yet the facts of the head; rising. */
  positionsBeforeLast(begin: number, end: number): number[] {
    const positions = new Set<number>();
    for (const [place, { changes }] of this.#touched) {
      if (place >= begin && place < end) for (const change of changes) positions.add(change);
    }
    if (positions.size === 0) return [];
    const lastMember = this.#members.subarray(begin, end).reduce((a, b) => Math.max(a, b), 0);
    const later = [...positions].filter((change) => change > lastMember);
    return [lastMember, ...later.sort((a, b) => a - b)].slice(0, -1);
  }

  /** All that a place ever said, whatever the position, where corrections touch it; `null` where none does. */
  versionsAt(place: number): readonly Fact[] | null {
    return this.#touched.get(place)?.versions ?? null;
  }

  /** The fact at a place as of position P; `null` if there is none. */
  factAt(place: number, P: number): Fact | null {
    const member = this.#members[place] ?? Infinity;
    if (member > P) return null;
    if (!this.#touched.has(place)) return this.#log.untouchedFact(member);
    const fact = this.#log.factAt(member, P);
    if (fact === null || fact.occurredAt !== this.#times[place]) return null;
    return this.#isAbout(fact) ? fact : null;
  }

  /** Adds the facts at the places from `begin` to `end` as of position P, by `compareFacts`. */
  collect(begin: number, end: number, P: number, into: Fact[]): void {
    for (let i = begin; i < end; i++) {
      const fact = this.factAt(i, P);
      if (fact !== null) into.push(fact);
    }
  }

  #addPlaces(places: Place[], member: number): void {
    const touches = this.#log.touchesOf(member);
    // An event that nothing ever touched is only kept under what it is about.
    if (touches.length === 0) {
      places.push({ at: this.#log.occurredAtOf(member), member, touched: null });
      return;
    }
    const changes = touches.map((touch) => touch.sequence);
    const byTime = new Map<number, Fact[]>();
    for (const P of [member, ...changes]) {
      const fact = this.#log.factAt(member, P);
      if (fact === null || !this.#isAbout(fact)) continue;
      const versions = byTime.get(fact.occurredAt);
      if (versions === undefined) byTime.set(fact.occurredAt, [fact]);
      else versions.push(fact);
    }
    for (const [at, versions] of byTime) {
      places.push({ at, member, touched: { changes, versions } });
    }
  }

  #isAbout(fact: Fact): boolean {
    const { cluster, kind, name } = this.#subject;
    const subject = subjectOfData(fact.type, fact.data);
    return subject?.cluster === cluster && subject.kind === kind && subject.name === name;
  }
}

/** When each happened, if nothing touches any and they arrived in the order in which they happened; else `null`. */
function timesInOrder(log: FactLog, members: readonly number[]): Float64Array | null {
  const times = new Float64Array(members.length);
  let last = -Infinity;
  for (const [i, member] of members.entries()) {
    const at = log.occurredAtOf(member);
    if (at <= last || log.touchesOf(member).length > 0) return null;
    times[i] = at;
    last = at;
  }
  return times;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
