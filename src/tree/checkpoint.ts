/** Tree heads as C2SP tlog-checkpoints: one line each for origin, size in decimal and root in base64. */
import { hashSizeBytes } from "../events/canonical/merkle-hash.ts";
import { NoteError, openNote, signNote } from "./signed-note.ts";
import type { NoteSigner, NoteVerifier } from "./signed-note.ts";

export interface TreeHead {
  /** The log's identity; by convention the name of its key. */
  readonly origin: string;
  /** Leaves. */
  readonly size: bigint;
  readonly root: Buffer;
}

/** A head that was seen before, with others that cover no more events. */
export interface SeenHead extends TreeHead {
  /** Known witnesses with valid signatures on its checkpoint. */
  readonly witnessedBy?: readonly string[];
  readonly earlier?: readonly TreeHead[];
}

/** The text of a checkpoint, not signed yet. */
function checkpointText(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${head.root.toString("base64")}\n`;
}

export function signCheckpoint(head: TreeHead, signer: NoteSigner): string {
  return signNote(checkpointText(head), signer);
}

/** The head in a signed checkpoint. Throws NoteError if it is malformed or not signed by the key. */
export function openCheckpoint(note: string, verifier: NoteVerifier): TreeHead {
  const head = parseCheckpoint(openNote(note, verifier));
  if (head.origin !== verifier.name) {
    throw new NoteError(`the checkpoint is from ${head.origin}, not from ${verifier.name}`);
  }
  return head;
}

/** Reads a checkpoint's text. Lines after the third are extensions and are ignored. Throws NoteError. */
export function parseCheckpoint(text: string): TreeHead {
  const [origin = "", size = "", encoded = ""] = text.split("\n");
  const root = Buffer.from(encoded, "base64");
  if (origin === "" || !/^(0|[1-9]\d{0,19})$/.test(size))
    throw new NoteError("not a checkpoint: origin or size");
  if (root.length !== hashSizeBytes || root.toString("base64") !== encoded) {
    throw new NoteError("not a checkpoint: the root is not 32 bytes in base64");
  }
  return { origin, size: BigInt(size), root };
}
