/**
 * The ids of faults and maintenance that facts of nodes name, each as 128 bits of its SHA-256: all have one size, and
 * two ids are taken for the same only if they are.
 */
import { hash } from "node:crypto";
import { wordsPerId } from "../../../projections/node-integers/node-integers.ts";

/** By the events that name them, ascending; an event that names several ids comes several times. */
export interface NamedIds {
  /** The index of the event within the segment. */
  readonly indexes: Uint32Array;
  readonly words: Uint32Array;
}

/** Bytes of an id and of the index of its event. */
export const namedIdBytes = 4 * (1 + wordsPerId);

const firstIds = 256;

export const noIds: NamedIds = { indexes: new Uint32Array(0), words: new Uint32Array(0) };

class NamedIdWriter {
  #indexes = new Uint32Array(firstIds);
  #words = new Uint32Array(firstIds * wordsPerId);
  #count = 0;

  get written(): NamedIds {
    return {
      indexes: this.#indexes.subarray(0, this.#count),
      words: this.#words.subarray(0, this.#count * wordsPerId),
    };
  }

  /** Adds an id that the event at an index names; indexes ascend. */
  add(index: number, id: string): void {
    if (this.#count === this.#indexes.length) this.#grow();
    this.#indexes[this.#count] = index;
    const digest = hash("sha256", id, "buffer");
    for (let word = 0; word < wordsPerId; word++)
      this.#words[this.#count * wordsPerId + word] = digest.readUInt32LE(4 * word);
    this.#count++;
  }

  #grow(): void {
    const [indexes, words] = [this.#indexes, this.#words];
    this.#indexes = new Uint32Array(2 * indexes.length);
    this.#indexes.set(indexes);
    this.#words = new Uint32Array(2 * words.length);
    this.#words.set(words);
  }
}

/** The ids of a segment that is being filled, by the cluster of the node. */
export class NamedIdsByCluster {
  readonly #writers = new Map<string, NamedIdWriter>();

  add(cluster: string, index: number, id: string): void {
    let writer = this.#writers.get(cluster);
    if (writer === undefined) this.#writers.set(cluster, (writer = new NamedIdWriter()));
    writer.add(index, id);
  }

  of(cluster: string): NamedIds {
    return this.#writers.get(cluster)?.written ?? noIds;
  }

  /** How many there are of each cluster, and all of them in that order: of each first the indexes, then the words. */
  stored(): { readonly counts: readonly ClusterCount[]; readonly parts: readonly Uint32Array[] } {
    const all = [...this.#writers].map(([cluster, { written }]) => ({ cluster, ...written }));
    return {
      counts: all.map(({ cluster, indexes }) => [cluster, indexes.length]),
      parts: all.flatMap(({ indexes, words }) => [indexes, words]),
    };
  }
}

export type ClusterCount = readonly [cluster: string, count: number];

/** Where the ids of each cluster are stored. */
export type StoredNames = ReadonlyMap<string, { readonly at: number; readonly count: number }>;

/** `begin` is where the ids of the first one are stored. */
export function storedNames(counts: readonly ClusterCount[], begin: number): StoredNames {
  let at = begin;
  const places = new Map<string, { at: number; count: number }>();
  for (const [cluster, count] of counts) {
    places.set(cluster, { at, count });
    at += namedIdBytes * count;
  }
  return places;
}

/** Reads so many as they are stored: the indexes, then the words. */
export function readNamedIds({ buffer, byteOffset }: Buffer, count: number): NamedIds {
  return {
    indexes: new Uint32Array(buffer, byteOffset, count),
    words: new Uint32Array(buffer, byteOffset + 4 * count, wordsPerId * count),
  };
}
