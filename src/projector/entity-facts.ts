/**
 * The facts of one entity in the order in which folds take them, as of every position at once: what
 * nothing touches stands once; what corrections touch stands at each time that it ever had.
 */
import type { Fact } from "../../projections/fact.ts";
import type { FactLog } from "./fact-log.ts";
import { subjectOfData } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

/** What corrections touched, at one of the times that it ever had. */
interface Touched {
  readonly at: number;
  readonly id: string;
  readonly member: number;
  /** The last sequence that says anything of it. */
  readonly change: number;
  /** Every version that it ever had at that time. */
  readonly versions: readonly Fact[];
}

export class EntityFacts {
  readonly #log: FactLog;
  readonly #subject: Subject;
  readonly #times: Float64Array;
  readonly #members: Float64Array;
  /** `null` where something touches it. */
  readonly #facts: readonly (Fact | null)[];
  readonly #touched = new Map<number, Touched>();

  constructor(log: FactLog, subject: Subject, members: readonly number[]) {
    this.#log = log;
    this.#subject = subject;
    const items: (Fact | Touched)[] = [];
    for (const member of members) this.#addItems(items, member);
    items.sort(compareItems);
    this.#times = Float64Array.from(items, timeOf);
    this.#members = Float64Array.from(items, (item) =>
      "versions" in item ? item.member : item.sequence,
    );
    this.#facts = items.map((item) => ("versions" in item ? null : item));
    for (const [place, item] of items.entries()) {
      if ("versions" in item) this.#touched.set(place, item);
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
      const change = this.#facts[i] === null ? (this.#touched.get(i)?.change ?? 0) : member;
      if (change > lastChange) lastChange = change;
    }
    return { firstMember, lastChange };
  }

  /** All that the place ever said, whatever the position. */
  versionsAt(place: number): readonly Fact[] {
    const fact = this.#facts[place] ?? null;
    return fact === null ? (this.#touched.get(place)?.versions ?? []) : [fact];
  }

  /** The fact at a place as of position P; `null` if there is none. */
  factAt(place: number, P: number): Fact | null {
    const member = this.#members[place] ?? Infinity;
    if (member > P) return null;
    const plain = this.#facts[place] ?? null;
    if (plain !== null) return plain;
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

  #addItems(items: (Fact | Touched)[], member: number): void {
    const touches = this.#log.touchesOf(member);
    // An event that nothing ever touched is only kept under what it is about.
    if (touches.length === 0) {
      items.push(this.#log.untouchedFact(member));
      return;
    }
    const change = touches.at(-1)?.sequence ?? member;
    const byTime = new Map<number, Fact[]>();
    for (const P of [member, ...touches.map((touch) => touch.sequence)]) {
      const fact = this.#log.factAt(member, P);
      if (fact === null || !this.#isAbout(fact)) continue;
      const versions = byTime.get(fact.occurredAt);
      if (versions === undefined) byTime.set(fact.occurredAt, [fact]);
      else versions.push(fact);
    }
    for (const [at, versions] of byTime) {
      items.push({ at, id: versions[0]?.id ?? "", member, change, versions });
    }
  }

  #isAbout(fact: Fact): boolean {
    const { cluster, kind, name } = this.#subject;
    const subject = subjectOfData(fact.type, fact.data);
    return subject?.cluster === cluster && subject.kind === kind && subject.name === name;
  }
}

function timeOf(item: Fact | Touched): number {
  return "versions" in item ? item.at : item.occurredAt;
}

function compareItems(a: Fact | Touched, b: Fact | Touched): number {
  const difference = timeOf(a) - timeOf(b);
  if (difference !== 0) return difference;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
