/** A bundle with all that a bundle can hold, in which no byte can be changed unseen. */
import { expect, test } from "vitest";
import { missedChange } from "./changed-bytes.ts";

test("verify finds every changed byte of a bundle with reports, corrections and seals", async () => {
  expect(
    await missedChange({ nodes: ["n1"] }, ["ReportIssued", "FactCorrected", "LedgerSealed"]),
  ).toBeNull();
});
