/**
 * Verifies the proof of one event as docs/audit.md says, with WebCrypto and nothing else, step by step: the leaf is the
 * event, its hash and the hashes beside its way lead to the root, and the key has signed that root.
 */
import { base64, bytesOf, equalBytes, hex, leafHash, nodeHash, sha256 } from "./hashes.ts";
import type { Bytes } from "./hashes.ts";
import { leafTextOf } from "./leaf-text.ts";

/** What `/v1/audit/proof/{id}` gives. */
export interface Proof {
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly leaf: string;
  readonly leafHash: string;
  readonly hashes: readonly string[];
  readonly rootHash: string;
  readonly checkpoint: string | null;
}

export interface Step {
  readonly name: string;
  readonly words: string;
  /** The hashes that went in, each with its side. */
  readonly inputs: readonly (readonly [side: string, hash: string])[];
  /** What came out. */
  readonly result: string | null;
  /** Why the step fails; the steps after it are not taken. */
  readonly failure: string | null;
}

/** The steps up to the first that fails. `key` is the public key as `NAME+ID+KEY`; empty if the ledger has none. */
export async function verifyProof(event: object, proof: Proof, key: string): Promise<Step[]> {
  const steps: Step[] = [];
  try {
    for await (const each of stepsOf(event, proof, key)) {
      steps.push(each);
      if (each.failure !== null) break;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    steps.push(failed("Format", "The answer has the form of a proof.", why));
  }
  return steps;
}

async function* stepsOf(event: object, proof: Proof, key: string): AsyncGenerator<Step> {
  const text = leafTextOf(event);
  yield text === proof.leaf
    ? step("Leaf text", "The event as this page has it, written as docs/audit.md says.")
    : failed(
        "Leaf text",
        "The event as this page has it, written as docs/audit.md says.",
        "The proof is of another text than that of this event.",
      );
  let hash = await leafHash(text);
  yield base64(hash) === proof.leafHash
    ? step("Leaf", "SHA-256 of 0x00 and the text.", hash)
    : failed("Leaf", "SHA-256 of 0x00 and the text.", "It is not the leaf's hash in the proof.");
  for await (const level of levels(proof, hash)) {
    hash = level.hash;
    yield level.step;
    if (level.step.failure !== null) return;
  }
  if (key === "") {
    yield equalBytes(hash, bytesOf(proof.rootHash))
      ? step("Root", "The last hash is the root that the ledger names.", hash)
      : failed("Root", "The last hash is the root that the ledger names.", "It is another hash.");
    return;
  }
  if (proof.checkpoint === null) {
    yield failed("Root", "A checkpoint has the root.", "The answer has no checkpoint.");
    return;
  }
  yield* signedSteps(proof, proof.checkpoint, key, hash);
}

/** From the leaf to the root: at each level the hash beside the way is to its left or to its right (RFC 9162, 2.1.3.2). */
async function* levels(
  { leafIndex, treeSize, hashes }: Proof,
  leaf: Bytes,
): AsyncGenerator<{ readonly hash: Bytes; readonly step: Step }> {
  let [fn, sn, hash] = [BigInt(leafIndex), BigInt(treeSize) - 1n, leaf];
  const tooMany = "There are more hashes than the tree has levels.";
  const tooFew = "There are fewer hashes than the tree has levels.";
  if (fn < 0n || fn > sn) {
    yield { hash, step: failed("Place", "The leaf is in the tree.", "Its index is past the end.") };
    return;
  }
  for (const [i, encoded] of hashes.entries()) {
    const sibling = bytesOf(encoded);
    const name = `Level ${i + 1}`;
    if (sn === 0n || sibling.length !== 32) {
      const why = sn === 0n ? tooMany : "This hash does not have 32 bytes.";
      yield { hash, step: failed(name, "SHA-256 of 0x01, left and right.", why) };
      return;
    }
    const isLeft = fn % 2n === 1n || fn === sn;
    const [left, right] = isLeft ? [sibling, hash] : [hash, sibling];
    const inputs = [
      [isLeft ? "left, from the proof" : "left, from below", base64(left)],
      [isLeft ? "right, from below" : "right, from the proof", base64(right)],
    ] as const;
    hash = await nodeHash(left, right);
    if (isLeft) while (fn % 2n === 0n && fn > 0n) [fn, sn] = [fn / 2n, sn / 2n];
    [fn, sn] = [fn / 2n, sn / 2n];
    yield { hash, step: { ...step(name, "SHA-256 of 0x01, left and right.", hash), inputs } };
  }
  if (sn !== 0n) yield { hash, step: failed("Levels", "The way ends at the root.", tooFew) };
}

async function* signedSteps(
  { treeSize }: Proof,
  checkpoint: string,
  key: string,
  hash: Bytes,
): AsyncGenerator<Step> {
  const end = checkpoint.lastIndexOf("\n\n");
  const text = checkpoint.slice(0, end + 1);
  const [origin = "", size = "", root = ""] = text.split("\n");
  const words = "The last hash is the root in the checkpoint, over the same number of events.";
  if (!equalBytes(hash, bytesOf(root)))
    yield failed("Root", words, "The checkpoint has another root.");
  else if (size !== String(treeSize))
    yield failed("Root", words, `The checkpoint is over ${size} events, not over ${treeSize}.`);
  else yield step("Root", words, hash);
  yield await signatureStep({ checkpoint, end, text, origin }, key);
}

interface Checkpoint {
  readonly checkpoint: string;
  /** Where its text ends and its signatures begin. */
  readonly end: number;
  readonly text: string;
  readonly origin: string;
}

async function signatureStep(of: Checkpoint, key: string): Promise<Step> {
  const { checkpoint, end, text, origin } = of;
  const [, name = "", id = "", encoded = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(key) ?? [];
  const words = `The Ed25519 signature of the checkpoint by ${name}.`;
  const raw = bytesOf(encoded);
  const prefix = new TextEncoder().encode(`${name}\n`);
  if (raw.length !== 33 || raw[0] !== 1 || hex((await sha256(prefix, raw)).slice(0, 4)) !== id)
    return failed("Signature", words, "The public key is malformed.");
  const own = checkpoint
    .slice(end + 2)
    .split("\n")
    .map((line) => /^\u2014 (\S+) (\S+)$/.exec(line))
    .filter((line) => line?.[1] === name)
    .map((line) => bytesOf(line?.[2] ?? ""))
    .filter((bytes) => hex(bytes.slice(0, 4)) === id);
  const [signature] = own;
  if (signature === undefined || own.length > 1)
    return failed("Signature", words, `The checkpoint does not have one signature of ${name}.`);
  const publicKey = await crypto.subtle.importKey("raw", raw.slice(1), { name: "Ed25519" }, false, [
    "verify",
  ]);
  const signed = new TextEncoder().encode(text);
  const isGood = await crypto.subtle.verify("Ed25519", publicKey, signature.slice(4), signed);
  if (!isGood) return failed("Signature", words, "The signature is not good for this checkpoint.");
  if (origin !== name)
    return failed("Signature", words, `The checkpoint is of ${origin}, another ledger.`);
  return step("Signature", `Signature good by ${name}, key ${id}.`);
}

function step(name: string, words: string, result: Bytes | null = null): Step {
  return {
    name,
    words,
    inputs: [],
    result: result === null ? null : base64(result),
    failure: null,
  };
}

function failed(name: string, words: string, failure: string): Step {
  return { name, words, inputs: [], result: null, failure };
}
