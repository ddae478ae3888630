/**
 * Leaves in blocks of bytes, and what one look at a block tells of it: the hashes of its leaves, the
 * roots over whole blocks of the tree, ids, and where the events stand in their streams. A block is
 * looked at by itself, in any thread; what spans blocks is put together in their order. Whoever looks says which
 * leaves need no second look (`leaf-certain.ts`).
 */
import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { ByteNames } from "./byte-names.ts";
import { idWords, writeId } from "./leaf-id.ts";
import type { PositionSpans } from "./leaf-position.ts";
import { instantIn, noSpans, readPosition } from "./leaf-position.ts";
import type { StreamPieces } from "./leaf-stream.ts";
import { fitsStream, streamPieces } from "./leaf-stream.ts";
import { hashSizeBytes, packedRoot } from "../../events/canonical/merkle-hash.ts";
import { blockLeaves } from "../../tree/merkle-tree.ts";

/** Leaves one after another in `bytes`, each behind one byte that is none of it. */
export interface LeafBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each leaf ends; it begins one byte after the end of the one before, the first at 1. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Leaves before the block. */
  readonly first: number;
}

/** A leaf that must be read: its type asks for it, it has not the form that the ledger writes, or something in it must be judged. */
export interface NotedLeaf {
  /** Its number in the block. */
  readonly at: number;
  readonly text: string;
  readonly isInForm: boolean;
}

/**
 * The streams of a block: their names, which hold no newline, a line each; and for each stream three
 * numbers: the number in the block and the revision of its first event, and the revision of its last
 * one. Flat, so that it costs little to hand from thread to thread.
 */
interface StreamRuns {
  readonly names: string;
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** Numbers of a stream in `StreamRuns`. */
export const runNumbers = 3;

interface StreamRun {
  readonly name: string;
  readonly at: number;
  readonly firstRevision: number;
  lastRevision: number;
}

/** An event whose revision does not follow that of the event before it. */
interface RevisionFinding {
  readonly at: number;
  readonly stream: string;
  readonly revision: number;
  readonly expected: number;
}

export interface LeafBlockLook {
  readonly count: number;
  readonly isUtf8: boolean;
  readonly hashes: Uint8Array<ArrayBuffer>;
  /** Roots of the tree's blocks that lie wholly in this one, from leaf `rootsFrom` of it on. */
  readonly roots: Uint8Array<ArrayBuffer>;
  readonly rootsFrom: number;
  /** Four words an id; zeros for a leaf that is not in form. */
  readonly ids: Int32Array<ArrayBuffer>;
  readonly streams: StreamRuns;
  /** Of each leaf, its stream's number among `streams`; `noNumber` for a leaf that is not in form. */
  readonly streamOf: Uint32Array<ArrayBuffer>;
  /** Of each leaf, its type's number among the known ones; meaningless for a leaf that is not in form. */
  readonly typeOf: Uint8Array<ArrayBuffer>;
  /** Of each leaf, milliseconds since the epoch; NaN for a leaf that is not in form. */
  readonly recordedAt: Float64Array<ArrayBuffer>;
  /** Leaves in streams that do not follow from their type and data. */
  readonly misfits: readonly number[];
  readonly revisionFindings: readonly RevisionFinding[];
  readonly noted: readonly NotedLeaf[];
}

/** What a look needs to know of event types. */
export interface TypesToNote {
  /** In the order of their numbers. */
  readonly known: readonly string[];
  /** Types whose events must be read. */
  readonly noted: ReadonlySet<string>;
  /** How a stream's name is made up of the data, by type; nothing of a type whose stream its data do not say. */
  readonly streams: ReadonlyMap<string, readonly string[]>;
  /** Bytes of a leaf beyond which the event must be read, to be measured. */
  readonly longLeafBytes: number;
}

export const noNumber = 0xffff_ffff;

/**
 * Whether a leaf, which begins at `begin` and has those spans and that type, is certainly what the ledger would have taken
 * in. What it is not certain of is read whole.
 */
type IsCertain = (
  bytes: Buffer,
  begin: number,
  end: number,
  spans: PositionSpans,
  type: string,
) => boolean;

/** Looks at a block. Overwrites the bytes between the leaves. */
export function lookAtBlock(
  { bytes, ends, first }: LeafBlock,
  types: TypesToNote,
  isCertain: IsCertain,
): LeafBlockLook {
  const count = ends.length;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const hashes = new Uint8Array(count * hashSizeBytes);
  hashLeaves(buffer, ends, Buffer.from(hashes.buffer));
  // Only now are the bytes between the leaves known: memory that was used before holds parts of other leaves there.
  const isText = isUtf8(buffer.subarray(1, ends[count - 1] ?? 1));
  const positions = new BlockPositions(buffer, types, isCertain, count);
  let begin = 1;
  for (let at = 0; at < count; at++) {
    const end = ends[at] ?? begin;
    positions.take(at, begin, end);
    begin = end + 1;
  }
  const { ids, revisionFindings, noted, streamOf, typeOf, recordedAt, misfits } = positions;
  const streams = flat(positions.streams);
  const rootsFrom = Math.min(count, (blockLeaves - (first % blockLeaves)) % blockLeaves);
  const roots = blockRoots(hashes, rootsFrom);
  return {
    count,
    isUtf8: isText,
    hashes,
    roots,
    rootsFrom,
    ids,
    streams,
    streamOf,
    typeOf,
    recordedAt,
    misfits,
    revisionFindings,
    noted,
  };
}

function flat(runs: readonly StreamRun[]): StreamRuns {
  const numbers = new Float64Array(runs.length * runNumbers);
  let i = 0;
  for (const { at, firstRevision, lastRevision } of runs) {
    numbers[i++] = at;
    numbers[i++] = firstRevision;
    numbers[i++] = lastRevision;
  }
  return { names: runs.map(({ name }) => name).join("\n"), numbers };
}

/** The prefix of a leaf is the zero byte, which overwrites the byte before it. */
function hashLeaves(buffer: Buffer, ends: Uint32Array, into: Buffer): void {
  let prefixAt = 0;
  ends.forEach((end, leaf) => {
    buffer[prefixAt] = 0;
    // As latin1 text the digest costs half of a buffer of its own.
    const digest = hash("sha256", buffer.subarray(prefixAt, end), "latin1");
    into.write(digest, leaf * hashSizeBytes, "latin1");
    prefixAt = end;
  });
}

function blockRoots(hashes: Uint8Array, from: number): Uint8Array<ArrayBuffer> {
  const blocks = Math.floor((hashes.length / hashSizeBytes - from) / blockLeaves);
  const roots = new Uint8Array(Math.max(0, blocks) * hashSizeBytes);
  const sizeBytes = blockLeaves * hashSizeBytes;
  const scratch = Buffer.allocUnsafe(sizeBytes);
  for (let block = 0; block < blocks; block++) {
    const start = from * hashSizeBytes + block * sizeBytes;
    scratch.set(hashes.subarray(start, start + sizeBytes));
    roots.set(packedRoot(scratch), block * hashSizeBytes);
  }
  return roots;
}

/** A type that the block has. */
interface MetType {
  readonly name: string;
  /** Among the known ones; -1 for one that is not known. */
  readonly number: number;
  readonly isNoted: boolean;
  readonly pieces: StreamPieces | null;
}

class BlockPositions {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly streamOf: Uint32Array<ArrayBuffer>;
  readonly typeOf: Uint8Array<ArrayBuffer>;
  readonly recordedAt: Float64Array<ArrayBuffer>;
  readonly misfits: number[] = [];
  readonly streams: StreamRun[] = [];
  readonly revisionFindings: RevisionFinding[] = [];
  readonly noted: NotedLeaf[] = [];
  readonly #buffer: Buffer;
  readonly #types: TypesToNote;
  readonly #isCertain: IsCertain;
  readonly #spans = noSpans();
  readonly #streamNames: ByteNames;
  readonly #typeNames: ByteNames;
  /** Of each type in `#typeNames`. */
  readonly #met: MetType[] = [];

  constructor(buffer: Buffer, types: TypesToNote, isCertain: IsCertain, count: number) {
    this.#buffer = buffer;
    this.#types = types;
    this.#isCertain = isCertain;
    this.ids = new Int32Array(count * idWords);
    this.streamOf = new Uint32Array(count).fill(noNumber);
    this.typeOf = new Uint8Array(count);
    this.recordedAt = new Float64Array(count).fill(Number.NaN);
    this.#streamNames = new ByteNames(buffer, count);
    this.#typeNames = new ByteNames(buffer, count);
  }

  take(at: number, begin: number, end: number): void {
    const spans = this.#spans;
    const type = readPosition(this.#buffer, begin, end, spans) ? this.#typeOf(spans) : null;
    const recordedAt = type === null ? Number.NaN : instantIn(this.#buffer, spans.recordedAt);
    const isInForm =
      type !== null &&
      type.number >= 0 &&
      !Number.isNaN(recordedAt) &&
      writeId(this.#buffer, spans.idAt, this.ids, at * idWords);
    const isNoted =
      !isInForm ||
      type.isNoted ||
      end - begin > this.#types.longLeafBytes ||
      !this.#isCertain(this.#buffer, begin, end, spans, type.name);
    if (isNoted) {
      this.noted.push({ at, text: this.#buffer.toString("utf8", begin, end), isInForm });
    }
    if (!isInForm) return;
    this.typeOf[at] = type.number;
    this.recordedAt[at] = recordedAt;
    this.#takeRevision(at, spans);
    if (type.pieces !== null && !fitsStream(this.#buffer, begin, spans, type.pieces)) {
      this.misfits.push(at);
    }
  }

  #typeOf({ typeAt, typeEnd }: PositionSpans): MetType | null {
    const type = this.#typeNames.numberOf(typeAt, typeEnd);
    if (type === this.#met.length) {
      const name = this.#typeNames.text(type);
      const pieces = this.#types.streams.get(name);
      this.#met.push({
        name,
        number: this.#types.known.indexOf(name),
        isNoted: this.#types.noted.has(name),
        pieces: pieces === undefined ? null : streamPieces(pieces),
      });
    }
    return this.#met[type] ?? null;
  }

  #takeRevision(at: number, { streamAt, streamEnd, revision }: PositionSpans): void {
    const number = this.#streamNames.numberOf(streamAt, streamEnd);
    this.streamOf[at] = number;
    const run = this.streams[number];
    if (run === undefined) {
      const name = this.#streamNames.text(number);
      this.streams.push({ name, at, firstRevision: revision, lastRevision: revision });
      return;
    }
    const expected = run.lastRevision + 1;
    if (revision !== expected)
      this.revisionFindings.push({ at, stream: run.name, revision, expected });
    run.lastRevision = revision;
  }
}
