import { describe, expect, it } from "vitest";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { soakRuns } from "../random-runs.ts";
import { firstDifference } from "./facts/difference.ts";
import { OracleRefusal } from "./facts/oracle-event.ts";
import type { OracleEvent } from "./facts/oracle-event.ts";
import { oracleSlaDocument } from "./sla-oracle.ts";
import type { OracleRequest } from "./sla-oracle.ts";

const REFUSED = "refused";

/** The events of a history as the folds take them. */
function rawEvents(history: readonly OracleEvent[]): RawEvent[] {
  return history.map((event, index) => ({
    type: event.type,
    id: event.id,
    sequence: index + 1,
    occurredAt: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
    data: event.data,
  })) as unknown as RawEvent[];
}

function documentByOracle(history: readonly OracleEvent[], request: OracleRequest): unknown {
  try {
    return oracleSlaDocument(history, request);
  } catch (error) {
    if (error instanceof OracleRefusal) return REFUSED;
    throw error;
  }
}

function documentByProjections(history: readonly OracleEvent[], request: OracleRequest): unknown {
  const { cluster, asOf = history.length, ...period } = request;
  const view = plainClusterViewAt(rawEvents(history), cluster, asOf);
  try {
    return JSON.parse(JSON.stringify(slaDocument(view, period, firstZones)));
  } catch (error) {
    if (error instanceof RefusedRequest) return REFUSED;
    throw error;
  }
}

/** What a reader needs to follow a disagreement up; null if there is none. */
function disagreement(seed: number): object | null {
  const history = randomHistory(seed);
  const request = randomRequest(seed, history);
  const found = firstDifference(
    documentByOracle(history, request),
    documentByProjections(history, request),
  );
  return found && { seed, request, ...found };
}

describe("the projections and the oracle", () => {
  it("agree in every field of the SLA document on random histories", () => {
    const seeds = Array.from({ length: soakRuns(4_000, 300) }, (_, place) => place + 1);
    for (const seed of seeds) expect(disagreement(seed)).toBeNull();
  });

  it("refuse some of the requests, and answer most", () => {
    const answers = Array.from({ length: 100 }, (_, seed) => {
      const history = randomHistory(seed);
      return documentByOracle(history, randomRequest(seed, history));
    });
    const refused = answers.filter((answer) => answer === REFUSED).length;
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(50);
  });
});
