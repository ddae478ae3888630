/** Whether the key signed a bundle, judged by its last lines, before its events are read. */
import { open } from "node:fs/promises";
import { maxCheckpointBytes } from "./bundle.ts";
import { openCheckpoint, type TreeHead } from "../tree/checkpoint.ts";
import { MerkleTree } from "../tree/merkle-tree.ts";
import { NoteError, type NoteVerifier } from "../tree/signed-note.ts";
import type { Verification } from "./verify.ts";

/** Anybody could have written a bundle whose checkpoint the key has not signed: nothing more of it is read. */
export async function signedByAnother(
  path: string,
  verifier: NoteVerifier,
): Promise<Verification | null> {
  const checkpoint = await checkpointAtEnd(path);
  if (checkpoint === null) return null;
  try {
    openCheckpoint(checkpoint, verifier);
    return null;
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    const message = `the checkpoint at the end is invalid: ${error.message}`;
    const words = `NOT READ: no valid signature by ${verifier.name} covers them`;
    const root = await new MerkleTree(async () => Buffer.alloc(0)).root(0);
    return {
      lines: [{ what: "events", words }],
      findings: [{ sequence: null, message }],
      head: { origin: verifier.name, size: 0n, root },
    };
  }
}

/** Whether the key has signed a checkpoint over that head. */
export function isOver(head: TreeHead, checkpoint: string | null, verifier: NoteVerifier): boolean {
  if (checkpoint === null) return false;
  try {
    const signed = openCheckpoint(checkpoint, verifier);
    return signed.size === head.size && signed.root.equals(head.root);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    return false;
  }
}

/**
 * The text after the empty line that ends the events, if it is short enough for a checkpoint; otherwise `null`, and
 * reading the whole file will tell what is wrong.
 */
async function checkpointAtEnd(path: string): Promise<string | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maxCheckpointBytes + 2);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const tail = buffer.subarray(0, bytesRead);
    const end = tail.indexOf("\n\n");
    return end < 0 ? null : tail.subarray(end + 2).toString("utf8");
  } finally {
    await file.close();
  }
}
