import { createHash } from "node:crypto";
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { checkDerived } from "../../src/verify/check-derived.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import { Projector } from "../../src/read-model/projector.ts";
import {
  bytesAfterHead,
  hashBytes,
  lengthBytes,
  offsetsOf,
} from "../../src/read-model/snapshots/segment-block.ts";
import type { SegmentHead } from "../../src/read-model/snapshots/segment-block.ts";
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

/** Changes the block of a segment, and makes its hash right for it. */
function rewrite(
  path: string,
  segment: number,
  change: (block: Buffer, offsets: ReturnType<typeof offsetsOf>) => void,
) {
  const file = readFileSync(path);
  let begin = "FLGRDRV\n".length;
  // The header of the file comes first, with no columns.
  for (let each = -1; each <= segment; each++) {
    const headBytes = lengthBytes + file.readUInt32LE(begin);
    const head = JSON.parse(
      file.toString("utf8", begin + lengthBytes, begin + headBytes),
    ) as SegmentHead;
    const after = each < 0 ? 0 : (bytesAfterHead(head, segmentEvents) ?? 0);
    const block = file.subarray(begin, begin + headBytes + after);
    if (each === segment) {
      change(block, offsetsOf(headBytes, head.sizes, segmentEvents));
      const hash = createHash("sha256").update(block.subarray(lengthBytes)).digest();
      hash.copy(file, begin + block.length);
    }
    begin += block.length + hashBytes;
  }
  writeFileSync(path, file);
}

test("the file of derived data is made again from the events and compared, segment by segment", async () => {
  const { store, sequence } = await ledger("n1");
  const whole = sequence - (sequence % segmentEvents);
  expect(await checkDerived(store, { sequence, segmentEvents })).toEqual({
    findings: [],
    words: `of the first ${whole} events, rebuilt from them and compared`,
  });
});

test("an edited file of derived data is a finding that names the file, even with its hash edited to match", async () => {
  const { store, derived, sequence } = await ledger("n1");
  rewrite(derived, 1, (block, { occurredAts }) => {
    const at = occurredAts + 2 * 8;
    block.writeDoubleLE(block.readDoubleLE(at) - 60_000, at);
  });
  const { findings } = await checkDerived(store, { sequence, segmentEvents });
  expect(findings).toEqual([
    {
      sequence: 5,
      message: expect.stringMatching(`^${derived} .*events 5 to 8 were changed`) as unknown,
    },
  ]);
});

test("another ledger's file of derived data is a finding that names the file", async () => {
  const { store, derived, sequence } = await ledger("n1");
  const other = await ledger("n2");
  copyFileSync(other.derived, derived);
  const { findings } = await checkDerived(store, { sequence, segmentEvents });
  expect(findings).toMatchObject([{ message: expect.stringContaining(derived) as unknown }]);
});

test("verify reports on the file of derived data if there is one", async () => {
  const { store, derived } = await ledger("n1");
  const lines = async () => (await verifyStore(store, { verifier })).lines.map(({ what }) => what);
  appendFileSync(derived, "rubbish that a crash left");
  expect(await lines()).toContain("derived file");
  rmSync(derived);
  expect(await lines()).not.toContain("derived file");
});
