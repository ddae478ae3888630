import { describe, expect, test } from "vitest";
import type { Submission } from "../../src/ledger/append/submission.ts";
import { corrected, failed, retracted, uuid } from "./sample-events.ts";
import { temporaryLedger } from "./temporary-ledger.ts";

/** What became of it, in short: the sequence of what stands, the code of what is refused. */
function short(submission: Submission | undefined): string {
  if (submission === undefined) return "nothing";
  if (submission.status === "refused") return submission.error.code;
  return `${submission.status} ${String(submission.sequence)}`;
}

describe("submit", () => {
  test("appends new events and answers repeated ones with their original position", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const first = await ledger.submit([failed(1), failed(2, "n2")]);
    expect(first.map(short)).toEqual(["appended 1", "appended 2"]);
    const again = await ledger.submit([failed(2, "n2"), failed(3), failed(3)]);
    expect(again.map(short)).toEqual(["duplicate 2", "appended 3", "duplicate 3"]);
    expect(again[1]).toMatchObject({ stream: "node-c1:n1", revision: 1n });
  });

  test("treats an id in upper case and an instant in another zone as the same content", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const id = "ABCDEF00-0000-4000-8000-000000000000";
    await ledger.submit([failed(1, "n1", { id })]);
    const other = { id: id.toLowerCase(), occurredAt: "2026-01-01T01:00:00+01:00" };
    expect((await ledger.submit([failed(1, "n1", other)])).map(short)).toEqual(["duplicate 1"]);
  });

  test("refuses an id with other content, whether stored or in the same request", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1)]);
    const results = await ledger.submit([failed(1, "n2"), failed(2), failed(2, "n2")]);
    expect(results.map(short)).toEqual(["id-conflict", "appended 2", "id-conflict"]);
    const attributed = await ledger.submit([failed(1, "n1", { actor: "somebody else" })]);
    expect(attributed.map(short)).toEqual(["id-conflict"]);
  });

  test("leaves out only the event that is refused for its form", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const results = await ledger.submit([failed(1), { id: uuid(2) }, null, failed(3)]);
    expect(results.map(short)).toEqual([
      "appended 1",
      "invalid-event",
      "invalid-event",
      "appended 2",
    ]);
    expect(results.map((each) => each.id)).toEqual([uuid(1), uuid(2), null, uuid(3)]);
  });

  test("accepts simultaneous submissions, each event once", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const calls = Array.from({ length: 40 }, (_, i) =>
      ledger.submit([failed(i % 20, `n${i % 3}`, { id: uuid(i % 20) })].concat(failed(100 + i))),
    );
    const results = (await Promise.all(calls)).flat();
    const conflicts = results.filter((each) => each.status === "refused");
    const appended = results.filter((each) => each.status === "appended");
    // Each id is sent twice; the node differs where i % 3 and (i + 20) % 3 differ: always.
    expect(conflicts).toHaveLength(20);
    expect(appended).toHaveLength(60);
    expect((await ledger.store.head()).sequence).toBe(60);
    const sequences = appended.map((each) => ("sequence" in each ? each.sequence : null));
    expect(new Set(sequences).size).toBe(60);
  });

  test("makes what was appended visible in the views", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), retracted(2, uuid(1)), failed(3, "n2")]);
    await ledger.waitFor(3, 600_000);
    expect([...ledger.view("c1").entities("node")].map((node) => node.node)).toEqual(["n2"]);
    expect([...ledger.view("c1", 1).entities("node")].map((node) => node.node)).toEqual(["n1"]);
    expect(ledger.clusters()).toEqual(["c1"]);
    expect(ledger.status()).toMatchObject({ sequence: 3, lagEvents: 0, state: "ready" });
    await expect(ledger.waitFor(4, 1_000)).rejects.toMatchObject({ code: "position-past-head" });
  });

  test("finds everything again when the ledger is reopened", async () => {
    await using temporary = temporaryLedger();
    const before = await temporary.open();
    await before.submit([failed(1), failed(2)]);
    await before.close();
    const after = await temporary.open();
    expect(after.sequence()).toBe(2);
    const results = await after.submit([failed(2), failed(3)]);
    expect(results.map(short)).toEqual(["duplicate 2", "appended 3"]);
    expect(results[1]).toMatchObject({ revision: 2n });
  });

  test("is refused by a reader, which sees what the writer appends", async () => {
    await using temporary = temporaryLedger();
    const writer = await temporary.open();
    await writer.submit([failed(1)]);
    const reader = await temporary.open({ mode: "read" });
    expect((await reader.submit([failed(2)])).map(short)).toEqual(["read-only"]);
    await writer.submit([failed(2)]);
    await reader.waitFor(2, 600_000);
    expect(reader.sequence()).toBe(2);
  });

  test("never records an earlier time than before, whatever the clock does", async () => {
    await using temporary = temporaryLedger();
    let nowMs = Date.parse("2026-02-01T00:00:00.000Z");
    const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
    await ledger.submit([failed(1)]);
    nowMs -= 60_000;
    await ledger.submit([failed(2)]);
    const second = await ledger.store.readAt(2);
    expect(second?.recordedAt).toBe(nowMs + 60_000);
  });
});

describe("corrections", () => {
  test("are in the stream of the event that they name, at any depth", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const results = await ledger.submit([
      failed(1),
      corrected(2, uuid(1), {
        data: { cluster: "c2", node: "n9", faultId: "f", category: "human" },
      }),
      retracted(3, uuid(2).toUpperCase()),
      retracted(4, uuid(3)),
    ]);
    expect(results.map(short)).toEqual(["appended 1", "appended 2", "appended 3", "appended 4"]);
    for (const result of results) expect(result).toMatchObject({ stream: "node-c1:n1" });
    await ledger.waitFor(4, 600_000);
    expect(ledger.view("c2").entity("node", "n9")).not.toBeNull();
    expect(ledger.view("c2", 3).entity("node", "n9")).toBeNull();
  });

  test("that state neither a time nor data are accepted", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const results = await ledger.submit([failed(1), corrected(2, uuid(1), {})]);
    expect(results.map(short)).toEqual(["appended 1", "appended 2"]);
  });

  test("are refused if they name no earlier event", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const results = await ledger.submit([
      corrected(1, uuid(2), {}),
      failed(2),
      { id: uuid(3), type: "NodeFailed" },
      retracted(4, uuid(3)),
      retracted(5, uuid(5)),
    ]);
    const codes = ["target-not-found", "appended 1", "invalid-event", "target-not-found"];
    expect(results.map(short)).toEqual([...codes, "target-not-found"]);
  });

  test("are refused if the new data do not fit the type, with a pointer", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const data = { cluster: "c1", node: "n1", faultId: "f", category: "no such" };
    const [, result] = await ledger.submit([failed(1), corrected(2, uuid(1), { data })]);
    expect(result).toMatchObject({
      status: "refused",
      error: { code: "invalid-event", errors: [{ path: "/data/data/category" }] },
    });
  });

  test("of a correction keep what it names, and their own new data are checked too", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const bad = { cluster: "c1", node: "n1", faultId: "f", category: 7 };
    const results = await ledger.submit([
      failed(1),
      corrected(2, uuid(1), { occurredAt: "2026-01-01T05:00:00+01:00" }),
      corrected(3, uuid(2), { data: { eventId: uuid(9) } }),
      corrected(4, uuid(2), { data: { eventId: uuid(1), data: bad } }),
      corrected(5, uuid(2), {
        data: { eventId: uuid(1), occurredAt: "2026-01-01T02:00:00+01:00" },
      }),
    ]);
    expect(results.map(short)).toEqual([
      "appended 1",
      "appended 2",
      "invalid-event",
      "invalid-event",
      "appended 3",
    ]);
    expect(results[2]).toMatchObject({ error: { errors: [{ path: "/data/data/eventId" }] } });
    expect(results[3]).toMatchObject({ error: { errors: [{ path: "/data/data/data/category" }] } });
    const stored = await ledger.store.readAt(3);
    expect(stored?.data).toMatchObject({ data: { occurredAt: "2026-01-01T01:00:00.000Z" } });
  });

  test("never amend system events", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const seal = {
      id: uuid(1),
      type: "LedgerSealed",
      occurredAt: "2026-01-01T00:00:00.000Z",
      data: { size: 0, rootHash: "0".repeat(64), checkpoint: "note" },
    };
    expect((await ledger.submit([seal])).map(short)).toEqual(["invalid-event"]);
    expect((await ledger.submitSystem([seal])).map(short)).toEqual(["appended 1"]);
    expect((await ledger.submitSystem([failed(2)])).map(short)).toEqual(["invalid-event"]);
    expect((await ledger.submit([retracted(3, uuid(1))])).map(short)).toEqual(["target-not-found"]);
  });
});

describe("an import that preserves recorded times", () => {
  const kept = { preserveTimestamps: true };
  const at = (number: number, recordedAt: string, node = "n1") =>
    failed(number, node, { recordedAt });

  test("gives each line a sequence, and keeps the recorded time that the line carries", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const lines = [
      at(1, "2026-01-01T00:00:01Z", "n1"),
      at(2, "2026-01-01T00:00:01Z", "n2"),
      at(3, "2026-01-01T00:00:02Z", "n1"),
    ];
    expect((await ledger.submit(lines, kept)).map(short)).toEqual([
      "appended 1",
      "appended 2",
      "appended 3",
    ]);
    const next = await ledger.submit([at(4, "2026-01-01T00:00:02Z", "n2")], kept);
    expect(next.map(short)).toEqual(["appended 4"]);
    expect((await ledger.store.readAt(3))?.recordedAt).toBe(Date.parse("2026-01-01T00:00:02Z"));
    expect(ledger.timestampsPreserved()).toBe(true);
  });

  test("refuses times that are missing or decrease", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const lines = [
      at(1, "2026-01-01T00:00:02Z"),
      failed(2),
      at(3, "2026-01-01T00:00:01Z"),
      at(5, "2026-01-01T00:00:02Z"),
    ];
    const codes = ["recorded-at-refused", "recorded-at-refused"];
    expect((await ledger.submit(lines, kept)).map(short)).toEqual([
      "appended 1",
      ...codes,
      "appended 2",
    ]);
  });

  test("accepts a simulated future, in which no event occurs long after its recorded time", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const happened = { occurredAt: "2999-01-01T00:00:00Z" };
    const lines = [
      { ...at(1, "2999-01-01T00:00:00Z"), ...happened },
      { ...at(2, "2999-01-01T00:00:00Z"), occurredAt: "2999-01-01T00:06:00Z" },
    ];
    const outcomes = await ledger.submit(lines, kept);
    expect(outcomes.map(short)).toEqual(["appended 1", "invalid-event"]);
  });

  test("begins only in an empty ledger, and ends when the ledger is closed", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([at(1, "2026-01-01T00:00:01Z")], kept);
    await ledger.close();
    const again = await temporary.open();
    expect(again.timestampsPreserved()).toBe(true);
    const late = [at(2, "2026-01-01T00:00:03Z")];
    expect((await again.submit(late, kept)).map(short)).toEqual(["ledger-not-empty"]);
    await using other = temporaryLedger();
    const used = await other.open();
    await used.submit([failed(1)]);
    expect((await used.submit(late, kept)).map(short)).toEqual(["ledger-not-empty"]);
    expect(used.timestampsPreserved()).toBe(false);
  });
});
