import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LedgerError } from "../../../src/errors.ts";
import { linesPerChunk, maxChunksInFlight, maxLineBytes } from "../../../src/limits/requests.ts";
import { anEvent } from "../app/memory-ledger.ts";
import type { SmallApp } from "../app/small-app.ts";
import { smallApp } from "../app/small-app.ts";

let small: SmallApp;
beforeEach(async () => {
  small = await smallApp();
});
afterEach(() => small.app.close());

const postJson = (payload: unknown) =>
  small.app.inject({
    method: "POST",
    url: "/v1/events",
    headers: { "content-type": "application/json" },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });

const postLines = (payload: string | Buffer | Readable, headers: Record<string, string> = {}) =>
  small.app.inject({
    method: "POST",
    url: "/v1/events",
    headers: { "content-type": "application/x-ndjson", ...headers },
    payload,
  });

const linesOf = (body: string): Record<string, unknown>[] =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("one event", () => {
  it("is appended with its position, and is a duplicate when it is sent again", async () => {
    const event = anEvent();
    const first = await postJson(event);
    expect(first.statusCode).toBe(201);
    expect(first.headers.location).toBe(`/v1/events/${String(event["id"])}`);
    expect(first.headers["fleetledger-sequence"]).toBe("1");
    expect(first.json()).toMatchObject({ status: "appended", revision: "0", sequence: 1 });
    const again = await postJson(event);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({ ...first.json(), status: "duplicate" });
  });

  it("can be read immediately by its sequence", async () => {
    await postJson(anEvent({ data: { cluster: "alpha", node: "n1" } }));
    const answer = await small.app.inject("/v1/nodes/alpha/n1?minSequence=1");
    expect(answer.statusCode).toBe(200);
  });

  it("is refused with a pointer to what is wrong", async () => {
    const answer = await postJson(anEvent({ data: { cluster: "alpha", node: "n1", rak: "r" } }));
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(answer.json()).toMatchObject({
      type: "/problems/invalid-event",
      code: "invalid-event",
      status: 400,
      errors: [{ path: "/data" }],
    });
  });

  it("with another event's id is a conflict", async () => {
    const event = anEvent();
    await postJson(event);
    const answer = await postJson({ ...event, data: { cluster: "alpha", node: "other" } });
    expect([answer.statusCode, answer.json().code]).toEqual([409, "id-conflict"]);
  });
});

describe("a list of events", () => {
  it("is answered event by event, with 201, 200 or 207 depending on their outcomes", async () => {
    const events = [anEvent(), anEvent()];
    expect((await postJson(events)).statusCode).toBe(201);
    const again = await postJson(events);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({ appended: 0, duplicates: 2, refused: 0, lastSequence: 2 });
    const mixed = await postJson([events[0], anEvent({ type: "NodeExploded" }), anEvent(), 7]);
    expect(mixed.statusCode).toBe(207);
    expect(mixed.json()).toMatchObject({
      appended: 1,
      duplicates: 1,
      refused: 2,
      lastSequence: 3,
      results: [
        { status: "duplicate", sequence: 1 },
        { status: "refused", httpStatus: 400, error: { code: "unknown-event-type" } },
        { status: "appended", sequence: 3 },
        { status: "refused", id: null },
      ],
    });
    expect((await postJson([])).statusCode).toBe(200);
  });

  const away = new LedgerError("store-unavailable", "the store is away");
  const isAway = { status: "refused" as const, id: null, error: away };

  it("of which nothing can be appended now is answered 503, to be sent again", async () => {
    vi.spyOn(small.ledger, "submit").mockResolvedValueOnce([isAway, isAway]);
    const answer = await postJson([anEvent(), anEvent()]);
    expect([answer.statusCode, answer.json().code]).toEqual([503, "store-unavailable"]);
    expect(answer.headers["retry-after"]).toBeDefined();
  });

  it("of which only some can be appended now is answered 207, with each outcome", async () => {
    const submit = small.ledger.submit.bind(small.ledger);
    for (const first of [true, false]) {
      vi.spyOn(small.ledger, "submit").mockImplementationOnce(async (events, options) => {
        const taken = await submit(events.slice(1), options);
        return first ? [isAway, ...taken] : [...taken, isAway];
      });
      const answer = await postJson([anEvent(), anEvent()]);
      expect(answer.statusCode).toBe(207);
      expect(answer.json()).toMatchObject({ appended: 1, refused: 1 });
      expect(answer.headers["retry-after"]).toBeDefined();
    }
  });

  it("has at most a thousand events", async () => {
    const answer = await postJson(Array.from({ length: 1_001 }, () => 1));
    expect([answer.statusCode, answer.json().code]).toEqual([413, "too-large"]);
    expect(small.ledger.events).toHaveLength(0);
  });
});

describe("NDJSON", () => {
  it("is answered line by line, in order, with a summary at the end", async () => {
    const event = anEvent();
    const text = [
      JSON.stringify(event),
      "{not json",
      "",
      `  ${JSON.stringify(anEvent())}\r`,
      JSON.stringify(event),
      JSON.stringify({ ...anEvent(), type: "Nothing" }),
    ].join("\n");
    const answer = await postLines(text);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    expect(linesOf(answer.body)).toMatchObject([
      { line: 1, status: "appended", sequence: 1 },
      { line: 2, status: "refused", id: null, error: { code: "malformed-json" } },
      { line: 4, status: "appended", sequence: 2 },
      { line: 5, status: "duplicate", sequence: 1 },
      {
        line: 6,
        status: "refused",
        error: { code: "unknown-event-type", errors: [{ path: "/type" }] },
      },
      {
        summary: {
          appended: 2,
          duplicates: 1,
          refused: 2,
          lastSequence: 2,
          lastLine: 6,
          complete: true,
        },
      },
    ]);
  });

  it("is answered with one JSON object if JSON is asked for", async () => {
    const lines = `${JSON.stringify(anEvent())}\n[]\n`;
    const answer = await postLines(lines, { accept: "application/json" });
    expect(answer.json()).toMatchObject({
      results: [
        { line: 1, status: "appended" },
        { line: 2, status: "refused" },
      ],
      appended: 1,
      refused: 1,
      complete: true,
    });
    const empty = await postLines("\n", { accept: "application/json" });
    expect(empty.json()).toMatchObject({ results: [], appended: 0, complete: true });
  });

  it("reports only refused lines if the client asks for less", async () => {
    const lines = `${JSON.stringify(anEvent())}\n7\n${JSON.stringify(anEvent())}\n`;
    const answer = await postLines(lines, { prefer: "return=minimal" });
    expect(answer.headers["preference-applied"]).toBe("return=minimal");
    expect(linesOf(answer.body)).toMatchObject([{ line: 2 }, { summary: { appended: 2 } }]);
  });

  it("refuses a line that is too long or not UTF-8, and no other line", async () => {
    const good = JSON.stringify(anEvent());
    const body = Buffer.concat([
      Buffer.from(`${"x".repeat(maxLineBytes + 1)}\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`${good}\n`),
    ]);
    expect(linesOf((await postLines(body)).body)).toMatchObject([
      { line: 1, error: { code: "too-large" } },
      { line: 2, error: { code: "malformed-json" } },
      { line: 3, status: "appended" },
      { summary: { appended: 1, refused: 2 } },
    ]);
  });

  it("ignores a byte-order mark at the beginning", async () => {
    const answer = await postLines(`\uFEFF${JSON.stringify(anEvent())}\n`);
    expect(linesOf(answer.body)[0]).toMatchObject({ line: 1, status: "appended" });
  });

  it("takes a byte-order mark before a later line for invalid JSON", async () => {
    const lines = Array.from({ length: 3 }, () => `\uFEFF${JSON.stringify(anEvent())}\n`);
    const answer = await postLines(lines.join(""));
    expect(linesOf(answer.body)).toMatchObject([
      { line: 1, status: "appended" },
      { line: 2, status: "refused", error: { code: "malformed-json" } },
      { line: 3, status: "refused", error: { code: "malformed-json" } },
      { summary: { appended: 1, refused: 2 } },
    ]);
  });

  it("is the same wherever its chunks are cut", async () => {
    const events = Array.from({ length: 40 }, (_, i) =>
      anEvent({ data: { cluster: "alpha", node: `n${i}` }, source: "söurce" }),
    );
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    for (const size of [1, 7, 333]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const body = linesOf((await postLines(Readable.from(pieces))).body);
      expect(body).toHaveLength(41);
      expect(body.slice(0, 40).map((line) => line["line"])).toEqual(events.map((_, i) => i + 1));
    }
    expect(small.ledger.events.map(({ attribution }) => attribution.source)).toEqual(
      events.map(() => "söurce"),
    );
  });

  it("keeps few chunks in flight, however many lines arrive", async () => {
    const text = Array.from({ length: 20 * linesPerChunk }, () => "{}\n").join("");
    const answer = await postLines(text, { prefer: "return=minimal" });
    expect(linesOf(answer.body).at(-1)).toMatchObject({ summary: { refused: 20 * linesPerChunk } });
    expect(small.ledger.maxInFlight()).toBeLessThanOrEqual(maxChunksInFlight);
  });

  it("is answered with the store's failure if nothing was appended yet", async () => {
    small.ledger.failNextSubmit(new LedgerError("store-unavailable", "the disk is gone"));
    const answer = await postLines(`${JSON.stringify(anEvent())}\n`);
    expect([answer.statusCode, answer.json().code]).toEqual([503, "store-unavailable"]);
    expect(answer.headers["retry-after"]).toBe("1");
  });

  it("says that it is incomplete if the store fails on the way", async () => {
    async function* source() {
      yield Buffer.from(`${JSON.stringify(anEvent())}\n`);
      await expect.poll(() => small.ledger.events.length).toBe(1);
      small.ledger.failNextSubmit(new Error("a surprise with a secret"));
      yield Buffer.from(`${JSON.stringify(anEvent())}\n`);
    }
    const body = linesOf((await postLines(Readable.from(source()))).body);
    expect(body).toMatchObject([
      { line: 1, status: "appended" },
      { summary: { appended: 1, lastLine: 1, complete: false, error: { code: "internal" } } },
    ]);
    expect(JSON.stringify(body)).not.toContain("secret");
  });
});
