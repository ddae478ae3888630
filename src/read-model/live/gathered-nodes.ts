/**
 * The facts of nodes as integers, gathered from the columns of the log. The facts of one node lie all over the ledger, so
 * those of many nodes are taken at once, segment by segment: then memory and file are read in their order.
 */
import { at, byteAt, wordAt } from "../../../projections/arithmetic/invariants.ts";
import {
  codeOfType,
  FactIntegers,
  namesIds,
  notTold,
} from "../../../projections/node-integers/node-integers.ts";
import type {
  NodeIntegers,
  NodesAsIntegers,
} from "../../../projections/node-integers/node-integers.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { eventTypes } from "../../events/catalogue.ts";
import { keptRoomMs } from "../../limits/read-model.ts";
import type { Steps } from "../../turns.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { EntityHistory } from "../entities/entity-history.ts";
import { FactsBySegment } from "./facts-by-segment.ts";
import { WantedEvents } from "./wanted-events.ts";

/** The integer of each type, by the type's code in the columns. */
const stateCodeOf = Uint8Array.from(eventTypes, codeOfType);

/** Facts that are cleared between two pauses. */
const factsPerStep = 65_536;

interface GatheredCluster {
  readonly log: FactLog;
  readonly cluster: string;
  /** The nodes to gather, and the position as of which. */
  readonly entities: readonly EntityHistory[];
  readonly P: number;
  /** How many facts are gathered at once, if no node has more. */
  readonly most: number;
  /** What the window sees of a node. */
  readonly seen: (entity: EntityHistory) => NodeTimeline | null;
}

export class GatheredNodes implements NodesAsIntegers {
  readonly #of: GatheredCluster;
  readonly #byName: ReadonlyMap<string, EntityHistory>;
  readonly #list: FactsBySegment;
  readonly #wanted: WantedEvents;
  #facts: FactIntegers;
  #next = 0;

  constructor(of: GatheredCluster) {
    this.#of = of;
    this.#byName = new Map(of.entities.map((entity) => [entity.name, entity]));
    const room = takeRoom();
    this.#list = room.list;
    this.#wanted = room.wanted;
    this.#facts = room.facts;
  }

  timeline(name: string): NodeTimeline | null {
    const entity = this.#byName.get(name);
    return entity === undefined ? null : this.#of.seen(entity);
  }

  *next(): Steps<NodeIntegers | null> {
    const { entities, P } = this.#of;
    if (this.#next === entities.length) {
      giveRoom({ list: this.#list, wanted: this.#wanted, facts: this.#facts });
      return null;
    }
    const { chosen, others, most } = this.#choose();
    this.#reserve(most);
    // Without a pause since they were chosen: their facts may become more.
    const begins = new Uint32Array(chosen.length + 1);
    for (const [i, { facts }] of chosen.entries())
      begins[i + 1] = facts.copyInto(this.#list.sequences, wordAt(begins, i), P);
    const count = wordAt(begins, chosen.length);
    yield;
    for (let from = 0; from < count; from += factsPerStep) {
      this.#facts.clear(from, Math.min(count, from + factsPerStep));
      yield;
    }
    yield* this.#list.sort(count, this.#of.log.segmentEvents);
    for (const segment of this.#list.segments()) {
      this.#take(segment);
      yield;
    }
    return { names: chosen.map(({ name }) => name), begins, facts: this.#facts, others };
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
      if (most > 0 && most + length > this.#of.most) break;
      chosen.push(entity);
      most += length;
    }
    return { chosen, others, most };
  }

  #reserve(most: number): void {
    if (this.#list.sequences.length >= most) return;
    // What is left of the nodes needs no more, unless one has more than there is room for.
    const count = Math.max(most, Math.min(this.#of.most, this.#leftFacts() + most));
    this.#list.reserve(count);
    this.#facts = new FactIntegers(count);
  }

  #leftFacts(): number {
    let left = 0;
    for (let i = this.#next; i < this.#of.entities.length && left < this.#of.most; i++)
      left += at(this.#of.entities, i).facts.length;
    return left;
  }

  /** Takes the facts that lie in a segment, in the order of the ledger: so the columns lie in memory. */
  #take(number: number): void {
    const segment = at(this.#of.log.segments, number);
    const { types } = segment;
    const { indexes, words } = segment.namedIds(this.#of.cluster);
    const wanted = this.#wanted;
    wanted.reserve(types.length);
    const { places, indexes: events, begins } = this.#list;
    const end = wordAt(begins, number + 1);
    for (let i = wordAt(begins, number); i < end; i++)
      wanted.add(wordAt(events, i), wordAt(places, i));
    let id = 0;
    let named = wordOr(indexes, id);
    for (let index = wanted.next(0); index >= 0; index = wanted.next(index + 1)) {
      const code = byteAt(stateCodeOf, byteAt(types, index));
      if (code === 0) continue;
      const place = wanted.placeOf(index);
      const instant = segment.occurredAt(index);
      if (!namesIds(code)) {
        this.#facts.set(place, instant, code);
        continue;
      }
      while (named < index) named = wordOr(indexes, ++id);
      // A return that names no fault changes nothing.
      if (named !== index) continue;
      this.#facts.name(place, words, id);
      named = wordOr(indexes, ++id);
      this.#facts.set(place, instant, named === index ? notTold : code);
    }
  }
}

/** The number at an index, or one that is greater than all. */
function wordOr(list: Uint32Array, index: number): number {
  return index < list.length ? wordAt(list, index) : Infinity;
}

/** The memory that facts are gathered in: to be given new pages takes as long as the rest of the work. */
interface Room {
  readonly list: FactsBySegment;
  readonly wanted: WantedEvents;
  readonly facts: FactIntegers;
}

/** What the last answer used, for a while: pages of memory that are used again need not be cleared. */
let spare: Room | null = null;
let letGo: NodeJS.Timeout | undefined;

function takeRoom(): Room {
  const room = spare;
  spare = null;
  return (
    room ?? { list: new FactsBySegment(), wanted: new WantedEvents(), facts: new FactIntegers(0) }
  );
}

function giveRoom(room: Room): void {
  spare = room;
  clearTimeout(letGo);
  letGo = setTimeout(() => (spare = null), keptRoomMs).unref();
}
