/** Webhooks and notices of a ledger in KurrentDB: positions, restarts in the middle, and several instances. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { Noticer } from "../../../src/sinks/notices/noticer.ts";
import { Webhooks } from "../../../src/sinks/webhooks/webhooks.ts";
import { fail, secret } from "../../sinks/webhooks/delivering.ts";
import { receiver } from "../../sinks/webhooks/receiver.ts";
import { freshFolder, ledgerOn } from "../ledger-on-server.ts";
import { startStandIn } from "./stand-in.ts";

async function open(name: string): Promise<Ledger> {
  const ledger = await openLedger({ store: name, mode: "write" });
  onTestFinished(() => ledger.close());
  return ledger;
}

function webhooksOf(ledger: Ledger, url: string, isInCharge = (): boolean => true): Webhooks {
  const webhook = { name: "pager", url, secretFile: "", secrets: [secret], types: ["*" as const] };
  const webhooks = new Webhooks({
    webhooks: [{ ...webhook, format: "standard" }],
    ledger,
    origin: "test-ledger",
    isInCharge,
    onFailure: () => undefined,
  });
  onTestFinished(() => webhooks.stop());
  return webhooks;
}

const cursorOf = async (webhooks: Webhooks) => (await webhooks.status())[0]?.state?.cursor;

describe("a webhook over a store in KurrentDB", () => {
  test("goes on after a restart in the middle of a message, also with a new mirror, and loses none", async () => {
    const standIn = await startStandIn();
    const server = ledgerOn(standIn.url);
    await using to = await receiver();
    const mirror = freshFolder();
    const first = await open(server.name(mirror));
    const before = webhooksOf(first, to.url);
    before.start();
    await expect.poll(() => cursorOf(before)).toBe(0);
    // The third message is taken, and the answer never comes.
    to.answer(204, 204, "hang");
    await fail(first, 5);
    await expect.poll(to.sequences).toEqual([1, 2, 3]);
    await before.stop();
    await first.close();

    const again = await open(server.name(freshFolder()));
    const after = webhooksOf(again, to.url);
    after.start();
    await expect.poll(to.sequences).toEqual([1, 2, 3, 3, 4, 5]);
    const ids = to.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids[2]).toBe(ids[3]);
    await expect.poll(() => cursorOf(after)).toBe(5);
  });

  test("is delivered by the instance in charge, and another one takes over where it was", async () => {
    const standIn = await startStandIn();
    const server = ledgerOn(standIn.url);
    await using to = await receiver();
    const [one, other] = [
      await open(server.name(freshFolder())),
      await open(server.name(freshFolder())),
    ];
    let inCharge = "one";
    const first = webhooksOf(one, to.url, () => inCharge === "one");
    const second = webhooksOf(other, to.url, () => inCharge === "other");
    first.start();
    second.start();
    await expect.poll(() => cursorOf(first)).toBe(0);
    await fail(one, 3);
    await expect.poll(() => cursorOf(first)).toBe(3);
    expect((await second.status())[0]).toMatchObject({ isDelivering: false, lagEvents: 0 });
    inCharge = "other";
    await fail(other, 2);
    await expect.poll(to.sequences).toEqual([1, 2, 3, 4, 5]);
  });
});

test("a notice that several instances find at once is said once, and told once", async () => {
  const standIn = await startStandIn();
  const server = ledgerOn(standIn.url);
  await using to = await receiver();
  const ledgers = [await open(server.name(freshFolder())), await open(server.name(freshFolder()))];
  const [one] = ledgers as [Ledger];
  const webhooks = webhooksOf(one, to.url);
  webhooks.start();
  await expect.poll(() => cursorOf(webhooks)).toBe(0);
  const silent = {
    notice: "source.silent",
    cluster: "alpha",
    key: "am 2026-03-01T00:00:00.000Z",
    at: Date.UTC(2026, 2, 1, 0, 5),
  } as const;
  const noticers = ledgers.map(
    (ledger) =>
      new Noticer({
        ledger,
        isInCharge: () => true,
        sealing: () => null,
        onRaised: () => undefined,
        onFailure: () => undefined,
      }),
  );
  await Promise.all(
    noticers.map((noticer, i) => noticer.raise([{ ...silent, reason: `says instance ${i}` }])),
  );
  await Promise.all(noticers.map((noticer) => noticer.raise([{ ...silent, reason: "again" }])));
  await fail(one, 1);
  await expect.poll(to.sequences).toEqual([1, 2]);
  const types = to.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  expect(types).toEqual(["source.silent", "fault.opened"]);
});
