/** Signed notes (C2SP signed-note): a text, a blank line, and one line per Ed25519 signature. */
import { at } from "../../projections/arithmetic/invariants.ts";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Ed25519, in the note format's own numbering. */
const algorithm = 1;
const keyHashBytes = 4;
const keyBytes = 32;
const signatureBytes = 64;
/** More signatures than any of our notes has: a limit for foreign texts. */
const maxSignatures = 100;
const signaturePrefix = "\u2014 ";
/** DER around the raw keys (RFC 8410). */
const publicDerPrefix = Buffer.from("302a300506032b6570032100", "hex");
const privateDerPrefix = Buffer.from("302e020100300506032b657004220420", "hex");

export interface NoteVerifier {
  readonly name: string;
  /** The first four bytes of SHA-256(name || "\n" || 0x01 || public key). */
  readonly keyHash: Buffer;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

/** Thrown for a malformed key or note, or one that the expected key has not signed. */
export class NoteError extends Error {}

function keyHashOf(name: string, publicKey: Uint8Array, type: number = algorithm): Buffer {
  return createHash("sha256")
    .update(`${name}\n`)
    .update(Buffer.from([type]))
    .update(publicKey)
    .digest()
    .subarray(0, keyHashBytes);
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" }).subarray(publicDerPrefix.length);
}

/** Whether a key may have the name: not empty, no blanks, no plus sign, well-formed. */
export function isKeyName(name: string): boolean {
  return name !== "" && name.isWellFormed() && !/[\s+]/u.test(name);
}

/** A new key pair as two texts: the signer's key (secret) and the verifier's key. */
export function newKey(name: string): { readonly secret: string; readonly verifier: string } {
  if (!isKeyName(name)) throw new NoteError("a key's name must not contain blanks or plus signs");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = rawPublicKey(publicKey);
  const id = keyHashOf(name, raw).toString("hex");
  const seed = privateKey
    .export({ type: "pkcs8", format: "der" })
    .subarray(privateDerPrefix.length);
  const withAlgorithm = (bytes: Uint8Array) =>
    Buffer.concat([Buffer.from([algorithm]), bytes]).toString("base64");
  return {
    secret: `PRIVATE+KEY+${name}+${id}+${withAlgorithm(seed)}`,
    verifier: `${name}+${id}+${withAlgorithm(raw)}`,
  };
}

/** Reads a verifier key: `name+hash+base64`. Throws NoteError. */
export function parseVerifier(text: string): NoteVerifier {
  const { type, ...verifier } = parseTypedKey(text);
  if (type === algorithm) return verifier;
  throw new NoteError("not an Ed25519 verifier key (name+hash+key)");
}

/** A public key with the first byte of its encoding, which says how it signs. Throws NoteError. */
export function parseTypedKey(text: string): NoteVerifier & { readonly type: number } {
  const [name = "", id = "", encoded = "", ...rest] = splitKey(text.trim());
  const bytes = decodeBase64(encoded);
  if (rest.length > 0 || !isKeyName(name) || bytes?.length !== 1 + keyBytes) {
    throw new NoteError("not an Ed25519 verifier key (name+hash+key)");
  }
  const type = at(bytes, 0);
  const raw = bytes.subarray(1);
  const keyHash = keyHashOf(name, raw, type);
  if (keyHash.toString("hex") !== id)
    throw new NoteError("the verifier key's hash does not match the key");
  const publicKey = createPublicKey({
    key: Buffer.concat([publicDerPrefix, raw]),
    format: "der",
    type: "spki",
  });
  return { name, keyHash, publicKey, type };
}

/** Reads a signer's key: `PRIVATE+KEY+name+hash+base64`. Throws NoteError; its message never shows the key. */
export function parseSigner(text: string): NoteSigner {
  const trimmed = text.trim();
  if (!trimmed.startsWith("PRIVATE+KEY+"))
    throw new NoteError("not a signer's key (PRIVATE+KEY+…)");
  const [name = "", id = "", encoded = "", ...rest] = splitKey(
    trimmed.slice("PRIVATE+KEY+".length),
  );
  const bytes = decodeBase64(encoded);
  if (
    rest.length > 0 ||
    !isKeyName(name) ||
    bytes?.length !== 1 + keyBytes ||
    bytes[0] !== algorithm
  ) {
    throw new NoteError("not an Ed25519 signer's key");
  }
  const privateKey = createPrivateKey({
    key: Buffer.concat([privateDerPrefix, bytes.subarray(1)]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(privateKey);
  const keyHash = keyHashOf(name, rawPublicKey(publicKey));
  if (keyHash.toString("hex") !== id)
    throw new NoteError("the signer key's hash does not match the key");
  return { name, keyHash, publicKey, privateKey };
}

/** The verifier's text of a key. */
export function verifierText(key: NoteVerifier): string {
  const bytes = Buffer.concat([Buffer.from([algorithm]), rawPublicKey(key.publicKey)]);
  return `${key.name}+${key.keyHash.toString("hex")}+${bytes.toString("base64")}`;
}

/** The note: `text` (ending in a newline) and one signature. Ed25519 is deterministic, so equal texts give equal notes. */
export function signNote(text: string, signer: NoteSigner): string {
  if (!isNoteText(text))
    throw new NoteError("a note's text ends in a newline and has no control characters");
  const signature = sign(null, Buffer.from(text), signer.privateKey);
  const line = Buffer.concat([signer.keyHash, signature]).toString("base64");
  return `${text}\n${signaturePrefix}${signer.name} ${line}\n`;
}

/** One signature line of a note; what follows the key's hash depends on the kind of key. */
interface NoteSignature {
  readonly name: string;
  readonly keyHash: Buffer;
  readonly signature: Buffer;
}

/** Splits a note into its text and its signature lines, of any keys. Throws NoteError. */
export function parseNote(note: string): {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
} {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n"))
    throw new NoteError("not a signed note: no signature part");
  const text = note.slice(0, split + 1);
  if (!isNoteText(text))
    throw new NoteError("not a signed note: control characters or broken Unicode");
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > maxSignatures) throw new NoteError("a note with too many signatures");
  return { text, signatures: lines.map(parseSignature) };
}

/**
 * The text of a note that `verifier` has signed. Signatures of other keys are ignored, as the format
 * asks; a wrong signature of this key is an error. Throws NoteError.
 */
export function openNote(note: string, verifier: NoteVerifier): string {
  const { text, signatures } = parseNote(note);
  const own = signaturesBy(signatures, verifier);
  const [first] = own;
  if (first === undefined) throw new NoteError(`the note is not signed by ${verifier.name}`);
  if (own.length > 1) throw new NoteError("the note is signed twice by one key");
  if (isSignedText(text, first.signature, verifier)) return text;
  throw new NoteError(`the signature of ${verifier.name} is not valid for the note`);
}

/** The signature lines that name the key, valid or not. */
export function signaturesBy(
  signatures: readonly NoteSignature[],
  { name, keyHash }: NoteVerifier,
): readonly NoteSignature[] {
  return signatures.filter((each) => each.name === name && each.keyHash.equals(keyHash));
}

/** Whether it is the key's plain Ed25519 signature of the text. */
export function isSignedText(
  text: string,
  signature: Buffer,
  { publicKey }: Pick<NoteVerifier, "publicKey">,
): boolean {
  if (signature.length !== signatureBytes) return false;
  return verify(null, Buffer.from(text), publicKey, signature);
}

/** Whether a line of the note names the key, whether or not its signature is valid. */
export function bearsSignatureOf(note: string, { name, keyHash }: NoteVerifier): boolean {
  const mark = `${signaturePrefix}${name} `;
  return note.split("\n").some((line) => {
    if (!line.startsWith(mark)) return false;
    const signature = Buffer.from(line.slice(mark.length), "base64");
    return signature.subarray(0, keyHashBytes).equals(keyHash);
  });
}

/** Splits a text into its notes. A part that is not a note is returned as one, for `openNote` to refuse. */
export function splitNotes(text: string): string[] {
  const notes: string[] = [];
  let start = 0;
  let isSigned = false;
  for (let begin = 0; begin < text.length;) {
    const end = text.indexOf("\n", begin) + 1 || text.length;
    const isSignature = text.startsWith(signaturePrefix, begin);
    if (isSigned && !isSignature) {
      notes.push(text.slice(start, begin));
      start = begin;
    }
    isSigned = isSignature && (isSigned || text.startsWith("\n\n", begin - 2));
    begin = end;
  }
  if (start < text.length) notes.push(text.slice(start));
  return notes;
}

function parseSignature(line: string): NoteSignature {
  const [name = "", encoded = "", ...rest] = line.startsWith(signaturePrefix)
    ? line.slice(signaturePrefix.length).split(" ")
    : [];
  const bytes = decodeBase64(encoded);
  if (rest.length > 0 || !isKeyName(name) || bytes === null || bytes.length <= keyHashBytes) {
    throw new NoteError("not a signed note: a malformed signature line");
  }
  return {
    name,
    keyHash: bytes.subarray(0, keyHashBytes),
    signature: bytes.subarray(keyHashBytes),
  };
}

/** Splits at the first two plus signs: base64 may contain more. */
function splitKey(text: string): string[] {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  return first < 0 || second < 0
    ? []
    : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

/** Strict base64: what decodes must encode to the same text again, so that no byte of a note is without meaning. */
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

function isNoteText(text: string): boolean {
  if (!text.endsWith("\n") || !text.isWellFormed()) return false;
  // ASCII control characters other than the newline are not allowed.
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return false;
  }
  return true;
}
