import fc from "fast-check";
import { expect, test } from "vitest";
import { globFits } from "../../../src/sources/config/glob.ts";

test.each([
  ["GpuXid", "gpuxid", true],
  ["GpuXid", "GpuXid2", false],
  ["Gpu*", "GPU", true],
  ["*xid*", "an XID 79 of gpu 3", true],
  ["*.example.com", "n1.example.com", true],
  ["*.example.com", "n1xexample.com", false],
  ["a*b*c", "a c b", false],
  ["a*a", "a", false],
  ["*", "", true],
  ["", "", true],
  ["", "x", false],
  ["[a-z]?", "[a-z]?", true],
])("%j fits %j: %s", (glob, text, fits) => {
  expect(globFits(glob, text)).toBe(fits);
});

test("a glob fits what a regular expression of it fits, over few letters", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const plain = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
  fc.assert(
    fc.property(letters, plain, (glob, text) => {
      expect(globFits(glob, text)).toBe(new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(text));
    }),
    { numRuns: 3_000 },
  );
});

test("a glob of many stars against a long text that does not fit looks at each character a few times only", () => {
  const text = `${"a".repeat(200_000)}c`;
  expect(globFits(`${"a*".repeat(100)}b`, text)).toBe(false);
});
