/** The sentences that tell a sender how to fix a finding. */
import { describe, expect, test } from "vitest";
import { findingKinds } from "../../projections/facts/finding.ts";
import { fixOf } from "../../src/answers/finding-fixes.ts";
import { isEventType } from "../../src/events/catalogue.ts";

describe.each(findingKinds)("the fix of a finding %s", (kind) => {
  test("says what is wrong, then what to do", () => {
    expect(fixOf(kind)).toMatch(/^[A-Z][^.]+\. (Give|Send|Correct|Use) [^.]+\.$/);
  });

  test("names only event types of the catalogue", () => {
    const named = fixOf(kind).match(/\b(Node|Job|Rollout|Nfz)[A-Z]\w+/g) ?? [];
    expect(named.filter((type) => !isEventType(type))).toEqual([]);
  });
});
