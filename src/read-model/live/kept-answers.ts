/**
 * Keeps what was computed of clusters for other positions of the ledger. A result holds at another position if everything
 * that it was computed from is the same there: ledger time, as far as it counts, the cluster's terms, and of each entity
 * that changed in between what the windows see of it. No rule says which events matter: the entities are folded again
 * and compared (ADR 107, ADR 135).
 */
import type { ClusterView } from "../../../projections/view.ts";
import { maxSpansOfAnswer } from "../../limits/read-model.ts";
import type { Steps } from "../../turns.ts";
import { stepsInTurns } from "../../turns.ts";
import type { Sameness } from "../entities/entity-folds.ts";
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
  /** Whether its windows are over. */
  readonly isLasting: boolean;
  /** In the order in which they became known, which need not be that of the positions. They may touch. */
  readonly spans: Span[];
}

/** A result holds as of both positions and every one between them. */
interface Span {
  from: number;
  to: number;
}

/** What an entry costs besides its result and what was asked for it, roughly. */
const entryBytes = 4_000;

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
    // Whoever uses a key makes the same kind of result. Of a cluster that is not known there is none.
    if (hit !== null && view.known) return this.#touched(hit).made as T;
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
    for (const { kept, span } of this.#nearest(key, sequence)) {
      if (kept.terms !== terms) continue;
      const edge = of.view(sequence > span.to ? span.to : span.from);
      const sameness = await stepsInTurns(samenessOf(kept, edge, view));
      if (sameness === "unknown") continue;
      hold(kept, span, sequence, sameness);
      return this.#touched(kept).made as T;
    }
    const asked = new Asked();
    const made = await of.answer(view, (each) => what.make(askedView(each, asked)));
    const bytes = what.bytesOf(made) + asked.bytes + entryBytes;
    const spans = [{ from: sequence, to: sequence }];
    const isLasting = isOver(asked, view);
    const kept: Kept = { key, made, bytes, asked, terms, isLasting, spans };
    if (!asked.isUnbounded) this.#keep(kept);
    return made;
  }

  #find(key: string, sequence: number): Kept | null {
    for (const kept of this.#byKey.get(key) ?? [])
      if (kept.spans.some(({ from, to }) => from <= sequence && sequence <= to)) return kept;
    return null;
  }

  /** The last span before the position and the first one after it, the nearer first. */
  #nearest(key: string, sequence: number): KeptSpan[] {
    let before: KeptSpan | null = null;
    let after: KeptSpan | null = null;
    for (const kept of this.#byKey.get(key) ?? []) {
      for (const span of kept.spans) {
        const { from, to } = span;
        if (to < sequence && to > (before?.span.to ?? -Infinity)) before = { kept, span };
        if (from > sequence && from < (after?.span.from ?? Infinity)) after = { kept, span };
      }
    }
    const near = [before, after].filter((found): found is KeptSpan => found !== null);
    const distance = ({ span }: KeptSpan) => Math.max(span.from - sequence, sequence - span.to);
    return near.sort((a, b) => distance(a) - distance(b));
  }

  #touched(kept: Kept): Kept {
    if (this.#used.delete(kept)) this.#used.add(kept);
    return kept;
  }

  /** While its windows go on, a result is soon replaced: of these only the newest is kept, until they are over. */
  #keep(kept: Kept): void {
    const ofKey = this.#byKey.get(kept.key) ?? new Set<Kept>();
    for (const each of ofKey) if (!each.isLasting && isBefore(each, kept)) this.#drop(each);
    ofKey.add(kept);
    // Only now: a key whose last result is dropped is forgotten.
    this.#byKey.set(kept.key, ofKey);
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

interface KeptSpan {
  readonly kept: Kept;
  readonly span: Span;
}

/** Notes that a result holds at a position beside one of its spans. */
function hold({ spans }: Kept, span: Span, sequence: number, sameness: Sameness): void {
  if (sameness === "throughout") {
    span.from = Math.min(span.from, sequence);
    span.to = Math.max(span.to, sequence);
    return;
  }
  spans.push({ from: sequence, to: sequence });
  if (spans.length > maxSpansOfAnswer) spans.shift();
}

function isBefore(a: Kept, b: Kept): boolean {
  return a.spans.every(({ to }) => b.spans.every(({ from }) => to < from));
}

/** Whether every window that was asked for is over at the view's ledger time. */
function isOver({ until }: Asked, { headRecordedAt }: LiveClusterView): boolean {
  return (headRecordedAt ?? -Infinity) > until;
}

/** Whether a result of one view's position holds at the other's, and whether everywhere between them. */
function* samenessOf({ asked }: Kept, a: LiveClusterView, b: LiveClusterView): Steps<Sameness> {
  const [low, high] = a.sequence < b.sequence ? [a, b] : [b, a];
  // Ledger time only rises. A window that is over does not see it.
  if (low.headRecordedAt !== high.headRecordedAt && !isOver(asked, low)) return "unknown";
  if (high.hasNewTerms(low.sequence)) return "unknown";
  for (const { kind, name } of asked.entities)
    if (high.hasChanged(kind, name, low.sequence)) return "unknown";
  let sameness: Sameness = "throughout";
  let done = 0;
  for (const { window, node, faultId } of asked.faults) {
    if (!high.hasChanged("node", node, low.sequence)) continue;
    const [before, after] = [low, high].map((view) => view.faultEndNear(window, node, faultId));
    if (before !== after) return "unknown";
    sameness = "at both";
    if (++done % entitiesPerStep === 0) yield;
  }
  for (const list of asked.lists) {
    const { window, kind, isSummed } = list;
    if (isSummed && high.haveManyChanged(low.sequence, window)) return "unknown";
    for (const ofEntity of high.sameSince(low.sequence, window, kind)) {
      if (ofEntity === "unknown") return ofEntity;
      if (ofEntity === "at both") sameness = ofEntity;
      if (++done % entitiesPerStep === 0) yield;
    }
  }
  return sameness;
}
