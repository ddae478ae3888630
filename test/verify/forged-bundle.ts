/**
 * A forger that holds the secret key: it changes events of an honest ledger, and then makes every revision, tree head,
 * seal and checkpoint right again, so that nothing but the broken rule can show.
 */
import { writeFileSync } from "node:fs";
import { bundleText } from "../../src/verify/bundle.ts";
import type { TreeHead } from "../../src/tree/checkpoint.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "../tree/recursive-root.ts";
import { restoreBundle } from "../../src/copies/restore-bundle.ts";
import type { Verification } from "../../src/verify/verify.ts";
import { verifyBundle } from "../../src/verify/verify.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { makeSealedLedger, signer, verifier } from "../seals/sealed-ledger.ts";

/** An event as its leaf has it. */
export interface ForgedEvent {
  id: string;
  type: string;
  stream: string;
  recordedAt: string;
  revision: number;
  data: Record<string, unknown>;
  [field: string]: unknown;
}

/** The events of a small sealed ledger, for a change. */
export async function honestEvents(): Promise<ForgedEvent[]> {
  const path = freshPath();
  await makeSealedLedger(path, { nodes: ["n1"] });
  const store = await openEmbeddedStore({ path, mode: "read" });
  const events: ForgedEvent[] = [];
  for await (const leaves of store.readLeaves(0)) {
    for (const leaf of leaves) events.push(JSON.parse(leaf) as ForgedEvent);
  }
  await store.close();
  return events;
}

/**
 * What verification finds in the bundle of the events, made right in all that the change did not break; `rewrite` changes
 * the text of the last leaf. What has no finding is restored: that must succeed, under the same tree head.
 */
export async function verifiedForgery(
  events: readonly ForgedEvent[],
  rewrite: (leaf: string) => string = (leaf) => leaf,
): Promise<Verification> {
  const leaves = leavesOf(events);
  leaves.push(rewrite(leaves.pop() ?? ""));
  const target = freshPath();
  const path = `${target}.bundle`;
  async function* all(): AsyncGenerator<readonly string[]> {
    yield leaves;
  }
  const checkpoint = async (): Promise<string> => signed(leaves, leaves.length).checkpoint;
  let text = "";
  for await (const piece of bundleText(all(), checkpoint)) text += piece;
  writeFileSync(path, text);
  const verification = await verifyBundle(path, { verifier });
  if (verification.findings.length === 0) await restored(path, target, verification.head);
  return verification;
}

/** Throws where the bundle does not give a ledger under that head. */
async function restored(path: string, target: string, head: TreeHead): Promise<void> {
  const store = await openEmbeddedStore({ path: target, mode: "write" });
  try {
    await restoreBundle(path, store, { head, onProgress: () => undefined });
  } finally {
    await store.close();
  }
}

/** In order: what an event says of those before it is made from them as they are now. */
function leavesOf(events: readonly ForgedEvent[]): string[] {
  const revisions = new Map<string, number>();
  const leaves: string[] = [];
  for (const event of events) {
    const revision = (revisions.get(event.stream) ?? -1) + 1;
    revisions.set(event.stream, revision);
    let { data } = event;
    if (event.type === "LedgerSealed") {
      data = { ...data, ...signed(leaves, leaves.length) };
    } else if (event.type === "ReportIssued") {
      const size = Number(data["sequence"]);
      data = { ...data, treeHead: { size, rootHash: signed(leaves, size).rootHash } };
    }
    leaves.push(canonicalJson({ ...event, revision, data }));
  }
  return leaves;
}

function signed(
  leaves: readonly string[],
  size: number,
): { size: number; rootHash: string; checkpoint: string } {
  const hashes = leaves.slice(0, size).map((leaf) => hashLeaf(leaf));
  const root = rootOf(hashes, 0, size);
  const head = { origin: signer.name, size: BigInt(size), root };
  return { size, rootHash: root.toString("hex"), checkpoint: signCheckpoint(head, signer) };
}
