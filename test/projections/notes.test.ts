/** Where nothing was there to be measured, the section says why. */
import { expect, test } from "vitest";
import type { RawEvent } from "../../projections/effective-facts.ts";
import { plainClusterViewAt } from "../../projections/plain-cluster-view.ts";
import { RefusedRequest } from "../../projections/refused-request.ts";
import { slaDocument } from "../../projections/sla-document.ts";
import { pinnedZones } from "../../src/time/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomRuns } from "../random-runs.ts";

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
    return slaDocument(plainClusterViewAt(events, cluster, events.length), request, pinnedZones);
  } catch (error) {
    if (error instanceof RefusedRequest) return null;
    throw error;
  }
}
