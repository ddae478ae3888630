/** The SLA document as bytes that are kept: at another position where it is the same, only the position differs. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, crc32, deflateRaw, deflateRawSync } from "node:zlib";
import type { ClusterView } from "../../projections/view.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { saidByLedger } from "../ledger/documents.ts";
import type { Steps } from "../turns.ts";
import { jsonInSteps } from "./document-text.ts";
import type { WindowQuery } from "./figures.ts";
import { slaDocumentInSteps } from "./figures.ts";
import { joinedCrc } from "./joined-crc.ts";
import { keptOfWindow } from "./kept-of-window.ts";

/** A document's JSON, cut where its position stands. */
interface WrittenDocument {
  readonly before: Buffer;
  readonly after: Buffer;
  /** Of both parts. */
  readonly hash: Buffer;
  /** What everybody is sent who takes it compressed; made when somebody first does. */
  packed: Promise<PackedRest> | null;
}

interface PackedRest {
  /** `after` as the rest of a gzip stream. */
  readonly deflated: Buffer;
  /** Of `after`. */
  readonly crc: number;
}

/** The JSON of a document at one position. */
interface DocumentBytes {
  /** In pieces, which are shared: a large document is not joined for each who asks. */
  readonly plain: readonly Buffer[];
  /** The same for equal bytes, and no other. */
  readonly tag: string;
  /** Compressed; in pieces, of which the large one is shared. */
  readonly gzip: () => Promise<readonly Buffer[]>;
}

const mark = '"asOf":{"sequence":';

/** A known cluster's document as JSON. Throws as `figureInputs` does. */
export async function documentBytes(
  ledger: Ledger,
  cluster: string,
  sequence: number,
  asked: WindowQuery,
): Promise<DocumentBytes> {
  const written = await writtenDocument(ledger, cluster, sequence, asked);
  const { before, after, hash } = written;
  const position = Buffer.from(String(sequence));
  return {
    plain: [before, position, after],
    tag: `"${createHash("sha256").update(hash).update(position).digest("base64url")}"`,
    gzip: async () => await packedAt(written, position),
  };
}

/** A digest of everything that a known cluster's document says but its position. Throws as `figureInputs` does. */
export async function documentDigest(
  ledger: Ledger,
  cluster: string,
  sequence: number,
  asked: WindowQuery,
): Promise<string> {
  const { hash } = await writtenDocument(ledger, cluster, sequence, asked);
  return hash.toString("base64");
}

async function writtenDocument(
  ledger: Ledger,
  cluster: string,
  sequence: number,
  asked: WindowQuery,
): Promise<WrittenDocument> {
  return await keptOfWindow(ledger, cluster, sequence, asked, {
    name: ledger.timestampsPreserved() ? "document, with recorded times kept" : "document",
    make: (view, window) => writtenInSteps(ledger, view, window),
    // With room for what is packed of it: a third at most.
    bytesOf: ({ before, after }) => before.length + Math.ceil((4 * after.length) / 3),
  });
}

function* writtenInSteps(
  ledger: Ledger,
  view: ClusterView,
  query: WindowQuery,
): Steps<WrittenDocument> {
  const document = saidByLedger(ledger, yield* slaDocumentInSteps(view, query));
  const text = yield* jsonInSteps(document);
  // No text within the document can have this: its quotes would be escaped.
  const begin = text.indexOf(mark) + mark.length;
  const before = Buffer.from(text.slice(0, begin));
  yield;
  const after = Buffer.from(text.slice(begin + String(view.sequence).length));
  yield;
  const hash = createHash("sha256").update(before).update(after).digest();
  return { before, after, hash, packed: null };
}

const deflate = promisify(deflateRaw);

/** RFC 1952, 2.3.1: deflated, without a name or a time, by an unknown system. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** The packed rest refers to nothing before it, so that it follows any beginning that ends at a whole byte. */
async function packedAt(written: WrittenDocument, position: Buffer): Promise<Buffer[]> {
  const { before, after } = written;
  written.packed ??= packedRest(after);
  const { deflated, crc } = await written.packed;
  const begin = Buffer.concat([before, position]);
  const packedBegin = deflateRawSync(begin, { finishFlush: constants.Z_SYNC_FLUSH });
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(joinedCrc(crc32(begin), crc, after.length), 0);
  tail.writeUInt32LE((begin.length + after.length) % 2 ** 32, 4);
  return [gzipHead, packedBegin, deflated, tail];
}

async function packedRest(after: Buffer): Promise<PackedRest> {
  return { deflated: await deflate(after), crc: crc32(after) };
}
