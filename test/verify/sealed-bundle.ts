/** The bundle of a sealed ledger, and what `verify` says of changed ones. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isLedgerError } from "../../src/errors.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { bundleText } from "../../src/verify/bundle.ts";
import { verifyBundle } from "../../src/verify/verify.ts";
import type { SealedOptions } from "../seals/sealed-ledger.ts";
import { makeSealedLedger, signer, verifier } from "../seals/sealed-ledger.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";

/** The bundle as bytes, and where to put changed ones. */
export async function sealedBundle(
  options?: SealedOptions,
): Promise<{ bytes: Buffer; path: string; firstCheckpoint: string }> {
  const ledgerPath = freshPath();
  const { firstCheckpoint } = await makeSealedLedger(ledgerPath, options);
  const store = await openEmbeddedStore({ path: ledgerPath, mode: "read" });
  onTestFinished(() => store.close());
  const tree = await openLedgerTree(store);
  let text = "";
  const checkpoint = async () =>
    signCheckpoint(
      { origin: signer.name, size: BigInt(tree.size), root: await tree.root() },
      signer,
    );
  for await (const piece of bundleText(store.readLeaves(0), checkpoint)) text += piece;
  const path = join(ledgerPath, "..", "bundle.txt");
  writeFileSync(path, text);
  return { bytes: Buffer.from(text), path, firstCheckpoint };
}

/** What is wrong with the bytes as a bundle; a file that is none is wrong too. */
export async function findingsOf(path: string, bytes: Buffer): Promise<readonly unknown[]> {
  writeFileSync(path, bytes);
  try {
    return (await verifyBundle(path, { verifier })).findings;
  } catch (error) {
    if (isLedgerError(error, "invalid-request")) return [error.message];
    throw error;
  }
}
