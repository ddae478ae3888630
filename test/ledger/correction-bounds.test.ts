import { describe, expect, test } from "vitest";
import type { Submission } from "../../src/ledger/append/submission.ts";
import {
  maxCorrectionDepth,
  maxCorrectionsPerEvent,
  spareRetractionsPerEvent,
} from "../../src/limits/events.ts";
import { corrected, failed, retracted, uuid } from "./sample-events.ts";
import { temporaryLedger } from "./temporary-ledger.ts";

const codes = (results: readonly Submission[]) => [
  ...new Set(results.map((each) => (each.status === "refused" ? each.error.code : each.status))),
];
const many = (first: number, count: number, eventId = uuid(1)) =>
  Array.from({ length: count }, (_, i) => corrected(first + i, eventId, {}));

describe("an event that has been corrected as often as the limit allows", () => {
  test("accepts no further correction, in one request or in several, even once the views have all of them", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const half = maxCorrectionsPerEvent / 2;
    expect(codes(await ledger.submit([failed(1), ...many(2, half)]))).toEqual(["appended"]);
    // Two requests under way at once, one of them with a correction too many.
    const [full, over] = await Promise.all([
      ledger.submit(many(2 + half, half)),
      ledger.submit([corrected(5_000, uuid(1), {}), failed(5_001)]),
    ]);
    expect(codes(full)).toEqual(["appended"]);
    expect(codes(over)).toEqual(["too-many-corrections", "appended"]);
    await ledger.waitFor(ledger.sequence(), 600_000);
    const [late] = await ledger.submit([corrected(5_002, uuid(2), {})]);
    expect(late).toMatchObject({
      status: "refused",
      error: {
        code: "too-many-corrections",
        message: `the event ${uuid(1)} has 1000 corrections and retractions; the limit is 1000: retract it and state it again under another id`,
        errors: [{ path: "/data/eventId" }],
      },
    });
  });

  test("can still be retracted, and a correction sent again is a duplicate", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), ...many(2, maxCorrectionsPerEvent)]);
    expect(codes(await ledger.submit(many(2, 3)))).toEqual(["duplicate"]);
    const back = Array.from({ length: spareRetractionsPerEvent }, (_, i) =>
      retracted(3_000 + i, uuid(1)),
    );
    expect(codes(await ledger.submit(back))).toEqual(["appended"]);
    expect(codes(await ledger.submit([retracted(4_000, uuid(1))]))).toEqual([
      "too-many-corrections",
    ]);
  });

  test("is known as such after a restart, and other events are not", async () => {
    await using temporary = temporaryLedger();
    const first = await temporary.open();
    await first.submit([failed(1), failed(9_000), ...many(2, maxCorrectionsPerEvent)]);
    await first.close();
    const again = await temporary.open();
    expect(codes(await again.submit([corrected(5_000, uuid(1), {})]))).toEqual([
      "too-many-corrections",
    ]);
    expect(codes(await again.submit([corrected(5_001, uuid(9_000), {})]))).toEqual(["appended"]);
  });
});

describe("corrections that the store refused", () => {
  test("do not count towards the limit", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1)]);
    // The last one is of the same stream, whose part is refused as a whole.
    const data = { cluster: "c1", node: "n1", faultId: "f", category: "no such" };
    const bad = { ...failed(8_000), data };
    const refused = await ledger.submit([...many(2, 900), bad], { wholeParts: true });
    expect(codes(refused)).toEqual(["part-refused", "invalid-event"]);
    expect(codes(await ledger.submit(many(2, 900)))).toEqual(["appended"]);
  });
});

describe("a chain of retractions of retractions", () => {
  test("may be as deep as the limit, and no deeper", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const chain = Array.from({ length: maxCorrectionDepth + 1 }, (_, i) =>
      retracted(2 + i, uuid(1 + i)),
    );
    const results = await ledger.submit([failed(1), ...chain]);
    expect(codes(results.slice(0, -1))).toEqual(["appended"]);
    expect(results.at(-1)).toMatchObject({ error: { code: "too-many-corrections" } });
  });
});

describe("a history that is moved with preserved recorded times", () => {
  test("is accepted whole, however often and deeply its events are corrected; corrections sent later are limited", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const chain = Array.from({ length: maxCorrectionDepth + 1 }, (_, i) =>
      retracted(6_001 + i, i === 0 ? uuid(6_000) : uuid(6_000 + i)),
    );
    const history = [
      failed(1),
      ...many(2, maxCorrectionsPerEvent + 500),
      failed(6_000, "n2"),
      ...chain,
    ].map((event, i) => ({ ...event, recordedAt: new Date(1_767_225_600_000 + i).toISOString() }));
    expect(codes(await ledger.submit(history, { preserveTimestamps: true }))).toEqual(["appended"]);
    await ledger.waitFor(history.length, 600_000);
    expect(ledger.sequence()).toBe(history.length);
    expect(codes(await ledger.submit([corrected(9_000, uuid(1), {})]))).toEqual([
      "too-many-corrections",
    ]);
  });
});
