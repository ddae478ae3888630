import fc from "fast-check";
import { expect, test } from "vitest";
import { StreamRevisions } from "../../../src/store/sqlite/rows/stream-revisions.ts";
import { randomRuns } from "../../random-runs.ts";

test("the cache always agrees with the rows, however few streams it may keep", () => {
  const step = fc.record({ stream: fc.nat(12).map(String), append: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 10 }),
      (steps, max) => {
        const rows = new Map<string, number>();
        const revisions = new StreamRevisions(max, (stream) => rows.get(stream) ?? -1);
        for (const { stream, append } of steps) {
          const last = rows.get(stream) ?? -1;
          expect(revisions.last(stream)).toBe(last);
          if (!append) continue;
          rows.set(stream, last + 1);
          revisions.set(stream, last + 1);
        }
      },
    ),
    { numRuns: randomRuns(200) },
  );
});

test("the cache reads a stream's rows only once as long as there is room", () => {
  let reads = 0;
  const revisions = new StreamRevisions(100, () => {
    reads++;
    return 3;
  });
  for (let turn = 0; turn < 5; turn++) revisions.last("a");
  expect(reads).toBe(1);
  revisions.clear();
  expect(revisions.last("a")).toBe(3);
  expect(reads).toBe(2);
});
