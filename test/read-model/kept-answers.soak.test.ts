/** Kept answers are those of the plain fold, whatever arrives: late facts, corrections, retractions. */
import { describe, expect, test } from "vitest";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { ClusterView } from "../../projections/view.ts";
import type { Keepable } from "../../src/read-model/live/kept-answers.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { termsOf } from "../../src/reports/figures.ts";
import { oneStep } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import type { OracleRequest } from "../oracle/sla-oracle.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { take } from "./take.ts";

/** The document without its position. */
function textOf(view: ClusterView, { period, zone }: OracleRequest): string {
  const document = slaDocument(view, { period, zone }, firstZones);
  return JSON.stringify({ ...document, asOf: null });
}

function refusedOr<T>(make: () => T): T | "refused" {
  try {
    return make();
  } catch (error) {
    if (error instanceof RefusedRequest) return "refused";
    throw error;
  }
}

const quarterMs = 100 * 86_400_000;

/** From some event on, all are recorded a quarter later: what they tell of is over. */
function toldLate(events: readonly StoredEvent[], from: number): StoredEvent[] {
  const first = Math.floor(from * events.length);
  return events.map((event, i) =>
    i < first ? event : { ...event, recordedAt: event.recordedAt + quarterMs },
  );
}

/** Nodes are lost and seen again, long after everything else: most windows see nothing of it. */
function quietEnd(history: readonly OracleEvent[], count: number): OracleEvent[] {
  const nodes = history.filter(({ type }) => type === "NodeCommissioned");
  const last = Math.max(...history.flatMap((e) => [e.occurredAt, e.recordedAt]).map(Date.parse));
  const end = Number.isFinite(last) ? last + quarterMs : 0;
  return Array.from({ length: nodes.length === 0 ? 0 : count }, (_, i): OracleEvent => {
    const { cluster, node } = nodes[i % nodes.length]?.data ?? {};
    const at = new Date(end + i * 60_000).toISOString();
    return {
      id: `99999999-0000-4000-8000-${String(1e11 + i)}`,
      type:
        i % (2 * nodes.length) < nodes.length ? "NodeObservationLost" : "NodeObservationRestored",
      occurredAt: at,
      recordedAt: at,
      data: { cluster, node } as OracleEvent["data"],
    };
  });
}

/** The document as an answer that may be kept; counts how often it is computed. */
function keepable(request: OracleRequest, counted: { made: number }): Keepable<string> {
  const { period, zone } = request;
  return {
    key: JSON.stringify([period, zone]),
    terms: (view) => termsOf(view, { period, zone }),
    make: (view) =>
      oneStep(() => {
        const text = textOf(view, request);
        counted.made++;
        return text;
      }),
    bytesOf: (text) => text.length,
  };
}

describe("a kept document", () => {
  test("is the plain fold's at every position, however the history goes on", async () => {
    const counted = { made: 0 };
    let asked = 0;
    for (let seed = 1; seed <= soakRuns(200, 40); seed++) {
      const history = randomHistory(seed, { maxEvents: 90 });
      const random = randomSource(seed);
      const told = [...history, ...quietEnd(history, random.between(0, 40))];
      const events = toldLate(storedHistory(told), random.pick([0.1, 0.3, 0.6, 1]));
      const raw = rawHistory(events);
      const model = new LiveModel({
        factsPerState: random.pick([1, 2, 5]),
        maxKeptTimelineBytes: random.pick([0, 4_000, 1e9]),
        maxKeptAnswerBytes: random.pick([20_000, 1e9]),
      });
      const requests = Array.from({ length: 3 }, (_, i) => randomRequest(3 * seed + i, history));
      for (let head = 0; head < events.length;) {
        const step = head < history.length ? random.pick([1, 1, 2, 10]) : 1;
        const next = Math.min(events.length, head + step);
        take(model, events.slice(head, next));
        head = next;
        const request = random.pick(requests);
        const isQuiet = head > history.length;
        const P = isQuiet || random.pick([true, true, false]) ? head : random.between(1, head);
        const plain = plainClusterViewAt(raw, request.cluster, P);
        const wanted = refusedOr(() => textOf(plain, request));
        const what = keepable(request, counted);
        const answer = model.keptAnswer(request.cluster, P, what);
        const got = await answer.catch((error: unknown) => {
          if (error instanceof RefusedRequest) return "refused";
          throw error;
        });
        expect(got, `seed ${seed}, head ${head}, P ${P}`).toBe(wanted);
        if (wanted !== "refused") asked++;
      }
    }
    // Otherwise it would be a test of nothing kept.
    expect(counted.made).toBeLessThan(asked * 0.8);
  });
});
