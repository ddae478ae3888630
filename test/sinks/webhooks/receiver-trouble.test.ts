/** What becomes of a message whose receiver is down, slow, wrong or gone: nothing is lost, and nothing overtakes. */
import { describe, expect, test } from "vitest";
import { retryAfterMs } from "../../../src/limits/sinks.ts";
import type { Reply } from "./receiver.ts";
import { receiver } from "./receiver.ts";
import type { Delivering } from "./delivering.ts";
import { delivering, fail, statusOf } from "./delivering.ts";

/** Two messages, of which the first gets these answers. */
async function answered(its: Delivering, ...replies: readonly Reply[]) {
  await fail(its.ledger, 2);
  its.to.answer(...replies);
  const webhooks = its.webhooks({}, replies.includes("hang") ? { timeoutMs: 100 } : {});
  await webhooks.replay("pager", 1);
  return webhooks;
}

async function retried(its: Delivering): Promise<number> {
  await expect.poll(() => its.time.nextInMs).not.toBeNull();
  return its.time.nextInMs ?? 0;
}

describe("a message", () => {
  test.each([
    ["500", 500, "answered 500"],
    ["404", 404, "answered 404"],
    ["no answer in time", "hang", "no answer within 0.1 s"],
    ["a cut connection", "cut", "no answer: other side closed"],
  ] as const)(
    "that gets %s is sent again, and the next one waits for it",
    async (_, reply, words) => {
      await using its = await delivering();
      const webhooks = await answered(its, reply);
      expect(await retried(its)).toBe(5_000);
      expect(its.to.sequences()).toEqual([1]);
      expect((await statusOf(webhooks)).state?.failing).toMatchObject({ attempts: 1, words });
      its.time.runNext();
      await expect.poll(its.to.sequences).toEqual([1, 1, 2]);
      expect(its.failures).toEqual([`pager sequence 1: ${words}`]);
      await expect.poll(async () => (await statusOf(webhooks)).state?.failing).toBeNull();
    },
  );

  test("is not sent on where a receiver redirects", async () => {
    await using its = await delivering();
    await using elsewhere = await receiver();
    await answered(its, { status: 307, headers: { location: elsewhere.url } });
    expect(await retried(its)).toBe(5_000);
    expect(elsewhere.received).toEqual([]);
    expect(its.failures).toEqual(["pager sequence 1: answered 307"]);
  });

  test("waits as long as a Retry-After asks, in seconds or until an instant, if that is longer", async () => {
    const after = (value: string) => ({ status: 429, headers: { "retry-after": value } });
    await using its = await delivering("2026-04-15T12:00:00Z");
    await answered(
      its,
      after("90"),
      { ...after("Wed, 15 Apr 2026 12:10:30 GMT"), status: 503 },
      after("1"),
    );
    expect(await retried(its)).toBe(90_000);
    its.time.runNext();
    await expect.poll(() => its.to.received.length).toBe(2);
    // It is 12:01:30; the usual wait would be five minutes.
    await expect.poll(() => its.time.nextInMs).toBe(540_000);
    its.time.runNext();
    await expect.poll(() => its.to.received.length).toBe(3);
    await expect.poll(() => its.time.nextInMs).toBe(1_800_000);
  });

  test("is tried by the schedule, a fifth more or less; at its end the webhook stops", async () => {
    await using its = await delivering();
    await fail(its.ledger, 1);
    its.to.answer(...retryAfterMs.map(() => 500), 502);
    const webhooks = its.webhooks({}, { random: () => 1 });
    await webhooks.replay("pager", 1);
    for (const [i, ms] of retryAfterMs.entries()) {
      await expect.poll(() => its.to.received.length).toBe(i + 1);
      await expect.poll(() => its.time.nextInMs).toBe(ms * 1.2);
      its.time.runNext();
    }
    await expect
      .poll(async () => (await statusOf(webhooks)).state?.stopped?.why)
      .toBe("10 attempts failed; the last: answered 502");
    expect(its.to.received).toHaveLength(10);
  });

  test.each([400, 413, 415, 422])(
    "that is refused three times with %d goes into the dead letters, and the next one is sent",
    async (status) => {
      await using its = await delivering();
      const webhooks = await answered(its, status, status, status);
      for (const wait of [5_000, 300_000]) {
        await expect.poll(() => its.time.nextInMs).toBe(wait);
        its.time.runNext();
      }
      await expect.poll(its.to.sequences).toEqual([1, 1, 1, 2]);
      const { letters, total } = await webhooks.dead("pager");
      expect(total).toBe(1);
      expect(letters).toEqual([
        { sequence: 1, at: expect.any(Number), type: "fault.opened", words: `answered ${status}` },
      ]);
      await webhooks.replay("pager", 1);
      await expect.poll(its.to.sequences).toEqual([1, 1, 1, 2, 1, 2]);
      expect((await webhooks.dead("pager")).total).toBe(0);
    },
  );

  test("that gets 410 stops the webhook, also across a restart, until it is replayed", async () => {
    await using its = await delivering();
    const webhooks = await answered(its, 410);
    const stopped = async () => (await statusOf(webhooks)).state?.stopped?.why;
    await expect.poll(stopped).toBe("the receiver is gone: it answered 410");
    await webhooks.stop();
    const restarted = its.webhooks();
    restarted.start();
    await fail(its.ledger, 1, "beta");
    await expect.poll(() => restarted.delivering()).toHaveLength(1);
    expect(its.to.sequences()).toEqual([1]);
    await restarted.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([1, 1, 2, 3]);
  });

  test("is waited for across a restart: the attempts go on where they were", async () => {
    await using its = await delivering();
    const webhooks = await answered(its, 500, 500);
    await expect.poll(() => its.time.nextInMs).toBe(5_000);
    await webhooks.stop();
    const restarted = its.webhooks();
    restarted.start();
    await expect.poll(() => its.time.nextInMs).toBe(5_000);
    expect(its.to.received).toHaveLength(1);
    its.time.runNext();
    await expect.poll(() => its.time.nextInMs).toBe(300_000);
  });

  test("that the receiver took is sent again if the ledger could not note it", async () => {
    await using its = await delivering();
    await fail(its.ledger, 2);
    const webhooks = its.webhooks();
    webhooks.start();
    await webhooks.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([1, 2]);
    await expect.poll(async () => (await statusOf(webhooks)).lagEvents).toBe(0);
    const setMark = its.ledger.store.setMark.bind(its.ledger.store);
    its.ledger.store.setMark = async () => {
      throw new Error("the disk is full");
    };
    await fail(its.ledger, 1, "beta");
    await expect.poll(() => its.failures).toEqual(["pager the disk is full"]);
    its.ledger.store.setMark = setMark;
    its.time.runNext();
    await expect.poll(its.to.sequences).toEqual([1, 2, 3, 3]);
  });
});
