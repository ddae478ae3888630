/**
 * Leaves in blocks of bytes, and what one look at a block finds: the hashes of its leaves, the roots over whole blocks of
 * the tree, ids, and the events' positions in their streams. Any thread can look at a block without knowing the others;
 * the results are then joined in order. The caller decides which leaves need no second look (`leaf-certain.ts`).
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

/** Leaves one after another in `bytes`; one byte that belongs to no leaf precedes each. */
export interface LeafBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The end of each leaf. A leaf begins one byte after the end of the previous one; the first begins at 1. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** How many leaves come before the block. */
  readonly first: number;
}

/** A leaf that must be read whole: because of its type, because its form is not the ledger's, or because its content must be judged. */
export interface NotedLeaf {
  /** Its index in the block. */
  readonly at: number;
  readonly text: string;
  readonly isInForm: boolean;
}

/**
 * The streams of a block. Their names contain no newline and are stored one per line. For each stream there are three
 * numbers: the index in the block and the revision of its first event, and the revision of its last event. The layout is
 * flat, so that it is cheap to pass between threads.
 */
interface StreamRuns {
  readonly names: string;
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** How many numbers a stream has in `StreamRuns`. */
export const runNumbers = 3;

interface StreamRun {
  readonly name: string;
  readonly at: number;
  readonly firstRevision: number;
  lastRevision: number;
}

/** An event whose revision does not follow the previous one in its stream. */
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
  /** Roots of the tree's blocks that lie wholly within this block, from its leaf `rootsFrom` on. */
  readonly roots: Uint8Array<ArrayBuffer>;
  readonly rootsFrom: number;
  /** Four words per id; zeros for a leaf that is not in form. */
  readonly ids: Int32Array<ArrayBuffer>;
  readonly streams: StreamRuns;
  /** For each leaf the number of its stream in `streams`; `noNumber` for a leaf that is not in form. */
  readonly streamOf: Uint32Array<ArrayBuffer>;
  /** For each leaf the number of its type in `known`; meaningless for a leaf that is not in form. */
  readonly typeOf: Uint8Array<ArrayBuffer>;
  /** For each leaf, milliseconds since the epoch; NaN for a leaf that is not in form. */
  readonly recordedAt: Float64Array<ArrayBuffer>;
  /** Leaves whose stream is not the one that their type and data determine. */
  readonly misfits: readonly number[];
  readonly revisionFindings: readonly RevisionFinding[];
  readonly noted: readonly NotedLeaf[];
}

/** What a look must know about event types. */
export interface TypesToNote {
  /** In order of their numbers. */
  readonly known: readonly string[];
  /** Types whose events must be read. */
  readonly noted: ReadonlySet<string>;
  /** By type, how the stream's name is made from the data; a type is missing if its data do not determine the stream. */
  readonly streams: ReadonlyMap<string, readonly string[]>;
  /** A leaf with more bytes must be read whole, to measure the event. */
  readonly longLeafBytes: number;
}

export const noNumber = 0xffff_ffff;

/**
 * Whether a leaf that begins at `begin`, with these spans and this type, is certainly one that the ledger would have
 * accepted. Leaves that are not certain are read whole.
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
  // Checked only now that the gaps are overwritten: reused memory has parts of other leaves between the leaves.
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

/** A leaf's hash has a zero byte as prefix, which overwrites the byte before the leaf. */
function hashLeaves(buffer: Buffer, ends: Uint32Array, into: Buffer): void {
  let prefixAt = 0;
  ends.forEach((end, leaf) => {
    buffer[prefixAt] = 0;
    // As latin1 text, the digest costs half as much as a buffer of its own.
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

/** A type that occurs in the block. */
interface MetType {
  readonly name: string;
  /** Its number among the known types; -1 for an unknown one. */
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
  /** For each type in `#typeNames`. */
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
