import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesOfPart, parseHostlist } from "../../projections/nodes/hostlist.ts";
import { countNodes } from "../../projections/nodes/node-count.ts";
import { countHostlist } from "../../src/events/fields/hostlist-form.ts";
import { expandNodes } from "../oracle/facts/hostlist.ts";
import { soakRuns } from "../random-runs.ts";

const number = fc
  .nat(130)
  .chain((value) => fc.constantFrom(String(value), String(value).padStart(3, "0")));
const range = fc.oneof(
  number,
  fc
    .tuple(number, fc.nat(12))
    .map(([low, more]) => `${low}-${String(Number(low) + more).padStart(low.length, "0")}`),
);
const group = fc.array(range, { minLength: 1, maxLength: 3 }).map((list) => `[${list.join(",")}]`);
/** Few letters, digits among them: most lists say some names twice, or in two ways. */
const text = fc.constantFrom("n", "1", "11", "-");
const part = fc
  .array(fc.oneof(group, text), { minLength: 1, maxLength: 3 })
  .map((all) => all.join(""));
const expression = fc.array(part, { minLength: 1, maxLength: 3 }).map((all) => all.join(","));
const list = fc.array(expression, { minLength: 1, maxLength: 4 });

const namesOf = (one: string): string[] | undefined =>
  parseHostlist(one)?.flatMap((each) => [...namesOfPart(each)]);

describe("a node list", () => {
  it("is a set: its size is the number of distinct names, however they are written", () => {
    fc.assert(
      fc.property(list, (nodes) => {
        expect(countNodes(nodes), nodes.join(" ")).toBe(expandNodes(nodes).size);
      }),
      { numRuns: soakRuns(3_000, 1_000) },
    );
  });

  it("yields all its names, one by one", () => {
    fc.assert(
      fc.property(expression, (nodes) => {
        expect(new Set(namesOf(nodes))).toEqual(expandNodes([nodes]));
      }),
      { numRuns: soakRuns(1_000, 400) },
    );
  });

  it("counts a name that it contains in two spellings once", () => {
    expect(countNodes(["n[1-11][1-11]"])).toBe(120);
    expect(countNodes(["n[1-3]", "n2", "n4"])).toBe(4);
    expect(countNodes(["a,b[1-2],a", "b2"])).toBe(3);
    expect(countNodes([])).toBe(0);
  });

  it("expands ranges with the width of their first number", () => {
    expect(namesOf("gpu[0001-0003,0200]")).toEqual(["gpu0001", "gpu0002", "gpu0003", "gpu0200"]);
    expect(namesOf("r[1-2]n[9-10]x")).toEqual(["r1n9x", "r1n10x", "r2n9x", "r2n10x"]);
    expect(namesOf("plain")).toEqual(["plain"]);
  });

  it("that is malformed counts as one name", () => {
    for (const malformed of ["a[2-1]", "a[1", "a,,b", "a]", "a[]", "a[1-]"]) {
      expect(parseHostlist(malformed), malformed).toBeNull();
      expect(countNodes([malformed])).toBe(1);
    }
  });

  it("counts numbers of any length exactly", () => {
    const nodes = "n[900719925474099200001-900719925474099200007]";
    expect(countNodes([nodes])).toBe(7);
    expect(countHostlist(nodes)).toBe(7);
    expect(countHostlist("n[900719925474099200001-900719925474099400001]")).toBeNull();
  });
});

describe("counting a node list", () => {
  it("does not generate the names: more of them than memory could hold are counted immediately", () => {
    const padded = Array.from({ length: 10 }, () => "[0000000-9999999]").join("");
    expect(countNodes([padded])).toBe(1e70);
    expect(countNodes(["n[0-99999999999]", "n[50000000000-150000000000]", "m1"])).toBe(
      150_000_000_002,
    );
    // Of the numbers up to eighteen digits, those of one digit cannot be cut in two.
    expect(countNodes(["[1-999999999][1-999999999]"])).toBeGreaterThan(1e17);
  });
});
