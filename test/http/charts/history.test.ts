/** `GET /v1/history` over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerHistory } from "../../../src/http/schemas/charts.ts";
import { auditedApp } from "../app/audited-app.ts";
import type { AuditedApp } from "../app/audited-app.ts";
import { realApp } from "../app/real-app.ts";
import { history } from "../app/small-app.ts";

let ledger: AuditedApp;
const minuteMs = 60_000;
const noon = Date.parse("2026-04-15T12:00:00Z");

/** Twelve events at noon, a correction ten minutes later, a node half an hour later. */
beforeAll(async () => {
  ledger = await auditedApp();
  ledger.advance(10 * minuteMs);
  const said = { actor: "Ann", reason: "it was no failure" };
  await ledger.post(`/v1/events/${String(history[3]?.["id"])}/retraction`, said);
  ledger.advance(20 * minuteMs + 1);
  await ledger.post("/v1/events", {
    id: crypto.randomUUID(),
    type: "NodeCommissioned",
    occurredAt: "2026-04-15T00:00:00Z",
    data: { cluster: "alpha", node: "n3" },
  });
  await ledger.settled();
});
afterAll(() => ledger.close());

async function ask(query: string) {
  return ledgerHistory.parse((await ledger.get(`/v1/history?${query}`)).json);
}

describe("GET /v1/history", () => {
  test("counts events and corrections in bins of whole minutes, and says where each bin ends", async () => {
    const { at, lastSequence, events, corrections, seals, ...head } = await ask("w=3");
    expect(head).toEqual({
      asOf: { sequence: 14 },
      by: "recorded",
      first: { sequence: 1, recordedAt: "2026-04-15T12:00:00.000Z" },
      last: { sequence: 14, recordedAt: "2026-04-15T12:30:00.001Z" },
      binMs: 11 * minuteMs,
    });
    expect(at).toEqual([noon, noon + 11 * minuteMs, noon + 22 * minuteMs]);
    expect(lastSequence).toEqual([13, 13, 14]);
    expect(events).toEqual([13, 0, 1]);
    expect(corrections).toEqual([1, 0, 0]);
    expect(seals).toEqual([0, 0, 0]);
  });

  test("has bins of a minute where there is room, and never more bins than asked for", async () => {
    expect(await ask("")).toMatchObject({ binMs: minuteMs, at: { length: 31 } });
    for (let w = 1; w <= 40; w++) {
      const { at, events } = await ask(`w=${w}`);
      expect(at.length).toBeLessThanOrEqual(w);
      expect(events.reduce((sum, each) => sum + each, 0)).toBe(14);
    }
  });

  test("by sequence has bins of as many events each, with the minute in which each ends", async () => {
    const { at, lastSequence, events, corrections, binMs } = await ask("by=sequence&w=4");
    expect(lastSequence).toEqual([3, 7, 10, 14]);
    expect(events).toEqual([3, 4, 3, 4]);
    expect(corrections).toEqual([0, 0, 0, 1]);
    expect(at).toEqual([noon, noon, noon, noon + 30 * minuteMs]);
    expect(binMs).toBeNull();
    expect(await ask("by=sequence")).toMatchObject({ lastSequence: { length: 14 } });
  });

  test("ends at the position that it looks back to", async () => {
    const back = await ask("w=3&asOf=12");
    expect(back).toMatchObject({ at: [noon], lastSequence: [12], events: [12], corrections: [0] });
    expect(back.last).toEqual({ sequence: 12, recordedAt: "2026-04-15T12:00:00.000Z" });
  });

  test("counts seals", async () => {
    const app = await auditedApp();
    const tree = { size: 12, rootHash: "0".repeat(64), checkpoint: "note" };
    await app.ledger.submitSystem([
      {
        id: crypto.randomUUID(),
        type: "LedgerSealed",
        occurredAt: "2026-04-15T12:00:00Z",
        data: tree,
      },
    ]);
    await app.settled();
    const { json } = await app.get("/v1/history");
    expect(json).toMatchObject({ events: [13], seals: [1], corrections: [0] });
    await app.close();
  });

  test("of an empty ledger has no bins", async () => {
    const empty = await realApp({ events: [] });
    for (const by of ["recorded", "sequence"]) {
      const answer = (await empty.app.inject(`/v1/history?by=${by}`)).json();
      expect(answer).toMatchObject({ first: null, last: null, at: [], events: [] });
    }
    await empty.close();
  });

  test("is a table as CSV", async () => {
    const { text } = await ledger.get("/v1/history?w=2&format=csv");
    expect(text.split("\r\n").slice(0, 2)).toEqual([
      "at,lastSequence,events,corrections,seals",
      "2026-04-15T12:00:00.000Z,13,13,1,0",
    ]);
  });

  test.each([
    ["w=0", "/query/w"],
    ["w=2049", "/query/w"],
    ["by=time", "/query/by"],
    ["cluster=alpha", "/query/cluster"],
  ])("refuses %s with a pointer to %s", async (query, path) => {
    const { status, json } = await ledger.get(`/v1/history?${query}`);
    const [error] = json["errors"] as { path: string }[];
    expect([status, error?.path]).toEqual([400, path]);
  });
});
