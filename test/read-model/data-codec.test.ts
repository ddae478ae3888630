import fc from "fast-check";
import { expect, test } from "vitest";
import { DataReader, DataWriter } from "../../src/read-model/columns/data-codec.ts";
import { randomRuns } from "../random-runs.ts";

/** As JSON has it: -0 is 0 there, so that it is compared by more than its text. */
const data = fc.dictionary(
  fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("cluster", "faultId", "codes", "at")),
  fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom<unknown>(-0, 2 ** 53 - 1, -(2 ** 53), 1.5, 127, 128, 16_384, -1, 1e300),
    fc.string({ unit: "binary", maxLength: 300 }),
  ),
  { noNullPrototype: true },
);

test("what is written is read back the same, in any number and order", () => {
  fc.assert(
    fc.property(fc.array(data, { maxLength: 20 }), (list) => {
      const writer = new DataWriter(1);
      const places = list.map((each) => {
        const place = writer.length;
        writer.write(each);
        return place;
      });
      const reader = new DataReader(writer.bytes, writer);
      for (const [i, each] of [...list.entries()].reverse()) {
        const back = reader.read(places[i] ?? 0);
        expect(back).toStrictEqual(each);
        expect(JSON.stringify(back)).toBe(JSON.stringify(each));
      }
    }),
    { numRuns: randomRuns(500) },
  );
});

test("bytes that end within a value are refused", () => {
  const writer = new DataWriter();
  writer.write({ cluster: "c1", count: 300 });
  for (let end = 0; end < writer.length; end++) {
    const reader = new DataReader(Buffer.from(writer.bytes.subarray(0, end)), writer);
    expect(() => reader.read(0)).toThrow(RangeError);
  }
});
