/** A bundle with all that a bundle can hold, in which no byte can be changed unseen. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundleText } from "../../src/verify/bundle.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { verifyBundle } from "../../src/verify/verify.ts";
import { isLedgerError } from "../../src/errors.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { randomSource } from "../histories/random-source.ts";
import { randomRuns } from "../random-runs.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { makeSealedLedger, signer, verifier } from "../seals/sealed-ledger.ts";

/** Facts of two clusters, a correction, an issued report of each cluster, two seals, facts after them. */
async function bundle(ledger: string): Promise<Buffer> {
  await makeSealedLedger(ledger, { nodes: ["n1"] });
  const store = await openEmbeddedStore({ path: ledger, mode: "read" });
  onTestFinished(() => store.close());
  const tree = await openLedgerTree(store);
  const checkpoint = async () => {
    const head = { origin: signer.name, size: BigInt(tree.size), root: await tree.root() };
    return signCheckpoint(head, signer);
  };
  let text = "";
  for await (const piece of bundleText(store.readLeaves(0), checkpoint)) text += piece;
  return Buffer.from(text);
}

async function isFound(path: string, bytes: Buffer): Promise<boolean> {
  writeFileSync(path, bytes);
  try {
    return (await verifyBundle(path, { verifier })).flaws.length > 0;
  } catch (error) {
    if (isLedgerError(error, "invalid-request")) return true;
    throw error;
  }
}

test("verify finds every changed byte of a bundle with reports, corrections and seals", async () => {
  const ledger = freshPath();
  const bytes = await bundle(ledger);
  const path = join(ledger, "..", "bundle.txt");
  for (const type of ["ReportIssued", "FactCorrected", "LedgerSealed"]) {
    expect(bytes.includes(`"type":"${type}"`), type).toBe(true);
  }
  expect(await isFound(path, bytes)).toBe(false);
  const random = randomSource(4);
  // Spread evenly over the file, so that each part of it is met; with the multiplier at 16, all of it.
  const count = Math.min(bytes.length, randomRuns(Math.ceil(bytes.length / 16)));
  const offset = random.between(0, bytes.length - 1);
  for (let n = 0; n < count; n++) {
    const at = (offset + Math.floor((n * bytes.length) / count)) % bytes.length;
    const old = bytes[at] ?? 0;
    // Any other value, half of them by a single bit.
    const change = random.chance(0.5) ? 1 << random.between(0, 7) : random.between(1, 255);
    const changed = Buffer.from(bytes);
    changed[at] = old ^ change;
    expect(await isFound(path, changed), `byte ${at}: ${old} became ${old ^ change}`).toBe(true);
  }
  console.info(`${count} of ${bytes.length} bytes changed, one at a time: each was found`);
}, 600_000);
