/**
 * A node's facts in chunks between which nothing is open and no fault or maintenance id is shared, so
 * that each is folded by itself, given only the commissioning that holds when it begins. As of an
 * earlier position, the chunks before the first change since share the timeline of the head, and only
 * what changed is folded again. The outcome is that of one fold over all facts.
 */
import type { Fact } from "../../projections/fact.ts";
import { foldNode } from "../../projections/node-states.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";
import type { Window } from "../../projections/period.ts";
import type { EntityFacts } from "./entity-facts.ts";
import { chunkEnds } from "./node-chunk-ends.ts";
import { NodeOpenness } from "./node-openness.ts";
import { NodePieces } from "./node-pieces.ts";
import type { PieceMark } from "./node-pieces.ts";

/** What a chunk's facts come to. */
interface Outcome {
  /** `null` if it has no fact. */
  readonly timeline: NodeTimeline | null;
  /** The commissioning that holds when it ends; `null` if the node is no member then. */
  readonly contextAfter: Fact | null;
}

/** Which facts a chunk has, and in which versions: equal extents hold the same. */
interface Extent {
  readonly length: number;
  /** Of the first and the last place: what was moved in time has several places. */
  readonly firstTime: number;
  readonly lastTime: number;
  readonly lastMember: number;
  /** The smallest and largest sequence that says anything of them. */
  readonly firstMember: number;
  readonly lastChange: number;
}

/** As of the head. */
interface Chunk extends Outcome, Extent {
  readonly begin: number;
  readonly end: number;
  /** The commissioning that holds when it begins. */
  readonly context: Fact | null;
  /** How far the timeline had come before it. */
  readonly mark: PieceMark;
  /** Whether any chunk before it has a fact. */
  readonly hasFactBefore: boolean;
  /** From this position on it leaves nothing open, and the commissioning that the head has it leave. */
  readonly settledFrom: number;
  /** From this position on all chunks before it are settled. */
  readonly settledBefore: number;
}

/** Positions at which a chunk is folded to find from which one on it is settled: views of earlier ones fold it anew. */
const maxSettledLooks = 16;

export class NodeChunks {
  readonly #node: string;
  readonly facts: EntityFacts;
  readonly #chunks: Chunk[] = [];
  readonly #whole: NodePieces;
  readonly #hasFact: boolean;

  /** Folds what `before`, of an earlier head, does not have already. */
  constructor(node: string, facts: EntityFacts, minFacts: number, before?: NodeChunks) {
    this.#node = node;
    this.facts = facts;
    this.#whole = new NodePieces(node);
    const known = before === undefined ? null : before.#byFirstMember();
    let context: Fact | null = null;
    let hasFact = false;
    let settledBefore = 0;
    let begin = 0;
    const atHead = Array.from({ length: facts.length }, (_, place) =>
      facts.factAt(place, Infinity),
    );
    for (const end of chunkEnds(facts, atHead, minFacts)) {
      const extent = extentOf(facts, begin, end);
      const old: Chunk | undefined = known?.get(facts.memberAt(begin));
      const isSame: boolean =
        old !== undefined && sameExtent(old, extent) && sameFact(old.context, context);
      const { timeline, contextAfter }: Outcome =
        old !== undefined && isSame ? old : this.#fold(atHead.slice(begin, end), context);
      const settledFrom: number =
        old !== undefined && isSame
          ? old.settledFrom
          : this.#settledFrom({ begin, end, context, contextAfter });
      const mark = this.#whole.mark();
      const chunk = { ...extent, begin, end, context, contextAfter, timeline, mark };
      const soFar = { hasFactBefore: hasFact, settledFrom, settledBefore };
      this.#chunks.push({ ...chunk, ...soFar });
      settledBefore = Math.max(settledBefore, settledFrom);
      if (timeline !== null) this.#whole.add(timeline, context !== null);
      hasFact ||= timeline !== null;
      context = contextAfter;
      begin = end;
    }
    this.#hasFact = hasFact;
  }

  /** The timeline at the head; `null` if no fact is about the node. */
  latest(): NodeTimeline | null {
    return this.#hasFact ? this.#whole.timeline() : null;
  }

  /** The timeline as of position P; `null` if no fact is about the node there. */
  timelineAt(P: number): NodeTimeline | null {
    const first = this.#chunks.findIndex((chunk) => chunk.lastChange > P);
    const chunk = this.#chunks[first];
    if (chunk === undefined) return this.latest();
    const pieces = this.#whole.upTo(chunk.mark);
    let hasFact = chunk.hasFactBefore;
    let context = chunk.context;
    for (let i = first; i < this.#chunks.length;) {
      const step = this.#stepAt(i, P, context);
      if (step.timeline !== null) pieces.add(step.timeline, context !== null);
      hasFact ||= step.timeline !== null;
      context = step.contextAfter;
      i = step.next;
    }
    return hasFact ? pieces.timeline() : null;
  }

  /**
   * What of the timeline as of position P touches the window, and maybe more; `null` if nothing does.
   * Chunks before the window are passed over where they leave what they leave at the head.
   */
  timelineWithin(P: number, { from, to }: Window): NodeTimeline | null {
    let first = this.#chunkAt(from - 1);
    if ((this.#chunks[first]?.settledBefore ?? 0) > P)
      first = this.#chunks.findIndex((chunk) => chunk.settledFrom > P);
    let context = this.#chunks[first]?.context ?? null;
    let one: NodeTimeline | null = null;
    let pieces: NodePieces | null = null;
    for (let i = first; i < this.#chunks.length;) {
      if (i > first && (this.#chunks[i]?.firstTime ?? Infinity) >= to) break;
      const step = this.#stepAt(i, P, context);
      if (one === null) {
        // A member of which nothing is told from here on goes on being one.
        one = step.timeline ?? (context === null ? null : foldNode(this.#node, [context]));
      } else if (step.timeline !== null) {
        pieces ??= new NodePieces(this.#node, one);
        pieces.add(step.timeline, context !== null);
      }
      context = step.contextAfter;
      i = step.next;
    }
    return pieces?.timeline() ?? one;
  }

  /** Place of the chunk that an instant lies in: each lasts until the next begins. */
  #chunkAt(instant: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#chunks[middle]?.firstTime ?? Infinity) <= instant) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** The first position from which on a chunk of the head is closed and leaves the same commissioning. */
  #settledFrom(chunk: Pick<Chunk, "begin" | "end" | "context" | "contextAfter">): number {
    const { begin, end, context, contextAfter } = chunk;
    let settledFrom = this.facts.span(begin, end).lastChange;
    const positions = this.facts.positionsBeforeLast(begin, end).slice(-maxSettledLooks);
    for (const P of positions.toReversed()) {
      const facts: Fact[] = [];
      this.facts.collect(begin, end, P, facts);
      const openness = new NodeOpenness();
      for (const fact of facts) openness.add(fact);
      const outcome = this.#fold(facts, context);
      if (!openness.isClosed() || !sameFact(outcome.contextAfter, contextAfter)) break;
      settledFrom = P;
    }
    return settledFrom;
  }

  /** What one chunk comes to as of position P, or several where it leaves something open there. */
  #stepAt(place: number, P: number, context: Fact | null): Outcome & { readonly next: number } {
    const chunk = this.#chunks[place];
    if (chunk !== undefined && chunk.lastChange <= P && sameFact(chunk.context, context)) {
      return { timeline: chunk.timeline, contextAfter: chunk.contextAfter, next: place + 1 };
    }
    if (chunk !== undefined && chunk.firstMember > P) {
      return { timeline: null, contextAfter: context, next: place + 1 };
    }
    const facts: Fact[] = context === null ? [] : [context];
    const openness = new NodeOpenness();
    let next = place;
    for (; next < this.#chunks.length; next++) {
      const each = this.#chunks[next];
      if (each === undefined || (next > place && openness.isClosed())) break;
      if (each.firstMember > P) continue;
      const known = facts.length;
      this.facts.collect(each.begin, each.end, P, facts);
      for (let i = known; i < facts.length; i++) {
        const fact = facts[i];
        if (fact !== undefined) openness.add(fact);
      }
    }
    return { ...this.#foldFacts(facts, context), next };
  }

  /** Chunks by the sequence of their first fact. */
  #byFirstMember(): Map<number, Chunk> {
    return new Map(this.#chunks.map((chunk) => [this.facts.memberAt(chunk.begin), chunk]));
  }

  #fold(places: readonly (Fact | null)[], context: Fact | null): Outcome {
    const facts = places.filter((fact) => fact !== null);
    return this.#foldFacts(context === null ? facts : [context, ...facts], context);
  }

  /** `facts` begin with the context, if there is one. */
  #foldFacts(facts: readonly Fact[], context: Fact | null): Outcome {
    if (facts.length === (context === null ? 0 : 1)) {
      return { timeline: null, contextAfter: context };
    }
    const timeline = foldNode(this.#node, facts);
    const last = timeline.memberships.at(-1);
    const isMember = last !== undefined && last.to === Infinity;
    const contextAfter = isMember
      ? (facts.findLast((fact) => fact.id === last.commissionedBy) ?? null)
      : null;
    return { timeline, contextAfter };
  }
}

function extentOf(facts: EntityFacts, begin: number, end: number): Extent {
  return {
    ...facts.span(begin, end),
    length: end - begin,
    firstTime: facts.timeAt(begin),
    lastTime: facts.timeAt(end - 1),
    lastMember: facts.memberAt(end - 1),
  };
}

function sameExtent(a: Extent, b: Extent): boolean {
  return (
    a.length === b.length &&
    a.firstTime === b.firstTime &&
    a.lastTime === b.lastTime &&
    a.lastMember === b.lastMember &&
    a.firstMember === b.firstMember &&
    a.lastChange === b.lastChange
  );
}

/** Whether two commissionings are the same fact in the same version. */
function sameFact(a: Fact | null, b: Fact | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return a.id === b.id && a.since === b.since;
}
