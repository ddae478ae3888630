import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkEvent } from "../../src/events/check/check.ts";
import { LedgerError } from "../../src/errors.ts";
import { contradictory, contradictoryEvent } from "./contradictory-events.ts";

const nowMs = Date.parse("2026-06-01T00:00:00.000Z");

function refusalOf(input: unknown): LedgerError | null {
  const checked = checkEvent(input, { nowMs });
  return checked instanceof LedgerError ? checked : null;
}

/** The frozen example of a type, with other data. */
function exampleWith(type: string, changes: object): object {
  const file = new URL(`golden/${type}.v1.json`, import.meta.url);
  const sent = JSON.parse(readFileSync(file, "utf8")).sent as { data: object };
  return { ...sent, data: { ...sent.data, ...changes } };
}

describe("an event that contradicts itself is refused, with both members named", () => {
  test.each(contradictory)("$what", (each) => {
    const refusal = refusalOf(contradictoryEvent(each, 1));
    expect(refusal?.code).toBe("invalid-event");
    expect(refusal?.errors.map(({ path }) => path)).toEqual(each.paths);
    expect(refusal?.message).toContain(each.says);
  });

  test("with every contradiction named, not only the first", () => {
    const from = "2026-03-01T10:00:00Z";
    const recurrence = { rrule: "", start: "2026-03-01T10:00", zone: "UTC", durationMs: 0 };
    const input = exampleWith("NfzDeclared", {
      occurrences: [{ from, to: from }],
      recurrence: { ...recurrence, rrule: "FREQ=NEVER" },
    });
    expect(refusalOf(input)?.errors.map(({ path }) => path)).toEqual([
      "/data/occurrences/0/to",
      "/data/occurrences/0/from",
      "/data/recurrence/rrule",
      "/data/recurrence/durationMs",
    ]);
  });
});

describe("data that only look like a contradiction are accepted:", () => {
  test.each([
    [
      "an occurrence of a millisecond",
      "NfzDeclared",
      { occurrences: [{ from: "2026-03-01T10:00:00.000Z", to: "2026-03-01T10:00:00.001Z" }] },
    ],
    [
      "an end that is later in another zone",
      "NodeMaintenanceAnnounced",
      { plannedFrom: "2026-03-01T10:00:00+02:00", plannedTo: "2026-03-01T09:00:00Z" },
    ],
    [
      "occurrences that touch and overlap",
      "NfzDeclared",
      {
        occurrences: [
          { from: "2026-03-01T10:00:00Z", to: "2026-03-01T12:00:00Z" },
          { from: "2026-03-01T11:00:00Z", to: "2026-03-01T12:00:00Z" },
          { from: "2026-03-01T12:00:00Z", to: "2026-03-01T13:00:00Z" },
        ],
      },
    ],
    ["a rollout of which every node is done", "RolloutProgressed", { nodesDone: 4, nodesTotal: 4 }],
    [
      "an occurrence that is shortened to nothing, which skips it",
      "NfzShortened",
      { occurrence: "2026-03-01T10:00:00Z", to: "2026-03-01T10:00:00Z" },
    ],
    [
      "an occurrence that is extended to its start, which leaves it nothing",
      "NfzExtended",
      { occurrence: "2026-03-01T10:00:00Z", to: "2026-03-01T11:00:00+01:00" },
    ],
    [
      "a recurrence that starts at a second",
      "NfzDeclared",
      {
        recurrence: {
          rrule: "FREQ=DAILY",
          start: "2026-03-01T10:00:01",
          zone: "UTC",
          durationMs: 60_000,
        },
      },
    ],
  ] as const)("%s", (_, type, changes) => {
    expect(refusalOf(exampleWith(type, changes))).toBeNull();
  });

  test("an override that expires at the instant at which it begins", () => {
    const input = exampleWith("RolloutOverrideGranted", { expiresAt: "2026-03-01T10:00:00Z" });
    expect(refusalOf({ ...input, occurredAt: "2026-03-01T10:00:00Z" })).toBeNull();
    expect(refusalOf({ ...input, occurredAt: "2026-03-01T10:00:00.001Z" })).not.toBeNull();
  });
});

test("the nil UUID is not an event's id, and the refusal says what to do", () => {
  const nil = "00000000-0000-0000-0000-000000000000";
  const refusal = refusalOf({ ...exampleWith("NodeDecommissioned", {}), id: nil });
  expect(refusal?.errors).toEqual([
    {
      path: "/id",
      message: `must not be ${nil}, the nil UUID, which identifies nothing; use a new UUID for each event`,
    },
  ]);
});
