import { describe, expect, test } from "vitest";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import type { OracleRequest } from "../oracle/sla-oracle.ts";
import { soakRuns } from "../random-runs.ts";
import type { Served } from "../verify/served-history.ts";
import { served } from "../verify/served-history.ts";

function addressOf({ cluster, period, zone }: OracleRequest, asOf?: number): string {
  const parameters = new URLSearchParams({ cluster, period });
  if (zone !== undefined) parameters.set("zone", zone);
  if (asOf !== undefined) parameters.set("asOf", String(asOf));
  return `/v1/sla?${parameters.toString()}`;
}

/** The answer, without what names the request. */
async function answer({ app }: Served, url: string): Promise<string> {
  const { statusCode, body } = await app.inject({ url });
  return statusCode === 200 ? body : `${statusCode} ${String(JSON.parse(body).detail)}`;
}

describe("as of an earlier position,", () => {
  test("a ledger answers, byte for byte, like one that has only the events up to it", async () => {
    let documents = 0;
    for (let seed = 1; seed <= soakRuns(25, 8); seed++) {
      const history = randomHistory(seed);
      await using full = await served(history);
      if (full.head === 0) continue;
      const random = randomSource(seed);
      const P = random.between(1, full.head);
      // What was refused took no sequence: the beginning is that of what is stored.
      await using first = await servedBeginning(full, P);
      expect(first.head).toBe(P);
      for (let i = 0; i < 6; i++) {
        const request = randomRequest(seed * 100 + i, history);
        const asOf = await answer(full, addressOf(request, P));
        expect({ seed, request, text: asOf }).toEqual({
          seed,
          request,
          text: await answer(first, addressOf(request)),
        });
        if (asOf.startsWith("{")) documents++;
      }
    }
    expect(documents).toBeGreaterThan(soakRuns(25, 8) / 5);
  });
});

async function servedBeginning(full: Served, P: number): Promise<Served> {
  const { body } = await full.app.inject({ url: `/v1/events?asOf=${P}&limit=1000` });
  const stored = (JSON.parse(body) as { events: Record<string, unknown>[] }).events;
  const sent = stored.map(({ sequence: _s, stream: _t, revision: _r, ...event }) => event);
  return await served(sent as unknown as OracleEvent[]);
}

/** Corrections stay behind what they name, and behind earlier ones of the same; all else comes as it may. */
function shuffledKeepingCorrections(
  history: readonly OracleEvent[],
  seed: number,
): readonly OracleEvent[] {
  const isAmendment = ({ type }: OracleEvent) =>
    type === "FactCorrected" || type === "FactRetracted";
  const random = randomSource(seed);
  const facts = random.shuffled(history.filter((event) => !isAmendment(event)));
  const result = [...facts];
  for (const touch of history.filter(isAmendment)) {
    const { eventId } = touch.data;
    const last = result.findLastIndex(({ id, data }) => id === eventId || data.eventId === eventId);
    result.splice(random.between(last + 1, result.length), 0, touch);
  }
  return result;
}

describe("the order of arrival", () => {
  test("changes no figure, if corrections come after their targets and in their order", () => {
    let documents = 0;
    for (let seed = 1; seed <= soakRuns(400, 100); seed++) {
      const history = randomHistory(seed).filter(namesWhatIsBefore);
      const { asOf: _, ...request } = randomRequest(seed, history);
      const shuffled = shuffledKeepingCorrections(history, seed);
      const text = documentText(history, request);
      expect({ seed, text: documentText(shuffled, request) }).toEqual({ seed, text });
      if (text.startsWith("{")) documents++;
    }
    expect(documents).toBeGreaterThan(soakRuns(400, 100) / 4);
  });
});

function namesWhatIsBefore(
  event: OracleEvent,
  place: number,
  history: readonly OracleEvent[],
): boolean {
  const { eventId } = event.data;
  if (event.type !== "FactCorrected" && event.type !== "FactRetracted") return true;
  return history.slice(0, place).some(({ id }) => id === eventId);
}

/** The recorded times stay those of each event: notice is counted by them, by design. */
function documentText(history: readonly OracleEvent[], request: OracleRequest): string {
  const events = history.map((event, index) => ({
    ...event,
    sequence: index + 1,
    occurredAt: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
  })) as unknown as RawEvent[];
  const { cluster, ...period } = request;
  try {
    return JSON.stringify(
      slaDocument(plainClusterViewAt(events, cluster, events.length), period, firstZones),
    );
  } catch (error) {
    if (error instanceof RefusedRequest) return error.code;
    throw error;
  }
}
