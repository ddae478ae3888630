/**
 * From which position on, and before which, what is folded as of one position comes out the same: every sequence at
 * which anything changes that went into it, or was looked at, is noted.
 */
export class PositionsHeld {
  readonly P: number;
  /** The last change up to P. */
  since = 0;
  /** The first one after P; Infinity if there is none. */
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

  /** What rests on both holds where each does. */
  and(other: PositionsHeld): void {
    this.since = Math.max(this.since, other.since);
    this.before = Math.min(this.before, other.before);
  }
}
