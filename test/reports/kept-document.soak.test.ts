/** A document that takes rows of the one before has the bytes of one that is made alone, however the history goes on. */
import { describe, expect, test } from "vitest";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { LedgerError } from "../../src/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { documentBytes } from "../../src/reports/kept-document.ts";
import type { KeptRows } from "../../src/reports/kept-rows.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import type { OracleRequest } from "../oracle/sla-oracle.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "../read-model/stored-history.ts";
import { take } from "../read-model/take.ts";

interface Counted {
  /** Rows that they kept, and those that stood in the kept document before. */
  rows: number;
  again: number;
}

/** From the first event on, as of any position. */
function windowThatGoesOn(history: readonly OracleEvent[]): OracleRequest {
  const first = history.map(({ occurredAt }) => occurredAt).sort()[0] ?? "";
  return { cluster: "c1", period: `${first}/9999-01-01T00:00:00Z`, zone: "UTC" };
}

/** A ledger as far as a document asks it. */
function ledgerOf(model: LiveModel, isPreserved: boolean, counted: Counted): Ledger {
  const ledger: Pick<Ledger, "view" | "timestampsPreserved" | "keptAnswer"> = {
    view: (cluster, sequence) => model.view(cluster, sequence),
    timestampsPreserved: () => isPreserved,
    keptAnswer: async (cluster, sequence, what) =>
      await model.keptAnswer(cluster, sequence, {
        ...what,
        *make(view, previous) {
          const made = yield* what.make(view, previous);
          count(counted, rowsIn(made), previous === null ? new Map() : rowsIn(previous));
          return made;
        },
      }),
  };
  return ledger as Ledger;
}

function rowsIn(written: unknown): KeptRows {
  return (written as { readonly rows: KeptRows }).rows;
}

function count(counted: Counted, rows: KeptRows, before: KeptRows): void {
  for (const [field, { texts }] of rows) {
    const known = new Set(before.get(field)?.texts);
    counted.rows += texts.length;
    counted.again += texts.filter((text) => known.has(text)).length;
  }
}

async function refusedOr<T>(make: () => T | Promise<T>): Promise<T | "refused"> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof RefusedRequest || error instanceof LedgerError) return "refused";
    throw error;
  }
}

describe("the document of a window that goes on", () => {
  test("has the bytes of the plain fold's at every position", async () => {
    const counted = { rows: 0, again: 0 };

    for (let seed = 1; seed <= soakRuns(300, 50); seed++) {
      const history = randomHistory(seed, { maxEvents: 90 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const model = new LiveModel({ maxKeptAnswerBytes: random.pick([0, 20_000, 1e9, 1e9]) });
      const isPreserved = random.chance(0.2);
      const ledger = ledgerOf(model, isPreserved, counted);
      const goesOn = windowThatGoesOn(history);
      const requests = [goesOn, goesOn, randomRequest(seed, history)];
      for (let head = 0; head < events.length;) {
        const next = Math.min(events.length, head + random.pick([1, 1, 1, 2, 10]));
        take(model, events.slice(head, next));
        head = next;
        const { cluster, period, zone } = random.pick(requests);
        const P = random.chance(0.9) ? head : random.between(1, head);
        const got = await refusedOr(async () => {
          const { plain } = await documentBytes(ledger, cluster, P, { period, zone });
          return Buffer.concat(plain).toString();
        });
        const wanted = await refusedOr(() => {
          const view = plainClusterViewAt(rawHistory(events), cluster, P);
          const document = slaDocument(view, { period, zone }, firstZones);
          return JSON.stringify({ ...document, ...(isPreserved && { recordedAtKept: true }) });
        });
        expect(got, `seed ${seed}, head ${head}, P ${P}`).toBe(wanted);
      }
    }
    // Otherwise it would be a test of nothing kept.
    expect(counted.again).toBeGreaterThan(counted.rows * 0.2);
  });
});
