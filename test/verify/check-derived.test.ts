import { appendFileSync, copyFileSync, rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { checkDerived } from "../../src/verify/check-derived.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import { Projector } from "../../src/read-model/projector.ts";
import type { FoundSegment } from "../../src/read-model/snapshots/snapshot-file.ts";
import { SnapshotFile } from "../../src/read-model/snapshots/snapshot-file.ts";
import { definitionHash } from "../../src/read-model/snapshots/definition-hash.ts";
import type { EmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { freshPath } from "../store/sqlite/ledger-file.ts";
import { makeSealedLedger, verifier } from "../seals/sealed-ledger.ts";

const segmentEvents = 4;

/** A ledger with a file of what is derived from it, in segments of four events. */
async function ledger(
  node: string,
): Promise<{ store: EmbeddedStore; derived: string; sequence: number }> {
  const path = freshPath();
  await makeSealedLedger(path, { nodes: [node] });
  const derived = `${path}.derived`;
  rmSync(derived, { force: true });
  const store = await openEmbeddedStore({ path, mode: "read" });
  onTestFinished(() => store.close());
  const projector = new Projector(store, {
    path: derived,
    mode: "write",
    sizes: { segmentEvents },
  });
  await projector.start();
  await projector.stop();
  const { sequence } = await store.head();
  expect(sequence).toBeGreaterThan(2 * segmentEvents);
  return { store, derived, sequence };
}

/** Writes the file anew with another content, and with hashes that are right for it. */
function rewrite(path: string, change: (found: FoundSegment, place: number) => void): void {
  const old = SnapshotFile.open(path, "read", segmentEvents);
  const segments = [...(old?.read()?.segments ?? [])];
  old?.close();
  rmSync(path);
  const file = SnapshotFile.open(path, "write", segmentEvents);
  file?.restart(definitionHash());
  for (const [place, found] of segments.entries()) {
    change(found, place);
    file?.append(found.segment, found.source);
  }
  file?.close();
}

test("the file of what is derived is made again from the events and compared, segment by segment", async () => {
  const { store, sequence } = await ledger("n1");
  const whole = sequence - (sequence % segmentEvents);
  expect(await checkDerived(store, { sequence, segmentEvents })).toEqual({
    flaws: [],
    words: `of the first ${whole} events, made again from them and compared`,
  });
});

test("an edit of it is a finding that names the file, also one together with its own hash", async () => {
  const { store, derived, sequence } = await ledger("n1");
  rewrite(derived, ({ segment }, place) => {
    if (place === 1) segment.occurredAt[2] = (segment.occurredAt[2] ?? 0) - 60_000;
  });
  const { flaws } = await checkDerived(store, { sequence, segmentEvents });
  expect(flaws).toEqual([
    {
      sequence: 5,
      message: expect.stringMatching(`^${derived} .*events 5 to 8 was changed`) as unknown,
    },
  ]);
});

test("the file of another ledger is a finding that names the file", async () => {
  const { store, derived, sequence } = await ledger("n1");
  const other = await ledger("n2");
  copyFileSync(other.derived, derived);
  const { flaws } = await checkDerived(store, { sequence, segmentEvents });
  expect(flaws).toMatchObject([{ message: expect.stringContaining(derived) as unknown }]);
});

test("verify tells of the file, and of none where there is none", async () => {
  const { store, derived } = await ledger("n1");
  const lines = async () => (await verifyStore(store, { verifier })).lines.map(({ what }) => what);
  appendFileSync(derived, "rubbish that a crash left");
  expect(await lines()).toContain("derived file");
  rmSync(derived);
  expect(await lines()).not.toContain("derived file");
});
