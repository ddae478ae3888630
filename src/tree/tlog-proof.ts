/**
 * The proof of one event as a file: C2SP tlog-proof (https://c2sp.org/tlog-proof). Its `extra` line contains the leaf,
 * so that the file says what it proves; the leaf is trusted only because its hash is in the tree.
 */
import { hashSizeBytes } from "../events/canonical/merkle-hash.ts";
import { NoteError } from "./signed-note.ts";

export interface EventProof {
  /** The canonical text of the event: what is hashed. */
  readonly leaf: string;
  /** Counted from 0: the sequence minus one. */
  readonly index: bigint;
  /** The inclusion proof of RFC 6962, section 2.1.1, from the leaf's sibling up. */
  readonly hashes: readonly Buffer[];
  /** The signed head of the tree. */
  readonly checkpoint: string;
}

const format = "c2sp.org/tlog-proof@v1";
/** The length of a proof in a tree of 2^64 leaves. */
const maxHashes = 64;

export function proofText({ leaf, index, hashes, checkpoint }: EventProof): string {
  const lines = [
    format,
    `extra ${Buffer.from(leaf).toString("base64")}`,
    `index ${index}`,
    ...hashes.map((hash) => hash.toString("base64")),
  ];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}

/** Reads a proof, of which every byte has a meaning. Throws NoteError, also if it lacks its leaf. */
export function parseProof(bytes: Buffer): EventProof {
  const text = textOf(bytes);
  const end = text.indexOf("\n\n");
  if (end < 0) throw new NoteError("the empty line before the checkpoint is missing");
  const [first, extra = "", indexLine = "", ...rest] = text.slice(0, end).split("\n");
  if (first !== format) throw new NoteError(`it does not begin with "${format}"`);
  if (!extra.startsWith("extra "))
    throw new NoteError("the line with the event (extra) is missing");
  const leaf = base64(extra.slice("extra ".length), "the event (extra)");
  const index = /^index (0|[1-9]\d{0,19})$/.exec(indexLine)?.[1];
  if (index === undefined) throw new NoteError("the line with the event's index is malformed");
  if (rest.length > maxHashes) throw new NoteError("it has too many hashes for a proof");
  const hashes = rest.map((line, i) => base64(line, `hash ${i + 1}`));
  if (hashes.some((hash) => hash.length !== hashSizeBytes)) {
    throw new NoteError(`one of its hashes is not ${hashSizeBytes} bytes long`);
  }
  return { leaf: textOf(leaf), index: BigInt(index), hashes, checkpoint: text.slice(end + 2) };
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NoteError("it is not UTF-8");
  }
}

/** Strict: what decodes must encode to the same text again. */
function base64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text) return bytes;
  throw new NoteError(`${what} is not base64`);
}
