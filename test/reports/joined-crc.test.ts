import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinedCrc } from "../../src/reports/joined-crc.ts";
import { randomRuns } from "../random-runs.ts";

const bytes = fc.uint8Array({ maxLength: 3_000 });

test("the check sum of two texts behind each other is zlib's of both together", () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const both = Buffer.concat([first, second]);
      const joined = joinedCrc(crc32(first), crc32(second), second.length);
      expect(joined).toBe(crc32(both));
    }),
    { numRuns: randomRuns(500) },
  );
});

test("the second text may have millions of bytes", () => {
  const first = Buffer.from('"asOf":{"sequence":12');
  const second = Buffer.alloc(5_000_001, "late facts, and corrected ones. ");
  const joined = joinedCrc(crc32(first), crc32(second), second.length);
  expect(joined).toBe(crc32(second, crc32(first)));
});
