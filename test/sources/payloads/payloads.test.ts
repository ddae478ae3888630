/** Payloads of the field give the events that were worked out for them by hand. */
import { describe, expect, test } from "vitest";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { checkedEvents } from "./conformance.ts";
import { cases, clock, factsAfter, hasPayloads } from "./deliveries.ts";

describe.skipIf(!hasPayloads).each(cases)("%s", (_name, folder, expected) => {
  test("each delivery is answered as expected, and the ledger has the expected events", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    expect(await checkedEvents(expected, folder, async () => ledger)).toBe(expected.events.length);
  });

  test.runIf(expected.figures !== undefined)("the faults are those expected", async () => {
    const facts = await factsAfter(
      expected,
      folder,
      expected.deliveries.map(({ file }) => file),
    );
    expect(facts.filter(({ kind }) => kind === "fault").map(({ from, to }) => [from, to])).toEqual(
      expected.figures?.faults,
    );
  });
});
