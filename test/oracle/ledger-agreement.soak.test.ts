import { expect, it } from "vitest";
import { knownCluster } from "../../src/answers/known-cluster.ts";
import { slaDocumentOf } from "../../src/reports/figures.ts";
import { isLedgerError } from "../../src/errors.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Submission } from "../../src/ledger/append/submission.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { soakRuns } from "../random-runs.ts";
import { firstDifference } from "./facts/difference.ts";
import { OracleRefusal } from "./facts/oracle-event.ts";
import type { OracleData, OracleEvent } from "./facts/oracle-event.ts";
import { oracleSlaDocument } from "./sla-oracle.ts";
import type { OracleRequest } from "./sla-oracle.ts";

const REFUSED = "refused";
const REQUESTS = 8;

/** Recorded times that never go back, as a ledger keeps them. */
function recordedInOrder(history: readonly OracleEvent[]): OracleEvent[] {
  let latest = "";
  return history.map((event) => {
    if (event.recordedAt > latest) latest = event.recordedAt;
    return { ...event, recordedAt: latest };
  });
}

/** The same instant as some senders write it: in another zone, with digits past the millisecond. */
function otherwise(instant: string, place: number): string {
  if (place % 3 === 0) return instant;
  if (place % 3 === 1) return instant.replace("Z", "9+00:00");
  const ahead = new Date(Date.parse(instant) + 5.5 * 3_600_000).toISOString();
  return ahead.replace("T", "t").replace("Z", "+05:30");
}

/** An event as a line of an import, in the form that its place gives it. */
function line(event: OracleEvent, place: number): object {
  const { eventId } = event.data;
  const shout = (id: string): string => (place % 2 === 0 ? id.toUpperCase() : id);
  return {
    ...event,
    id: shout(event.id),
    occurredAt: otherwise(event.occurredAt, place),
    data: {
      ...inOtherForm(event.data, place),
      ...(eventId === undefined ? {} : { eventId: shout(eventId) }),
    },
  };
}

function inOtherForm(data: OracleData, place: number): OracleData {
  const texts = ["occurredAt", "plannedFrom", "plannedTo", "occurrence", "to"] as const;
  const changed = texts.flatMap((key) => {
    const text = data[key];
    return text === undefined ? [] : [[key, otherwise(text, place)]];
  });
  const inner = data.data === undefined ? {} : { data: inOtherForm(data.data, place + 1) };
  return { ...data, ...(Object.fromEntries(changed) as OracleData), ...inner };
}

function byOracle(history: readonly OracleEvent[], request: OracleRequest): unknown {
  try {
    return oracleSlaDocument(history, request);
  } catch (error) {
    if (error instanceof OracleRefusal) return REFUSED;
    throw error;
  }
}

function byLedger(ledger: Ledger, { cluster, asOf, ...period }: OracleRequest): unknown {
  try {
    const view = knownCluster(ledger, cluster, asOf ?? ledger.sequence());
    return JSON.parse(JSON.stringify(slaDocumentOf(view, period)));
  } catch (error) {
    if (error instanceof RefusedRequest || isLedgerError(error)) return REFUSED;
    throw error;
  }
}

function refusalOf(outcome: Submission): string | null {
  return outcome.status === "refused" ? outcome.error.message : null;
}

/** Random events may contradict themselves, and are not in the ledger then; nor is what corrects them. */
function isUnexpected(refusal: string | null): boolean {
  return (
    refusal !== null &&
    !/contradicts itself|is impossible|does not name an earlier event/.test(refusal)
  );
}

it("a ledger fed in the order of senders agrees with the oracle in every field", async () => {
  let [taken, refused] = [0, 0];
  for (let seed = 500_001; seed <= 500_000 + soakRuns(40, 12); seed++) {
    const sent = recordedInOrder(randomHistory(seed));
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const outcomes = await ledger.submit(sent.map(line), { preserveTimestamps: true });
    expect(outcomes.map(refusalOf).filter(isUnexpected), `seed ${seed}`).toEqual([]);
    const history = sent.filter((_, i) => outcomes[i]?.status === "appended");
    await ledger.waitFor(history.length, 600_000);
    taken += history.length;
    refused += sent.length - history.length;
    for (let n = 0; n < REQUESTS; n++) {
      const request = randomRequest(seed * REQUESTS + n, history);
      const found = firstDifference(byOracle(history, request), byLedger(ledger, request));
      expect(found, `seed ${seed}: ${JSON.stringify(request)}`).toBeNull();
    }
  }
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(taken / 4);
});
