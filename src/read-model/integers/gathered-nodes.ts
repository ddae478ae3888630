/** The nodes of a cluster as integers. Of many facts, a second thread makes the sums of one half meanwhile. */
import { at, wordAt } from "../../../projections/arithmetic/invariants.ts";
import { rowLength } from "../../../projections/figures/series/node-sums.ts";
import type {
  NodeIntegers,
  NodesAsIntegers,
  SummedNodes,
} from "../../../projections/node-integers/node-integers.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { endTurn } from "../../turns.ts";
import type { Steps } from "../../turns.ts";
import type { EventSegment } from "../columns/event-columns.ts";
import type { FactLog } from "../columns/fact-log.ts";
import { namedIdBytes } from "../columns/named-ids.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import type { IntegerColumns, SequenceList } from "./gathering.ts";
import { isMade, isOpen, offeredList, takeBack, waitFor } from "./offered-part.ts";
import type { OfferedPart } from "./offered-part.ts";
import { giveRoom, takeRoom } from "./room.ts";
import type { Room } from "./room.ts";
import type { SumThread } from "./sum-thread.ts";

/** Segments whose ids are read between two pauses. */
const segmentsPerStep = 8;

/** How long this thread waits for the other one before it lets other requests go on, in milliseconds. */
const waitMs = 1;

/** How facts are gathered; figures do not depend on it. */
export interface GatheringSizes {
  /** How many facts are gathered at once, if no node has more. */
  readonly most: number;
  /** Of fewer facts than that, nothing is given to another thread. */
  readonly leastShared: number;
  /** Nor is it if there are more bytes of ids than that. */
  readonly maxSharedIdBytes: number;
  readonly thread: SumThread;
}

interface GatheredCluster {
  readonly log: FactLog;
  readonly cluster: string;
  /** The nodes to gather, and the position as of which. */
  readonly entities: readonly EntityHistory[];
  readonly P: number;
  /** Of the pieces for which they are summed up. */
  readonly edges: readonly number[];
  readonly sizes: GatheringSizes;
  /** What the window sees of a node. */
  readonly seen: (entity: EntityHistory) => NodeTimeline | null;
}

/** Some nodes, and their facts: in the list of sequences, where those of each begin and where those of the last one end. */
interface Part {
  readonly names: readonly string[];
  readonly begins: Uint32Array;
}

export class GatheredNodes implements NodesAsIntegers {
  readonly #of: GatheredCluster;
  readonly #byName: ReadonlyMap<string, EntityHistory>;
  readonly #room: Room;
  #next = 0;
  #isDone = false;
  /** What was read of each segment for another thread. */
  #columns: readonly IntegerColumns[] | null = null;
  #shared: { readonly part: Part; readonly offered: OfferedPart } | null = null;

  constructor(of: GatheredCluster) {
    this.#of = of;
    this.#byName = new Map(of.entities.map((entity) => [entity.name, entity]));
    this.#room = takeRoom();
  }

  timeline(name: string): NodeTimeline | null {
    const entity = this.#byName.get(name);
    return entity === undefined ? null : this.#of.seen(entity);
  }

  *next(): Steps<NodeIntegers | SummedNodes | null> {
    if (this.#shared !== null) return yield* this.#takeShared(this.#shared);
    const { entities, P } = this.#of;
    if (this.#next === entities.length) {
      if (!this.#isDone) giveRoom(this.#room);
      this.#isDone = true;
      return null;
    }
    const { chosen, others, most } = this.#choose();
    this.#room.reserve(most);
    // Without a pause since they were chosen: their facts may become more.
    const begins = new Uint32Array(chosen.length + 1);
    for (const [i, { facts }] of chosen.entries())
      begins[i + 1] = facts.copyInto(this.#room.sequences, wordAt(begins, i), P);
    const part = { names: chosen.map(({ name }) => name), begins };
    yield;
    const half = halfOf(begins);
    const own = this.#isShared(part, half) ? yield* this.#share(part, half) : part;
    return { ...(yield* this.#gathered(own)), others };
  }

  /** As many of the nodes as there is room for, and one at least; those of which something was amended are not among them. */
  #choose() {
    const chosen: EntityHistory[] = [];
    const others: string[] = [];
    let most = 0;
    for (; this.#next < this.#of.entities.length; this.#next++) {
      const entity = at(this.#of.entities, this.#next);
      const { isUnamended, length } = entity.facts;
      if (!isUnamended) {
        others.push(entity.name);
        continue;
      }
      if (most > 0 && most + length > this.#of.sizes.most) break;
      chosen.push(entity);
      most += length;
    }
    return { chosen, others, most };
  }

  *#gathered({ names, begins }: Part): Steps<Omit<NodeIntegers, "others">> {
    const { log, cluster } = this.#of;
    const first = wordAt(begins, 0);
    const { gathering } = this.#room;
    yield* gathering.begin(this.#listOf({ names, begins }));
    const facts = yield* gathering.gather((number) => {
      const read = this.#columns?.[number];
      if (read !== undefined) return read;
      const segment = at(log.segments, number);
      const { types, instants } = segment;
      return { types, instants, named: segment.namedIds(cluster) };
    });
    return { names, begins: begins.map((begin) => begin - first), facts };
  }

  #listOf({ names, begins }: Part): SequenceList {
    const { sequences } = this.#room;
    return {
      sequences: sequences.subarray(wordAt(begins, 0), wordAt(begins, names.length)),
      segmentEvents: this.#of.log.segmentEvents,
    };
  }

  /** Whether the nodes from one on are given to the other thread. */
  #isShared({ names, begins }: Part, from: number): boolean {
    const { cluster, sizes } = this.#of;
    if (from === names.length || wordAt(begins, names.length) < sizes.leastShared) return false;
    const ids = this.#segments().reduce((sum, segment) => sum + segment.namedCount(cluster), 0);
    return namedIdBytes * ids <= sizes.maxSharedIdBytes && sizes.thread.isUseful;
  }

  /** Offers the other thread the nodes from one on; returns the others. */
  *#share({ names, begins }: Part, half: number): Steps<Part> {
    const { edges, sizes } = this.#of;
    const part = { names: names.slice(half), begins: begins.slice(half) };
    const first = wordAt(begins, half);
    const list = offeredList(this.#listOf(part));
    sizes.thread.offerList(list);
    this.#columns ??= yield* this.#sharedColumns();
    const offered: OfferedPart = {
      list,
      begins: part.begins.map((begin) => begin - first),
      segments: this.#columns.map(({ types, instants: { first: from, offsets, plain }, named }) => {
        return { types, instants: { first: from, offsets, plain }, named };
      }),
      edges,
      sums: new Float64Array(new SharedArrayBuffer(8 * rowLength(edges))),
      others: new Uint32Array(new SharedArrayBuffer(4 * (1 + part.names.length))),
    };
    sizes.thread.offer(offered);
    this.#shared = { part, offered };
    return { names: names.slice(0, half), begins: begins.slice(0, half + 1) };
  }

  /** The columns of all segments, in memory that another thread may read. */
  *#sharedColumns(): Steps<IntegerColumns[]> {
    const { cluster } = this.#of;
    const columns: IntegerColumns[] = [];
    this.#room.clearIds();
    for (const segment of this.#segments()) {
      const named = this.#room.sharedIds(segment.namedIds(cluster));
      columns.push({ types: segment.types, instants: segment.instants, named });
      if (columns.length % segmentsPerStep === 0) yield;
    }
    return columns;
  }

  /** The segments up to the position. */
  #segments(): readonly EventSegment[] {
    const { log, P } = this.#of;
    return log.segments.slice(0, Math.ceil(P / log.segmentEvents));
  }

  /**
   * What the other thread has made, or will have; what it has not begun is gathered here. What it is at is not done twice,
   * however long it takes.
   */
  *#takeShared({
    part,
    offered,
  }: {
    readonly part: Part;
    readonly offered: OfferedPart;
  }): Steps<NodeIntegers | SummedNodes> {
    this.#shared = null;
    const { state } = offered.list;
    while (!takeBack(state) && isOpen(state)) {
      waitFor(state, waitMs);
      endTurn();
      yield;
    }
    if (!isMade(state)) return { ...(yield* this.#gathered(part)), others: [] };
    const { sums, others } = offered;
    const indexes = others.subarray(1, 1 + wordAt(others, 0));
    return { sums, others: Array.from(indexes, (index) => at(part.names, index)) };
  }
}

/** The first node whose facts lie in the second half. */
function halfOf(begins: Uint32Array): number {
  const count = wordAt(begins, begins.length - 1);
  let half = 0;
  while (wordAt(begins, half) < count / 2) half++;
  return half;
}
