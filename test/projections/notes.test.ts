/** Where nothing was there to be measured, the section says why. */
import { describe, expect, test } from "vitest";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { plainClusterViewAt } from "./plain-view-at.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomRuns } from "../random-runs.ts";
import { History } from "./history.ts";

const sections = ["nis", "mttr", "jobUptime", "rollouts"] as const;

function nullsIn(value: unknown, path: string): string[] {
  if (value === null) return [path];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => nullsIn(inner, `${path}.${name}`));
}

test("a section with any figure that is null has a note", () => {
  let nulls = 0;
  const unexplained = new Set<string>();
  for (let seed = 1; seed <= randomRuns(1_000); seed++) {
    const history = randomHistory(seed);
    const { cluster, ...request } = randomRequest(seed, history);
    const events = history.map((event, i) => ({
      ...event,
      sequence: i + 1,
      occurredAt: Date.parse(event.occurredAt),
      recordedAt: Date.parse(event.recordedAt),
    })) as unknown as RawEvent[];
    const document = documentOf(events, cluster, request);
    for (const section of sections) {
      const found = document === null ? [] : nullsIn(document[section], section);
      nulls += found.length;
      if (document?.[section].note === undefined) for (const path of found) unexplained.add(path);
    }
  }
  expect([...unexplained]).toEqual([]);
  expect(nulls).toBeGreaterThan(100);
});

function documentOf(events: RawEvent[], cluster: string, request: { readonly period: string }) {
  try {
    return slaDocument(plainClusterViewAt(events, cluster, events.length), request, firstZones);
  } catch (error) {
    if (error instanceof RefusedRequest) return null;
    throw error;
  }
}

describe("if faults were closed but no outage of a node ended, the note says why:", () => {
  /** A node with faults, each by the hours of its failure and of its return; the period is ten hours. */
  const noteOf = (...faults: readonly (readonly [number, number])[]): string | undefined => {
    const history = new History();
    history.add("NodeCommissioned", 0, { node: "a" });
    for (const [i, [from, to]] of faults.entries()) {
      history.add("NodeFailed", from, { node: "a", faultId: `f${i}`, category: "hardware" });
      history.add("NodeReturned", to, { node: "a", faultIds: [`f${i}`] });
    }
    history.reach(40);
    return history.report(0, 10).mttr.note;
  };

  test("each fault had no duration", () => {
    expect(noteOf([2, 2], [3, 3])).toBe(
      "No outage of a node ended in the period: every fault that was closed lasted no time.",
    );
  });

  test("another fault was open each time", () => {
    expect(noteOf([2, 4], [3, 20])).toBe(
      "No outage of a node ended in the period: another fault was open each time.",
    );
  });

  test("one fault had no duration, and another was open when the other ended", () => {
    expect(noteOf([1, 1], [2, 4], [3, 20])).toBe(
      "No outage of a node ended in the period: a fault that was closed lasted no time, or another one was still open.",
    );
  });

  test("nothing, if an outage ended", () => {
    expect(noteOf([2, 2], [3, 4])).toBeUndefined();
  });
});
