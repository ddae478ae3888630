/**
 * The range of positions for which a fold as of one position has the same result. The fold notes every sequence at
 * which something changes that it used or looked at.
 */
export class PositionsHeld {
  readonly P: number;
  /** The last such change up to P. */
  since = 0;
  /** The first such change after P; Infinity if there is none. */
  before = Infinity;

  constructor(P: number) {
    this.P = P;
  }

  note(change: number): void {
    if (change <= this.P) this.since = Math.max(this.since, change);
    else this.before = Math.min(this.before, change);
  }

  /** Whether anything changed after P. */
  get isPast(): boolean {
    return this.before !== Infinity;
  }

  /** Narrows this range to where `other` holds too. */
  and(other: PositionsHeld): void {
    this.since = Math.max(this.since, other.since);
    this.before = Math.min(this.before, other.before);
  }
}
