/** Payloads of the field give the same facts in any order and with any repetition. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { soakRuns } from "../../random-runs.ts";
import { cases, factsAfter, hasPayloads } from "./deliveries.ts";

test.skipIf(!hasPayloads).each(cases)(
  "%s: any order and repetition of the deliveries gives the same facts",
  async (_title, folder, expected) => {
    const delivered = expected.deliveries.map(({ file }) => file);
    const straight = await factsAfter(expected, folder, delivered);
    const files = [...new Set(delivered)];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(files, { minLength: files.length }),
        fc.array(fc.constantFrom(...files), { maxLength: 4 }),
        async (order, again) => {
          // Who tells ends without their start repeats them.
          const facts = await factsAfter(expected, folder, [...order, ...again, ...order]);
          expect(facts).toEqual(straight);
        },
      ),
      { numRuns: soakRuns(60, 2) },
    );
  },
);
