/**
 * Witnesses: third parties that have seen a checkpoint and signed it too (C2SP tlog-cosignature, or a plain signature).
 * A verifier names the keys that it knows; signatures of any other key are ignored.
 */
import {
  isSignedText,
  NoteError,
  parseNote,
  parseTypedKey,
  signaturesBy,
} from "../tree/signed-note.ts";
import type { NoteVerifier } from "../tree/signed-note.ts";

/** The first byte of a key's encoding: a plain signature of the note, or one with the time of signing. */
const plain = 0x01;
const timed = 0x04;
const timeBytes = 8;

export interface Cosigner extends NoteVerifier {
  readonly isTimed: boolean;
}

/** A witness with a valid signature on a checkpoint. */
interface Cosignature {
  readonly name: string;
  /** Seconds since the epoch, as the witness states; `null` if its signatures contain no time. */
  readonly signedAt: number | null;
}

/** Reads a witness's public key: `name+hash+base64`. Throws NoteError. */
export function parseCosigner(text: string): Cosigner {
  const { type, ...verifier } = parseTypedKey(text);
  if (type === plain || type === timed) return { ...verifier, isTimed: type === timed };
  throw new NoteError("not a witness's key (Ed25519 or cosignature/v1, name+hash+key)");
}

/** The known witnesses that have signed the note. Throws NoteError if the signature of one of them is wrong. */
export function cosignatures(note: string, witnesses: readonly Cosigner[]): Cosignature[] {
  const { text, signatures } = parseNote(note);
  const good: Cosignature[] = [];
  for (const witness of witnesses) {
    for (const { signature } of signaturesBy(signatures, witness)) {
      const signedAt = witness.isTimed ? timeOf(signature) : null;
      const signed = signedAt === null ? text : `cosignature/v1\ntime ${signedAt}\n${text}`;
      const bytes = witness.isTimed ? signature.subarray(timeBytes) : signature;
      if (!isSignedText(signed, bytes, witness)) {
        throw new NoteError(
          `the signature of the witness ${witness.name} is not valid for the note`,
        );
      }
      good.push({ name: witness.name, signedAt: signedAt === null ? null : Number(signedAt) });
    }
  }
  return good;
}

function timeOf(signature: Buffer): bigint | null {
  return signature.length < timeBytes ? null : signature.readBigUInt64BE(0);
}
