/** The proof of an event as browsers verify it: good ones hold, and of a wrong one it is said at which step it fails. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Proof, Step } from "../../../src/dashboard/islands/proof/verify-proof.ts";
import { verifyProof } from "../../../src/dashboard/islands/proof/verify-proof.ts";
import { newKey } from "../../../src/tree/signed-note.ts";
import type { AuditedApp } from "../../http/app/audited-app.ts";
import { auditedApp } from "../../http/app/audited-app.ts";

let ledger: AuditedApp;
let key = "";
const ids: string[] = [];

interface Told {
  readonly event: Record<string, unknown>;
  readonly proof: Proof;
}

beforeAll(async () => {
  ledger = await auditedApp();
  key = (await ledger.get("/v1/audit/key")).text.trim();
  const { json } = await ledger.get("/v1/events");
  for (const { id } of json["events"] as { id: string }[]) ids.push(id);
});
afterAll(() => ledger.close());

async function told(index: number, size = ids.length): Promise<Told> {
  const id = ids[index];
  const { json: event } = await ledger.get(`/v1/events/${id}`);
  const { json: proof } = await ledger.get(`/v1/audit/proof/${id}?size=${size}`);
  return { event, proof: proof as unknown as Proof };
}

/** The step that fails and why; `null` if all hold. */
function failureOf(steps: readonly Step[]): string | null {
  const last = steps.at(-1);
  if (last === undefined) return "no step";
  expect(steps.slice(0, -1).every(({ failure }) => failure === null)).toBe(true);
  return last.failure === null ? null : `${last.name}: ${last.failure}`;
}

describe("the proof of an event", () => {
  test("holds for every event in the tree of every size that has it", async () => {
    for (let size = 1; size <= ids.length; size++) {
      for (let index = 0; index < size; index++) {
        const { event, proof } = await told(index, size);
        expect(failureOf(await verifyProof(event, proof, key)), `${index} of ${size}`).toBeNull();
      }
    }
  });

  test("is shown from the leaf over each level to the root and the signature", async () => {
    const { event, proof } = await told(4, 12);
    const steps = await verifyProof(event, proof, key);
    expect(steps.map(({ name }) => name)).toEqual([
      "Leaf text",
      "Leaf",
      "Level 1",
      "Level 2",
      "Level 3",
      "Level 4",
      "Root",
      "Signature",
    ]);
    expect(steps.slice(2, 6).map(({ inputs }) => inputs.map(([side]) => side))).toEqual([
      ["left, from below", "right, from the proof"],
      ["left, from below", "right, from the proof"],
      ["left, from the proof", "right, from below"],
      ["left, from below", "right, from the proof"],
    ]);
    expect(steps[6]?.result).toBe(proof.rootHash);
    expect(steps.at(-1)?.words).toContain("Signature good by ledger.example");
  });

  test("without a key leads to the root, and ends there", async () => {
    const { event, proof } = await told(4);
    const steps = await verifyProof(event, { ...proof, checkpoint: null }, "");
    expect(steps.at(-1)?.name).toBe("Root");
    expect(failureOf(steps)).toBeNull();
  });
});

const flipped = (text: string, at = 5) => {
  const other = text[at] === "A" ? "B" : "A";
  return text.slice(0, at) + other + text.slice(at + 1);
};

describe("a proof that was tampered with", () => {
  const other = newKey("ledger.example").verifier;
  const wrongs: readonly (readonly [
    what: string,
    change: (told: Told) => Partial<Told> & { key?: string },
    failure: string,
  ])[] = [
    [
      "another text of the leaf",
      ({ proof }) => ({ proof: { ...proof, leaf: proof.leaf.replace("alpha", "gamma") } }),
      "Leaf text: The proof is of another text",
    ],
    [
      "an event that says something else",
      ({ event }) => ({ event: { ...event, data: { cluster: "gamma" } } }),
      "Leaf text: The proof is of another text",
    ],
    [
      "an event with another recorded time",
      ({ event }) => ({ event: { ...event, recordedAt: "2026-04-15T12:00:00.001Z" } }),
      "Leaf text: The proof is of another text",
    ],
    [
      "another leaf hash",
      ({ proof }) => ({ proof: { ...proof, leafHash: proof.rootHash } }),
      "Leaf: It is not the leaf's hash",
    ],
    [
      "a changed hash beside the way",
      ({ proof }) => ({
        proof: { ...proof, hashes: proof.hashes.with(1, flipped(proof.hashes[1] ?? "")) },
      }),
      "Root: The checkpoint has another root.",
    ],
    [
      "hashes in another order",
      ({ proof }) => ({ proof: { ...proof, hashes: proof.hashes.toReversed() } }),
      "Root: The checkpoint has another root.",
    ],
    [
      "a hash too few",
      ({ proof }) => ({ proof: { ...proof, hashes: proof.hashes.slice(1) } }),
      "Levels: There are fewer hashes",
    ],
    [
      "a hash too many",
      ({ proof }) => ({ proof: { ...proof, hashes: [...proof.hashes, proof.rootHash] } }),
      "Level 5: There are more hashes",
    ],
    [
      "a hash that is too short",
      ({ proof }) => ({ proof: { ...proof, hashes: proof.hashes.with(2, "AAAA") } }),
      "Level 3: This hash does not have 32 bytes.",
    ],
    [
      "a hash that is no base64",
      ({ proof }) => ({ proof: { ...proof, hashes: proof.hashes.with(2, "§") } }),
      "Format:",
    ],
    [
      "another place of the leaf",
      ({ proof }) => ({ proof: { ...proof, leafIndex: proof.leafIndex + 1 } }),
      "Root: The checkpoint has another root.",
    ],
    [
      "a place past the end",
      ({ proof }) => ({ proof: { ...proof, leafIndex: proof.treeSize } }),
      "Place: Its index is past the end.",
    ],
    [
      "another size in the checkpoint",
      ({ proof }) => ({
        proof: { ...proof, checkpoint: (proof.checkpoint ?? "").replace("\n12\n", "\n13\n") },
      }),
      "Root: The checkpoint is over 13 events, not over 12.",
    ],
    [
      "another root in the checkpoint",
      ({ proof }) => ({
        proof: {
          ...proof,
          checkpoint: (proof.checkpoint ?? "").replace(proof.rootHash, proof.leafHash),
        },
      }),
      "Root: The checkpoint has another root.",
    ],
    [
      "another signature",
      ({ proof }) => ({
        proof: {
          ...proof,
          checkpoint: flipped(proof.checkpoint ?? "", (proof.checkpoint ?? "").length - 30),
        },
      }),
      "Signature: The signature is not good",
    ],
    [
      "no checkpoint",
      ({ proof }) => ({ proof: { ...proof, checkpoint: null } }),
      "Root: The answer has no checkpoint.",
    ],
    [
      "no signature of the key",
      ({ proof }) => ({
        proof: {
          ...proof,
          checkpoint: (proof.checkpoint ?? "").replace("— ledger.example", "— another.example"),
        },
      }),
      "Signature: The checkpoint does not have one signature of ledger.example.",
    ],
    [
      "another key of the same name",
      () => ({ key: other }),
      "Signature: The checkpoint does not have one signature of ledger.example.",
    ],
    [
      "a key that does not fit its id",
      () => ({ key: key.replace(/\+[0-9a-f]{8}\+/, "+00000000+") }),
      "Signature: The public key is malformed.",
    ],
  ];

  test.each(wrongs)("by %s fails at the step that finds it", async (_, change, failure) => {
    const good = await told(4, 12);
    const { event, proof, key: own } = { ...good, key, ...change(good) };
    expect(failureOf(await verifyProof(event, proof, own))).toContain(failure);
  });

  test("has no root that it could lead to, without a key", async () => {
    const { event, proof } = await told(4);
    const wrong = { ...proof, checkpoint: null, rootHash: proof.leafHash };
    expect(failureOf(await verifyProof(event, wrong, ""))).toBe("Root: It is another hash.");
  });
});
