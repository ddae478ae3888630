import { describe, expect, test } from "vitest";
import { fail } from "../sinks/webhooks/delivering.ts";
import { servedSinks } from "../sinks/served-sinks.ts";
import { describedBy } from "./app/described-app.ts";
import { smallApp } from "./app/small-app.ts";

describe("the routes of webhooks", () => {
  test("say how each stands, without its address and its secrets", async () => {
    await using served = await servedSinks({ clusters: ["alp*"], types: ["fault.opened"] });
    const { app, its } = served;
    const { ask } = await describedBy(app);
    await expect.poll(async () => (await served.webhooks.status())[0]?.isDelivering).toBe(true);
    its.to.answer(204, 500);
    await fail(its.ledger, 2);
    await expect.poll(its.to.sequences).toEqual([1, 2]);
    await expect.poll(() => its.failures).toHaveLength(1);
    const { status, body } = await ask("/v1/webhooks");
    expect(status).toBe(200);
    expect(body).toEqual({
      webhooks: [
        {
          name: "pager",
          host: new URL(its.to.url).host,
          types: ["fault.opened"],
          clusters: ["alp*"],
          format: "standard",
          isDelivering: true,
          cursor: 1,
          lagEvents: 1,
          last: { at: "2026-04-15T12:00:00.000Z", words: "answered 500" },
          failing: {
            sequence: 2,
            attempts: 1,
            nextAt: "2026-04-15T12:00:05.000Z",
            words: "answered 500",
          },
          stopped: null,
          deadLetters: 0,
        },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/hook"|whsec|secret/);
  });

  test("list dead letters, and take them back by a replay", async () => {
    await using served = await servedSinks();
    const { app, its } = served;
    const { ask } = await describedBy(app);
    await expect.poll(async () => (await served.webhooks.status())[0]?.isDelivering).toBe(true);
    its.to.answer(400, 400, 400);
    await fail(its.ledger, 1);
    for (const wait of [5_000, 300_000]) {
      await expect.poll(() => its.time.nextInMs).toBe(wait);
      its.time.runNext();
    }
    await expect
      .poll(async () => (await ask("/v1/webhooks/pager/dead")).body)
      .toEqual({
        webhook: "pager",
        total: 1,
        deadLetters: [
          {
            sequence: 1,
            type: "fault.opened",
            at: "2026-04-15T12:05:05.000Z",
            words: "answered 400",
            event: "/v1/events?after=0&limit=1",
          },
        ],
      });
    const replayed = await ask("/v1/webhooks/pager/replay", {
      method: "POST",
      headers: { "content-type": "application/json" },
      payload: JSON.stringify({ from: 1 }),
    });
    expect(replayed).toMatchObject({
      status: 202,
      body: { webhook: "pager", from: 1, state: "delivering from sequence 1" },
    });
    await expect.poll(its.to.sequences).toEqual([1, 1, 1, 1]);
    expect((await ask("/v1/webhooks/pager/replay?from=1", { method: "POST" })).status).toBe(202);
    await expect
      .poll(async () => (await ask("/v1/webhooks/pager/dead")).body)
      .toEqual({ webhook: "pager", total: 0, deadLetters: [] });
  });

  test("go back once, however often one replay is asked for under the same key", async () => {
    await using served = await servedSinks();
    const { app, its } = served;
    await expect.poll(async () => (await served.webhooks.status())[0]?.isDelivering).toBe(true);
    await fail(its.ledger, 1);
    await expect.poll(its.to.sequences).toEqual([1]);
    const replay = () =>
      app.inject({
        method: "POST",
        url: "/v1/webhooks/pager/replay?from=1",
        headers: { "idempotency-key": "one" },
      });
    expect((await replay()).statusCode).toBe(202);
    await expect.poll(its.to.sequences).toEqual([1, 1]);
    expect((await replay()).statusCode).toBe(202);
    await fail(its.ledger, 1, "beta");
    await expect.poll(its.to.sequences).toEqual([1, 1, 2]);
  });

  test("refuse what is not there, and a position that the ledger has not reached", async () => {
    await using served = await servedSinks();
    const { ask } = await describedBy(served.app);
    expect((await ask("/v1/webhooks/none/dead")).status).toBe(404);
    expect((await ask("/v1/webhooks/none/replay?from=1", { method: "POST" })).status).toBe(404);
    expect((await ask("/v1/webhooks/pager/replay", { method: "POST" })).status).toBe(400);
    expect((await ask("/v1/webhooks/pager/replay?from=0", { method: "POST" })).status).toBe(400);
    const late = await ask("/v1/webhooks/pager/replay?from=9", { method: "POST" });
    expect(late).toMatchObject({ status: 422, body: { code: "position-past-head" } });
  });

  test("are empty where none are configured", async () => {
    const { app } = await smallApp();
    expect((await app.inject("/v1/webhooks")).json()).toEqual({ webhooks: [] });
    expect((await app.inject("/v1/webhooks/pager/dead")).statusCode).toBe(404);
    await app.close();
  });
});
