import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RealApp } from "../app/real-app.ts";
import { realApp } from "../app/real-app.ts";
import { history } from "../app/small-app.ts";

const head = history.length;

describe("a position past the head", () => {
  let real: RealApp;
  beforeAll(async () => {
    real = await realApp();
  });
  afterAll(() => real.close());

  const ask = (url: string, headers: Record<string, string> = {}) =>
    real.app.inject({ url, headers });

  it.each([
    [`/v1/events?after=${head + 1}`, "/query/after"],
    [`/v1/events?after=${Number.MAX_SAFE_INTEGER}&limit=1`, "/query/after"],
    [`/v1/events?asOf=5&after=6`, "/query/after"],
    [`/v1/reports?after=${head + 1}`, "/query/after"],
    [`/v1/reports?asOf=5&after=6`, "/query/after"],
    [`/v1/stream?after=${head + 1}`, "/query/after"],
    [`/v1/stream?only=positions&after=${head + 1}`, "/query/after"],
  ])("is refused as a start: %s", async (url, path) => {
    const answer = await ask(url);
    expect([answer.statusCode, answer.json().code]).toEqual([422, "position-past-head"]);
    expect(answer.json().errors).toMatchObject([{ path }]);
  });

  it.each([
    [`/v1/sla?cluster=alpha&asOf=${head + 1}`, "/query/asOf"],
    [`/v1/events?asOf=${head + 1}`, "/query/asOf"],
    [`/v1/sla?cluster=alpha&minSequence=${head + 1}`, "/query/minSequence"],
  ])("is refused as the position of a read: %s", async (url, path) => {
    const answer = await ask(url);
    expect([answer.statusCode, answer.json().code]).toEqual([422, "position-past-head"]);
    expect(answer.json().errors).toEqual([
      { path, message: `must not be after ${head}, the ledger's last sequence` },
    ]);
    expect(answer.json().detail).toBe(
      `There is no sequence ${head + 1} yet: the ledger ends at sequence ${head}.`,
    );
  });

  it("is refused as the start of a page of findings, but exactly after the last finding is not", async () => {
    const url = "/v1/data-quality?cluster=alpha&period=2026-03&after=";
    const { total } = (await ask(`${url}0`)).json();
    const past = await ask(`${url}${total + 1}`);
    expect([past.statusCode, past.json().errors]).toEqual([
      400,
      [{ path: "/query/after", message: `must not be more than ${total}` }],
    ]);
    expect((await ask(`${url}${total}`)).statusCode).toBe(200);
  });

  it("is refused as the start of a stream, for example after an older ledger was restored", async () => {
    const answer = await ask("/v1/stream?after=0", { "last-event-id": String(head + 1) });
    expect([answer.statusCode, answer.json().code]).toEqual([422, "position-past-head"]);
    expect(answer.json().errors).toMatchObject([{ path: "/header/last-event-id" }]);
  });

  it("is not the head itself, after which new events follow", async () => {
    const events = await ask(`/v1/events?after=${head}`);
    expect([events.statusCode, events.json().events]).toEqual([200, []]);
    const past = await ask("/v1/events?asOf=5&after=5");
    expect([past.statusCode, past.json().events]).toEqual([200, []]);
    expect((await ask(`/v1/reports?after=${head}`)).statusCode).toBe(200);
  });
});
