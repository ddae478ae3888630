import { describe, expect, it } from "vitest";
import { assertNever, at } from "../../projections/arithmetic/invariants.ts";

describe("the element at an index", () => {
  it("is returned if it exists, even if it is zero", () => {
    expect([at([7, 0], 0), at([7, 0], 1), at(Float64Array.of(0), 0)]).toEqual([7, 0, 0]);
  });

  it.each([-1, 2, 0.5, Number.NaN])("throws for the index %s of a list of two", (index) => {
    expect(() => at([7, 8], index)).toThrow(RangeError);
    expect(() => at(Uint32Array.of(7, 8), index)).toThrow(/is outside a list of 2 elements/);
  });
});

it("a value that no case of a switch covers throws, and is named", () => {
  expect(() => assertNever("later" as never, "order")).toThrow('unknown order: "later"');
});
