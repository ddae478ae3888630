/** What a restated report says when nothing came that matters to it. */
import { describe, expect, test } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import { soakRuns } from "../random-runs.ts";
import { served } from "../verify/served-history.ts";

/** The same facts of another cluster, as a sender states them. */
function elsewhere(history: readonly OracleEvent[]): object[] {
  return history.map((event) => {
    const { recordedAt: _, ...stated } = event;
    const text = JSON.stringify(stated);
    return JSON.parse(text.replaceAll(/"cluster":"[^"]*"/g, '"cluster":"elsewhere"')) as object;
  });
}

/** Submits what is taken of the facts; gives how many were. */
async function append(ledger: Ledger, facts: readonly object[]): Promise<number> {
  const outcomes = await ledger.submit(facts);
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  return outcomes.filter(({ status }) => status === "appended").length;
}

describe("a restated report of a finished period", () => {
  test("has no difference after facts about other clusters, whatever they are", async () => {
    let restated = 0;
    for (let seed = 1; seed <= soakRuns(30, 10); seed++) {
      const history = randomHistory(seed);
      await using ledger = await served(history);
      if (ledger.head === 0) continue;
      const others = elsewhere(randomHistory(seed + 1_000_000));
      // The first of them moves the ledger's time to now: what time itself changes is changed before the issue.
      const begun = await append(ledger.ledger, others.slice(0, others.length / 2));
      const { cluster, period, zone } = randomRequest(seed, history);
      const payload = { cluster, period, zone, report: "r" };
      const issued = await ledger.app.inject({ method: "POST", url: "/v1/reports", payload });
      if (begun === 0 || issued.statusCode !== 201) continue;
      if ((await append(ledger.ledger, others.slice(others.length / 2))) === 0) continue;
      const answer = (await ledger.app.inject("/v1/reports/r/restated")).json();
      if (!(answer.restated as { period: { complete: boolean } }).period.complete) continue;
      expect({ seed, differences: answer.differences }).toEqual({ seed, differences: [] });
      restated++;
    }
    expect(restated).toBeGreaterThan(soakRuns(30, 10) / 6);
  });
});
