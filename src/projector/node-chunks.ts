/**
 * A node's facts in chunks between which nothing is open and no fault or maintenance id is shared, so
 * that each is folded by itself, given only the commissioning that holds when it begins. As of an
 * earlier position, the chunks before the first change since share the timeline of the head, and only
 * what changed is folded again. The outcome is that of one fold over all facts.
 */
import type { Fact } from "../../projections/fact.ts";
import { foldNode } from "../../projections/node-states.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";
import type { EntityFacts } from "./entity-facts.ts";
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
}

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
      const mark = this.#whole.mark();
      const chunk = { ...extent, begin, end, context, contextAfter, timeline, mark };
      this.#chunks.push({ ...chunk, hasFactBefore: hasFact });
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

  /** What one chunk comes to as of position P, or several where it leaves something open there. */
  #stepAt(place: number, P: number, context: Fact | null): Outcome & { readonly next: number } {
    const chunk = this.#chunks[place];
    if (chunk !== undefined && chunk.lastChange <= P && sameFact(chunk.context, context)) {
      return { timeline: chunk.timeline, contextAfter: chunk.contextAfter, next: place + 1 };
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
  return a.id === b.id && a.touchedBy.length === b.touchedBy.length;
}

/** The places of an entity with the fact that each has at the head. */
type AtHead = readonly (Fact | null)[];

/** Where chunks end: the last ends with the facts. */
function chunkEnds(facts: EntityFacts, atHead: AtHead, minFacts: number): number[] {
  const shared = sharedPlaces(facts, atHead);
  const openness = new NodeOpenness();
  const ends: number[] = [];
  let begin = 0;
  for (const [i, fact] of atHead.entries()) {
    const isLongEnough = i - begin >= minFacts;
    if (isLongEnough && shared[i] === 0 && facts.timeAt(i - 1) < facts.timeAt(i)) {
      if (openness.isClosed()) {
        ends.push(i);
        begin = i;
      }
    }
    if (fact !== null) openness.add(fact);
  }
  if (facts.length > 0) ends.push(facts.length);
  return ends;
}

type Span = [first: number, last: number];

/** For each place, how many fault and maintenance ids stand both before it and from it on, in whatever version. */
function sharedPlaces(facts: EntityFacts, atHead: AtHead): Int32Array {
  const faults = new Map<string, Span>();
  const maintenance = new Map<string, Span>();
  for (const [place, fact] of atHead.entries()) {
    for (const version of facts.versionsAt(place) ?? [fact]) {
      if (version !== null) noteIds(version.data, place, faults, maintenance);
    }
  }
  const shared = new Int32Array(facts.length + 1);
  for (const spans of [faults, maintenance]) {
    for (const [first, last] of spans.values()) {
      shared[first + 1] = (shared[first + 1] ?? 0) + 1;
      shared[last + 1] = (shared[last + 1] ?? 0) - 1;
    }
  }
  for (let i = 1; i < shared.length; i++) shared[i] = (shared[i] ?? 0) + (shared[i - 1] ?? 0);
  return shared;
}

function noteIds(
  data: Fact["data"],
  place: number,
  faults: Map<string, Span>,
  maintenance: Map<string, Span>,
): void {
  if ("faultId" in data) note(faults, data.faultId, place);
  if ("faultIds" in data) for (const id of data.faultIds) note(faults, id, place);
  if ("maintenanceId" in data) note(maintenance, data.maintenanceId, place);
}

function note(spans: Map<string, Span>, id: string, place: number): void {
  const span = spans.get(id);
  if (span === undefined) spans.set(id, [place, place]);
  else span[1] = place;
}
