/**
 * What a source has told of one series, and what follows, worked out in the plainest way: an instant is in an outage if a
 * claim says so. It shares no code with the reconciler.
 */

export interface Start {
  readonly from: number;
  readonly to: number | null;
}

export interface Spell {
  readonly from: number;
  readonly to: number | null;
}

export class ToldModel {
  /** The latest end told with each start; `null` while none was. */
  readonly ends = new Map<number, number | null>();
  readonly bareEnds = new Set<number>();
  /** Starts that a person has struck. */
  readonly struck = new Set<number>();

  tellStart({ from, to }: Start): void {
    const known = this.ends.get(from) ?? null;
    this.ends.set(from, to === null ? known : known === null ? to : Math.max(known, to));
  }

  tellBareEnd(at: number): void {
    if (this.spells().some(({ from, to }) => to === null && from <= at)) this.bareEnds.add(at);
  }

  /** The outage around a start: its claims. */
  around(start: number): number[] {
    const spell = this.#grouped().find((group) => group.includes(start));
    return spell ?? [start];
  }

  spells(): Spell[] {
    return this.#grouped().map((group) => ({ from: Math.min(...group), to: this.#endOf(group) }));
  }

  /** Starts in groups: each that begins inside what the ones before it make joins them. */
  #grouped(): number[][] {
    const starts = [...this.ends.keys()].filter((each) => !this.struck.has(each));
    const groups: number[][] = [];
    for (const start of starts.sort((a, b) => a - b)) {
      const group = groups.pop();
      if (group === undefined) groups.push([start]);
      else if (start < (this.#endOf(group) ?? Infinity)) groups.push([...group, start]);
      else groups.push(group, [start]);
    }
    return groups;
  }

  #endOf(group: readonly number[]): number | null {
    const ends = group.map((start) => this.#endOfClaim(start)).filter((end) => end !== null);
    return ends.length === 0 ? null : Math.max(...ends);
  }

  #endOfClaim(start: number): number | null {
    const own = this.ends.get(start) ?? null;
    if (own !== null) return own;
    const later = [...this.bareEnds].filter((end) => end >= start);
    return later.length === 0 ? null : Math.min(...later);
  }
}
