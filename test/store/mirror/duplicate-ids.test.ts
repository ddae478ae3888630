/** The reckoning between the revisions of a stream in the store and in the ledger. */
import fc from "fast-check";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DuplicateIds } from "../../../src/store/mirror/duplicate-ids.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { freshFolder } from "../../kurrentdb/ledger-on-server.ts";
import { randomRuns } from "../../random-runs.ts";

/** A stream of the store, record by record: whether each has a duplicate id. */
const stream = fc.array(fc.boolean(), { maxLength: 30 });

function noted(records: readonly boolean[]): DuplicateIds {
  const duplicateIds = new DuplicateIds();
  for (const [revision, isDuplicate] of records.entries()) {
    if (isDuplicate) duplicateIds.note("s", BigInt(revision));
  }
  return duplicateIds;
}

test("an event's revision in the ledger does not count earlier records with duplicate ids", () => {
  fc.assert(
    fc.property(stream, (records) => {
      const duplicateIds = noted(records);
      let ledger = 0n;
      for (const [revision, isDuplicate] of records.entries()) {
        if (isDuplicate) continue;
        expect(duplicateIds.ledgerRevision("s", BigInt(revision))).toBe(ledger);
        expect(duplicateIds.storeRevision("s", ledger)).toBe(BigInt(revision));
        ledger++;
      }
      expect(duplicateIds.ledgerRevision("t", 7n)).toBe(7n);
    }),
    { numRuns: randomRuns(200) },
  );
});

test("an append goes after the records with duplicate ids that follow the ledger's last event", () => {
  fc.assert(
    fc.property(stream, (records) => {
      const last = BigInt(records.filter((isDuplicate) => !isDuplicate).length) - 1n;
      const end = BigInt(records.length) - 1n;
      expect(noted(records).lastBeforeNext("s", last)).toBe(end);
      expect(noted(records).expected("s", last < 0n ? "no-stream" : last)).toBe(
        end < 0n ? "no-stream" : end,
      );
    }),
    { numRuns: randomRuns(200) },
  );
});

test("noted duplicates are read back from the mirror's file, and can be removed", async () => {
  const path = join(freshFolder(), "mirror.sqlite");
  const store = await openEmbeddedStore({ path, mode: "write", isDerived: true });
  const duplicateIds = new DuplicateIds();
  for (const [name, revision] of [
    ["node:a b\nc", 3n],
    ["node:a b\nc", 4n],
    ["other", 0n],
  ] as const) {
    store.takeWhole([], duplicateIds.note(name, revision));
  }
  const again = await DuplicateIds.load(store);
  expect(again.count).toBe(3);
  expect(again.storeRevision("node:a b\nc", 3n)).toBe(5n);
  again.truncate(1);
  expect([again.count, again.storeRevision("node:a b\nc", 3n)]).toEqual([1, 4n]);
  expect(again.storeRevision("other", 0n)).toBe(0n);
  await store.setMark("mirror-duplicate-ids-2", "nothing");
  await expect(DuplicateIds.load(store)).rejects.toMatchObject({ code: "corrupt-event" });
  await store.close();
});
