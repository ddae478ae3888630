/**
 * Facts of nodes as integers. They tell the states of a node and its repairs, and nothing else of its facts: no names of
 * events, announcements or causes. An instant is in milliseconds since the epoch.
 */
import { doubleAt, wordAt } from "../arithmetic/invariants.ts";
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";

/** The types that change a node's state, and the integer that stands for each; 0 stands for what changes nothing. */
export const stateCodes = {
  NodeCommissioned: 1,
  NodeDecommissioned: 2,
  NodeFailed: 3,
  NodeReturned: 4,
  NodeMaintenanceStarted: 5,
  NodeMaintenanceEnded: 6,
  NodeObservationLost: 7,
  NodeObservationRestored: 8,
} as const satisfies Partial<Record<EventType, number>>;

/** Whether facts of a code name faults or maintenance. */
export function namesIds(code: number): boolean {
  return code >= stateCodes.NodeFailed && code <= stateCodes.NodeMaintenanceEnded;
}

/** Stands for a fact that integers do not tell: one that names several ids, or a type that is not known here. */
export const notTold = 9;

/** Types about nodes that change no state of theirs. */
const stateless: ReadonlySet<EventType> = new Set([
  "NodeRepairStarted",
  "NodeMaintenanceAnnounced",
  "NodeMaintenanceRefused",
  "NodeScaleAllowed",
  "NodeScaleDenied",
]);

/** The integer that stands for a fact of a type about a node. */
export function codeOfType(type: EventType): number {
  const known: Readonly<Partial<Record<EventType, number>>> = stateCodes;
  return known[type] ?? (stateless.has(type) ? 0 : notTold);
}

/** The ids of faults or maintenance that a fact of such a type names; none for other types. */
export function idsNamedBy(type: EventType, data: object): readonly string[] {
  switch (type) {
    case "NodeFailed":
      return [(data as DataOf<"NodeFailed">).faultId];
    case "NodeReturned":
      return (data as DataOf<"NodeReturned">).faultIds;
    case "NodeMaintenanceStarted":
    case "NodeMaintenanceEnded":
      return [(data as DataOf<"NodeMaintenanceStarted">).maintenanceId];
    default:
      return [];
  }
}

/** An id of a fault or a maintenance is these many words of its SHA-256: as good as the id itself, and of one size. */
export const wordsPerId = 4;
const wordsBeforeId = 4;
const wordsPerFact = wordsBeforeId + wordsPerId;

/** The facts of some nodes, those of each node by time. */
export interface NodeIntegers {
  readonly names: readonly string[];
  /** Where the facts of each node begin, and where those of the last one end. */
  readonly begins: Uint32Array;
  readonly facts: FactIntegers;
  /** Nodes whose facts are not given as integers, because something was corrected. */
  readonly others: readonly string[];
}

/** What is known of one fact lies together, so that it comes into the processor's cache at once. */
export class FactIntegers {
  /** The instant, in two words; the code; a word that is not used; the words of the id that the fact names. */
  readonly #words: Uint32Array;
  readonly #instants: Float64Array;

  constructor(count: number) {
    this.#words = new Uint32Array(wordsPerFact * count);
    this.#instants = new Float64Array(this.#words.buffer);
  }

  /** Makes facts that change nothing of those from one place to another. */
  clear(from: number, to: number): void {
    this.#words.fill(0, wordsPerFact * from, wordsPerFact * to);
  }

  set(fact: number, instant: number, code: number): void {
    this.#instants[(wordsPerFact / 2) * fact] = instant;
    this.#words[wordsPerFact * fact + 2] = code;
  }

  /** Sets the id that the fact names: the one at an index of a list of ids. */
  name(fact: number, ids: Uint32Array, id: number): void {
    const to = wordsPerFact * fact + wordsBeforeId;
    for (let word = 0; word < wordsPerId; word++)
      this.#words[to + word] = wordAt(ids, wordsPerId * id + word);
  }

  instantOf(fact: number): number {
    return doubleAt(this.#instants, (wordsPerFact / 2) * fact);
  }

  codeOf(fact: number): number {
    return wordAt(this.#words, wordsPerFact * fact + 2);
  }

  /** The first word of the id that the fact names: a hash of it. */
  idHashOf(fact: number): number {
    return wordAt(this.#words, wordsPerFact * fact + wordsBeforeId);
  }

  isSameId(fact: number, other: number): boolean {
    const a = wordsPerFact * fact + wordsBeforeId;
    const b = wordsPerFact * other + wordsBeforeId;
    for (let word = 0; word < wordsPerId; word++)
      if (wordAt(this.#words, a + word) !== wordAt(this.#words, b + word)) return false;
    return true;
  }
}

/** Nodes whose sums were made elsewhere, as a row of them (figures/series/node-sums.ts). */
export interface SummedNodes {
  readonly sums: Float64Array;
  /** Nodes that are not in the sums, because integers do not tell them. */
  readonly others: readonly string[];
}

export interface NodesAsIntegers {
  /** The next nodes, which hold until the next call; `null` when all were given. */
  next(): Generator<undefined, NodeIntegers | SummedNodes | null>;
  /** What the window sees of one node, for those that integers do not tell; `null` if it sees nothing. */
  timeline(name: string): NodeTimeline | null;
}
