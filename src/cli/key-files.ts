/** Keys and checkpoints as files. */
import { readFile } from "node:fs/promises";
import { openCheckpoint, type TreeHead } from "../audit/checkpoint.ts";
import { NoteError, parseSigner, parseVerifier } from "../audit/signed-note.ts";
import type { NoteSigner, NoteVerifier } from "../audit/signed-note.ts";
import { UsageError } from "./terminal.ts";

/** The secret key in a file. Throws UsageError; its message never shows the key. */
export async function readSigner(file: string): Promise<NoteSigner> {
  const text = await readFile(file, "utf8");
  return parsed(file, () => parseSigner(text));
}

/** The public key in a file. Throws UsageError. */
export async function readVerifier(file: string): Promise<NoteVerifier> {
  const text = await readFile(file, "utf8");
  if (text.startsWith("PRIVATE+KEY+")) {
    throw new UsageError(`${file} is the secret key; --key takes the public one (ledger.pub)`);
  }
  return parsed(file, () => parseVerifier(text));
}

/** The head in a file with a signed checkpoint. Throws UsageError if it is none, or not the key's. */
export async function readCheckpoint(file: string, verifier: NoteVerifier): Promise<TreeHead> {
  const note = await readFile(file, "utf8");
  return parsed(file, () => openCheckpoint(note, verifier));
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new UsageError(`${file}: ${error.message}`, error);
  }
}
