/** Keys and checkpoints as files. */
import { readFile } from "node:fs/promises";
import type { SeenHead } from "../../tree/checkpoint.ts";
import { lastSeal } from "../../seals/past-seals.ts";
import { openCheckpoint } from "../../tree/checkpoint.ts";
import {
  bearsSignatureOf,
  NoteError,
  parseSigner,
  parseVerifier,
  splitNotes,
} from "../../tree/signed-note.ts";
import type { NoteSigner, NoteVerifier } from "../../tree/signed-note.ts";
import type { Cosigner } from "../../verify/cosignature.ts";
import { cosignatures, parseCosigner } from "../../verify/cosignature.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { UsageError } from "../terminal/terminal.ts";

/** The secret key in a file. Throws UsageError; its message never shows the key. */
export async function readSigner(file: string): Promise<NoteSigner> {
  const text = await readFile(file, "utf8");
  return parsed(file, () => parseSigner(text));
}

/**
 * Reads the secret key to seal the ledger with. Throws UsageError if another key signed the last seal: history cannot
 * be undone, and then no single key would verify it.
 */
export async function readSealingKey(
  file: string,
  ledger: Pick<Ledger, "store">,
): Promise<NoteSigner> {
  const signer = await readSigner(file);
  const seal = await lastSeal(ledger);
  if (seal === null) return signer;
  const { checkpoint } = seal.data as DataOf<"LedgerSealed">;
  if (bearsSignatureOf(checkpoint, signer)) return signer;
  throw new UsageError(
    `${file} is not this ledger's key: another key signed its last seal, at sequence ${seal.sequence}, and \`verify\` checks all seals with one key`,
  );
}

/** The public key in a file. Throws UsageError. */
export async function readVerifier(file: string): Promise<NoteVerifier> {
  const text = await readFile(file, "utf8");
  if (text.startsWith("PRIVATE+KEY+")) {
    throw new UsageError(`${file} is the secret key; --key takes the public one (ledger.pub)`);
  }
  return parsed(file, () => parseVerifier(text));
}

/**
 * Reads the public keys of witnesses, one per file. Throws UsageError, also for the ledger's own key, which is not a
 * witness.
 */
export async function readWitnesses(
  files: readonly string[],
  ledgers: NoteVerifier,
): Promise<readonly Cosigner[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return texts.map((text, i) => {
    const witness = parsed(files[i] ?? "", () => parseCosigner(text));
    if (!witness.publicKey.equals(ledgers.publicKey)) return witness;
    throw new UsageError(
      `${files[i] ?? ""} is the ledger's own key, which --key checks; --witness takes the key of another signer`,
    );
  });
}

/**
 * Reads a file of signed checkpoints, one after another, as `serve --seal-to` writes it: the one over the most events,
 * and the others. Throws UsageError if one is malformed, is not signed by the key, or has a wrong signature of a
 * witness.
 */
export async function readCheckpoint(
  file: string,
  verifier: NoteVerifier,
  witnesses: readonly Cosigner[] = [],
): Promise<SeenHead> {
  const text = await readFile(file, "utf8");
  let line = 1;
  const heads = splitNotes(text).map((note) => {
    const head = parsed(`${file}, line ${line}`, () => ({
      ...openCheckpoint(note, verifier),
      witnessedBy: cosignatures(note, witnesses).map(({ name }) => name),
    }));
    line += note.split("\n").length - 1;
    return head;
  });
  // The last one need not be the largest: a ledger whose end was cut off grows again from there.
  const [since, ...earlier] = heads.toSorted((a, b) => Number(b.size - a.size));
  if (since === undefined) throw new UsageError(`${file} contains no checkpoint`);
  if (since.size === 0n) {
    throw new UsageError(
      `${file}: a checkpoint over no events fits any history, and proves nothing`,
    );
  }
  return { ...since, earlier };
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new UsageError(`${file}: ${error.message}`, error);
  }
}
