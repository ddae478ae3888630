/**
 * Where the rows of blocks stand in the table of lookups: a block's rows are together, the summary first, then the ids, the
 * streams in parts by hash, and the types and clusters in parts by hash.
 */
import { malformed } from "../rows/looked-up.ts";

/** The row that says how the others were made. */
export const headerPlace = 0;

const partBits = 21;
const streamPartBits = 6;
const namePartBits = 20;

/** Parts of a block: the summary and the ids, from where the streams go on, and from where types and clusters do. */
export const parts = { summary: 0, ids: 1, streams: 64, names: 1 << namePartBits } as const;

/** Parts that streams are in: small rows, so that a lookup reads little. */
export const streamParts: number = 1 << streamPartBits;

/** The place of a part; blocks count from 0. */
export function placeOf(block: number, part: number): number {
  return (block + 1) * 2 ** partBits + part;
}

/** The part of a stream's runs. */
export function streamPart(high: number): number {
  return parts.streams + (high >>> (32 - streamPartBits));
}

/** The part of the offsets of a type or a cluster. */
export function namePart(high: number): number {
  return parts.names + (high >>> (32 - namePartBits));
}

export function typeName(type: string): string {
  return `type ${type}`;
}

export function clusterName(cluster: string | typeof malformed): string {
  return cluster === malformed ? "malformed" : `cluster ${cluster}`;
}
