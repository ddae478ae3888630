/** Simulations that go on past a present, as the demo's do. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../src/simulate/simulate.ts";

const dayMs = 86_400_000;
const presentMs = Date.UTC(2026, 5, 17, 9);
const ahead = (scenario: string, seed: number) =>
  simulate({ scenario, seed, days: 20, endMs: presentMs + 8 * dayMs, presentMs });

describe("a simulation that goes on past its present", () => {
  it("has timers that always run from there on, and not before", () => {
    const options = { scenario: "stormy", seed: 1, days: 20, endMs: presentMs };
    const outagesOf = (more: { presentMs?: number }) =>
      simulate({ ...options, ...more }).history.clusters.flatMap(({ unattended }) => unattended);
    const all = outagesOf({}).toSorted((a, b) => a.from - b.from);
    const [first, second] = all;
    if (first === undefined || second === undefined) throw new Error("there are outages");
    const within = Math.floor((second.from + second.to) / 2);
    const cut = outagesOf({ presentMs: within }).toSorted((a, b) => a.from - b.from);
    expect(cut).toEqual([first, { from: second.from, to: within }]);
  });

  it("has a freeze in force at its present, and not at its end", () => {
    const { history } = ahead("supercomputer", 1);
    for (const { asksLedger, nfzs } of history.clusters) {
      const freeze = nfzs.find(({ nfz }) => nfz === "quarter-end");
      expect(freeze !== undefined).toBe(asksLedger);
      const [declared] = freeze?.changes ?? [];
      const occurrences = declared?.kind === "declared" ? declared.occurrences : [];
      for (const { from, to } of occurrences)
        expect([from < presentMs, presentMs < to, to < history.to]).toEqual([true, true, true]);
    }
  });

  it("keeps what was asked of the ledger, by the first event of each decision", () => {
    const { events, requests } = ahead("stormy", 1);
    const asked = events.filter(({ decision }) => decision?.request !== undefined);
    const first = asked.filter(({ id }) => requests.has(id));
    expect(new Set(asked.map(({ decision }) => decision?.request))).toEqual(
      new Set(first.map(({ decision }) => decision?.request)),
    );
    for (const { id, actor, decision } of first)
      expect(requests.get(id)).toMatchObject({ actor, command: decision?.command });
  });
});
