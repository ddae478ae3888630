/**
 * Keeps what was computed of clusters for other positions of the ledger. A result holds at another position if everything
 * that it was computed from is the same there: ledger time, as far as it counts, the cluster's terms, and of each entity
 * that changed in between what the windows see of it. No rule says which events matter: the entities are folded again
 * and compared (ADR 107).
 */
import type { ClusterView } from "../../../projections/view.ts";
import type { Steps } from "../../turns.ts";
import { stepsInTurns } from "../../turns.ts";
import { Asked, askedView } from "./asked-view.ts";
import type { LiveClusterView } from "./live-cluster-view.ts";

/** A computation whose result may be kept. */
export interface Keepable<T> {
  /** What is computed, including everything that it depends on besides the ledger. */
  readonly key: string;
  /** What it takes from ledger time and from the cluster's terms, as text. It must ask the view for no entity. */
  readonly terms: (view: ClusterView) => string;
  /** The result. It must not depend on the view's sequence. */
  readonly make: (view: ClusterView) => Steps<T>;
  readonly bytesOf: (made: T) => number;
}

/** The cluster's views, and how its answers are computed in turns. */
export interface Answering {
  view(sequence: number): LiveClusterView;
  answer<T>(view: LiveClusterView, make: (view: ClusterView) => Steps<T>): Promise<T>;
}

interface Kept {
  readonly key: string;
  readonly made: unknown;
  readonly bytes: number;
  readonly asked: Asked;
  readonly terms: string;
  /** It holds as of every position from this one */
  from: number;
  /** to this one. */
  to: number;
}

/** What an entry costs besides its result, roughly. */
const entryBytes = 1_000;

/** Changes of a position that a check looks at before others get their turn. */
const entitiesPerStep = 8;

export class KeptAnswers {
  readonly #maxBytes: number;
  /** Of each key, in no particular order. */
  readonly #byKey = new Map<string, Set<Kept>>();
  /** In order of use, the most recent last. */
  readonly #used = new Set<Kept>();
  readonly #underWay = new Map<string, Promise<unknown>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The result as of a position: kept, or computed. Who asks for the same meanwhile waits for it. */
  async get<T>(of: Answering, sequence: number, what: Keepable<T>): Promise<T> {
    const view = of.view(sequence);
    const key = `${view.cluster} ${what.key}`;
    const hit = this.#find(key, sequence);
    // Whoever uses a key makes the same kind of result.
    if (hit !== null) return this.#touched(hit).made as T;
    const asked = `${sequence} ${key}`;
    const before = this.#underWay.get(asked);
    if (before !== undefined) return (await before) as T;
    const made = this.#checkedOrMade(of, view, key, what);
    this.#underWay.set(asked, made);
    try {
      return await made;
    } finally {
      this.#underWay.delete(asked);
    }
  }

  async #checkedOrMade<T>(
    of: Answering,
    view: LiveClusterView,
    key: string,
    what: Keepable<T>,
  ): Promise<T> {
    const { sequence } = view;
    const terms = what.terms(view);
    for (const kept of this.#nearest(key, sequence)) {
      if (kept.terms !== terms) continue;
      const edge = of.view(sequence > kept.to ? kept.to : kept.from);
      const holds = await stepsInTurns(holdsBetween(kept, edge, view));
      if (!holds) continue;
      kept.from = Math.min(kept.from, sequence);
      kept.to = Math.max(kept.to, sequence);
      return this.#touched(kept).made as T;
    }
    const asked = new Asked();
    const made = await of.answer(view, (each) => what.make(askedView(each, asked)));
    const bytes = what.bytesOf(made) + entryBytes;
    const kept: Kept = { key, made, bytes, asked, terms, from: sequence, to: sequence };
    if (!asked.isUnbounded) this.#keep(kept, isOver(asked, view));
    return made;
  }

  #find(key: string, sequence: number): Kept | null {
    for (const kept of this.#byKey.get(key) ?? [])
      if (kept.from <= sequence && sequence <= kept.to) return kept;
    return null;
  }

  /** The last one before the position and the first one after it, the nearer first. */
  #nearest(key: string, sequence: number): Kept[] {
    let before: Kept | null = null;
    let after: Kept | null = null;
    for (const kept of this.#byKey.get(key) ?? []) {
      if (kept.to < sequence && kept.to > (before?.to ?? -Infinity)) before = kept;
      if (kept.from > sequence && kept.from < (after?.from ?? Infinity)) after = kept;
    }
    const near = [before, after].filter((kept): kept is Kept => kept !== null);
    const distance = ({ from, to }: Kept) => Math.max(from - sequence, sequence - to);
    return near.sort((a, b) => distance(a) - distance(b));
  }

  #touched(kept: Kept): Kept {
    if (this.#used.delete(kept)) this.#used.add(kept);
    return kept;
  }

  /** While its windows go on, a result is soon replaced: of these only the newest is kept. */
  #keep(kept: Kept, isLasting: boolean): void {
    const ofKey = this.#byKey.get(kept.key) ?? new Set<Kept>();
    this.#byKey.set(kept.key, ofKey);
    if (!isLasting) for (const each of ofKey) if (each.to < kept.from) this.#drop(each);
    ofKey.add(kept);
    this.#used.add(kept);
    this.#bytes += kept.bytes;
    for (const oldest of this.#used) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(kept: Kept): void {
    this.#used.delete(kept);
    this.#bytes -= kept.bytes;
    const ofKey = this.#byKey.get(kept.key);
    ofKey?.delete(kept);
    if (ofKey?.size === 0) this.#byKey.delete(kept.key);
  }
}

/** Whether every window that was asked for is over at the view's ledger time. */
function isOver({ until }: Asked, { headRecordedAt }: LiveClusterView): boolean {
  return (headRecordedAt ?? -Infinity) >= until;
}

/** Whether a result of one view's position holds at the other's, and everywhere between them. Only `true` is certain. */
function* holdsBetween({ asked }: Kept, a: LiveClusterView, b: LiveClusterView): Steps<boolean> {
  const [low, high] = a.sequence < b.sequence ? [a, b] : [b, a];
  // Ledger time only rises. A window that is over does not see it.
  if (low.headRecordedAt !== high.headRecordedAt && !isOver(asked, low)) return false;
  if (high.hasNewTerms(low.sequence)) return false;
  for (const { kind, name } of asked.entities)
    if (high.hasChanged(kind, name, low.sequence)) return false;
  let done = 0;
  for (const list of asked.lists) {
    for (const isSame of high.sameSince(low.sequence, list.window, list.kind)) {
      if (!isSame) return false;
      if (++done % entitiesPerStep === 0) yield;
    }
  }
  return true;
}
