/** No figure depends on who said it: a decision counts as the same fact reported. */
import { expect, it } from "vitest";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import { type SlaDocument, slaDocument } from "../../../projections/document/sla-document.ts";
import { type EventType, mayBeDecided } from "../../../src/events/catalogue.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { randomRequest } from "../../histories/random-request.ts";
import { begin, dayMs, hourMs, iso, zones } from "../../projections/history.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { randomRuns } from "../../random-runs.ts";
import { runWorld } from "./run-world.ts";

function documentOf(
  events: readonly RawEvent[],
  cluster: string,
  request: Parameters<typeof slaDocument>[1],
): SlaDocument | null {
  try {
    return slaDocument(plainClusterViewAt(events, cluster, events.length), request, zones);
  } catch (error) {
    if (error instanceof RefusedRequest) return null;
    throw error;
  }
}

function withoutDecisions(events: readonly RawEvent[]): RawEvent[] {
  return events.map((event) => ({ ...event, attribution: {} }));
}

it("a history with decisions gives the documents of the same facts without them", () => {
  let documents = 0;
  let decisions = 0;
  for (let seed = 1; seed <= randomRuns(400); seed++) {
    const history = randomHistory(seed);
    const { cluster, asOf: _all, ...request } = randomRequest(seed, history);
    const events = history.map((event, index) => {
      const isDecision = mayBeDecided(event.type as EventType) && index % 3 > 0;
      if (isDecision) decisions++;
      const decision = { command: "start", sequence: index };
      return {
        ...event,
        sequence: index + 1,
        occurredAt: Date.parse(event.occurredAt),
        recordedAt: Date.parse(event.recordedAt),
        attribution: isDecision ? { decision } : {},
      };
    }) as unknown as RawEvent[];
    const document = documentOf(events, cluster, request);
    expect(document, `history ${seed}`).toEqual(
      documentOf(withoutDecisions(events), cluster, request),
    );
    if (document !== null) documents++;
  }
  expect(Math.min(documents, decisions)).toBeGreaterThan(100);
});

it("a world of asks, refusals and sweeps gives the documents of a deploy system that reports the same", () => {
  let documents = 0;
  for (let seed = 1; seed <= randomRuns(200); seed++) {
    const { events } = runWorld(seed).store;
    const request = { period: `${iso(begin - dayMs)}/${iso(begin + 6 * hourMs)}` };
    const document = documentOf(events, "c", request);
    expect(document, `world ${seed}`).toEqual(documentOf(withoutDecisions(events), "c", request));
    if (document !== null && document.rollouts.blocked.length > 0) documents++;
  }
  expect(documents).toBeGreaterThan(10);
});
