import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeCount, nodeSet } from "../../projections/hostlist.ts";
import { randomRuns } from "../random-runs.ts";

const number = fc
  .nat(130)
  .chain((value) => fc.constantFrom(String(value), String(value).padStart(3, "0")));
const range = fc.oneof(
  number,
  fc.tuple(number, number).map(([low, high]) => `${low}-${high}`),
);
const group = fc.array(range, { minLength: 1, maxLength: 4 }).map((list) => `[${list.join(",")}]`);
const expression = fc
  .array(fc.oneof(group, fc.constantFrom("n", "r1", "-", ",")), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(""));

test("the number of a list's nodes is that of its distinct names, however they are written", () => {
  fc.assert(
    fc.property(fc.array(expression, { minLength: 1, maxLength: 2 }), (nodes) => {
      expect(nodeCount(nodes), nodes.join(" ")).toBe(nodeSet(nodes).size);
    }),
    { numRuns: randomRuns(2_000) },
  );
});
