/** Whether a proof shows that one event is in a ledger, as it is: checked with nothing but the file and public keys. */
import { isLedgerError } from "../errors.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import { hashLeaf } from "../events/canonical/merkle-hash.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { TreeHead } from "../tree/checkpoint.ts";
import { openCheckpoint } from "../tree/checkpoint.ts";
import { statedLeaf } from "../tree/leaf.ts";
import { verifyInclusion } from "../tree/merkle-verify.ts";
import type { NoteVerifier } from "../tree/signed-note.ts";
import { NoteError, parseNote } from "../tree/signed-note.ts";
import type { EventProof } from "../tree/tlog-proof.ts";
import { parseProof } from "../tree/tlog-proof.ts";
import type { Cosigner } from "./cosignature.ts";
import { cosignatures } from "./cosignature.ts";
import type { Verification } from "./verify.ts";

type Line = Verification["lines"][number];

/** As of a bundle or a store: what was checked, and what is wrong. */
type ProofVerification = Pick<Verification, "lines" | "findings">;

interface ProofKeys {
  readonly verifier: NoteVerifier;
  readonly witnesses: readonly Cosigner[];
}

/** What the event is, where it stands, and who has signed; a finding where any of it is not so. */
export function verifyProof(bytes: Buffer, keys: ProofKeys): ProofVerification {
  const lines: Line[] = [];
  const finding = (message: string, sequence: number | null = null): ProofVerification => ({
    lines,
    findings: [{ sequence, message }],
  });
  let proof: EventProof;
  try {
    proof = parseProof(bytes);
  } catch (error) {
    return finding(`not a proof of an event: ${messageOf(error)}`);
  }
  // The signature first: where the key has not signed, nothing else of the file is worth a look.
  let head: TreeHead;
  try {
    head = openCheckpoint(proof.checkpoint, keys.verifier);
    lines.push(...signatureLines(proof, head, keys));
  } catch (error) {
    return finding(`the checkpoint: ${messageOf(error)}`);
  }
  const { index, leaf, hashes } = proof;
  const claim = { leafIndex: index, treeSize: head.size, proof: hashes, root: head.root };
  if (!verifyInclusion({ ...claim, leafHash: hashLeaf(leaf) })) {
    return finding(
      `the event, its index (${index}) or the hashes do not belong to the signed tree`,
    );
  }
  const sequence = Number(index) + 1;
  try {
    return { lines: [...eventLines(statedLeaf(leaf, sequence)), ...lines], findings: [] };
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    return finding(error.message, sequence);
  }
}

function signatureLines(
  { checkpoint }: EventProof,
  { origin, size, root }: TreeHead,
  { verifier, witnesses }: ProofKeys,
): Line[] {
  const signers = cosignatures(checkpoint, witnesses);
  const unknown = parseNote(checkpoint).signatures.length - 1 - signers.length;
  const signed = [
    `${verifier.name}, with the given key`,
    ...signers.map(({ name, signedAt }) =>
      signedAt === null
        ? `witness ${name}`
        : `witness ${name} at ${formatInstant(signedAt * 1_000)}`,
    ),
    ...(unknown > 0 ? [`${unknown} more with other keys, not checked`] : []),
  ];
  return [
    { what: "tree", words: `of ${origin}, ${size} events, root ${root.toString("base64")}` },
    { what: "signed by", words: signed.join("; ") },
  ];
}

function eventLines(event: StoredEvent): Line[] {
  const { sequence, type, id, stream, revision, occurredAt, recordedAt, attribution } = event;
  const said = Object.entries(attribution).map(
    ([name, text]) => `${name} ${typeof text === "string" ? text : canonicalJson(text)}`,
  );
  return [
    { what: "event", words: `${type} ${id}` },
    { what: "stands", words: `at sequence ${sequence}, revision ${revision} of ${stream}` },
    { what: "happened", words: `${formatInstant(occurredAt)}, as stated` },
    { what: "recorded", words: formatInstant(recordedAt) },
    ...(said.length === 0 ? [] : [{ what: "stated with", words: said.join("; ") }]),
    { what: "data", words: canonicalJson(event.data) },
  ];
}

function messageOf(error: unknown): string {
  if (error instanceof NoteError) return error.message;
  throw error;
}
