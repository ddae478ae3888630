/** Which events one entity is about, and its timeline as it stands after the last of them. */

/** What a fold makes of an entity; kept while no event touches the entity. */
export class EntityHistory<Timeline> {
  readonly name: string;
  /** Sequences of the events that are, or were once by a correction, about this entity; rising. */
  readonly members: number[] = [];
  /** Sequences at which what is known of the entity changed: its events, and what corrects them; rising. */
  readonly changes: number[] = [];
  /** `null` if no fact is about the entity; undefined until it is folded. */
  latest: Timeline | null | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** The event `member` is about this entity, as the ledger says from `sequence` on. */
  note(member: number, sequence: number): void {
    this.changed(sequence);
    const last = this.members.at(-1);
    if (last === undefined || last < member) this.members.push(member);
    else this.#insert(member);
  }

  /** Something about the entity changed with the event at `sequence`. */
  changed(sequence: number): void {
    this.latest = undefined;
    if (this.changes.at(-1) !== sequence) this.changes.push(sequence);
  }

  /** The last change up to `sequence`; 0 if there is none. */
  lastChangeUpTo(sequence: number): number {
    const last = this.changes.at(-1) ?? 0;
    if (last <= sequence) return last;
    return this.changes[placeAfter(this.changes, sequence) - 1] ?? 0;
  }

  #insert(member: number): void {
    const place = placeAfter(this.members, member);
    if (this.members[place - 1] !== member) this.members.splice(place, 0, member);
  }
}

/** Place of the first number of a rising list that is greater than `value`. */
export function placeAfter(rising: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
