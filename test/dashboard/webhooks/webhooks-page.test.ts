import { describe, expect, test } from "vitest";
import type { ServedSinks } from "../../sinks/served-sinks.ts";
import { servedSinks } from "../../sinks/served-sinks.ts";
import { fail } from "../../sinks/webhooks/delivering.ts";
import { smallApp } from "../../http/app/small-app.ts";
import { panelOf, textOf } from "../page-text.ts";

async function pageOf({ app }: ServedSinks, url = "/webhooks"): Promise<string> {
  const answer = await app.inject({ url, headers: { accept: "text/html" } });
  expect(answer.statusCode).toBe(200);
  return answer.body;
}

/** A webhook whose receiver gave these answers to the first message. */
async function answered(...replies: readonly number[]): Promise<ServedSinks> {
  const served = await servedSinks();
  await expect.poll(() => served.webhooks.delivering()).toHaveLength(1);
  served.its.to.answer(...replies);
  await fail(served.its.ledger, 2);
  return served;
}

describe("the page of webhooks", () => {
  test("shows each with its host, how far it is behind and its last answer; never its address", async () => {
    await using served = await answered(500);
    await expect.poll(() => served.its.failures).toHaveLength(1);
    const page = await pageOf(served);
    const receivers = textOf(panelOf(page, "webhooks"));
    const { host } = new URL(served.its.to.url);
    expect(receivers).toContain(`pager ${host} 2 answered 500,`);
    expect(receivers).toContain("#1 failed once, tried again");
    expect(textOf(panelOf(page, "headline"))).toContain("Waiting for a receiver: pager.");
    expect(page).not.toContain(served.its.to.url);
  });

  test("shows dead letters, and offers to go back to the oldest of them", async () => {
    await using served = await answered(422, 422, 422);
    for (const wait of [5_000, 300_000]) {
      await expect.poll(() => served.its.time.nextInMs).toBe(wait);
      served.its.time.runNext();
    }
    await expect.poll(() => served.its.to.sequences()).toEqual([1, 1, 1, 2]);
    const page = await pageOf(served);
    expect(textOf(panelOf(page, "dead"))).toContain("pager #1 fault.opened answered 422");
    const [, forms = ""] = /data-forms="([^"]*replay[^"]*)"/.exec(page) ?? [];
    const [form] = JSON.parse(forms.replaceAll("&quot;", '"')) as {
      address: string;
      fields: { at: string; value: string }[];
    }[];
    expect(form).toMatchObject({
      address: "/v1/webhooks/pager/replay",
      fields: [{ at: "/from", value: "1" }],
    });
    expect(textOf(panelOf(page, "webhooks"))).toContain("delivering 1 Replay");
  });

  test("says on every page that a webhook has stopped, and why", async () => {
    await using served = await answered(410);
    await expect.poll(() => served.webhooks.stopped()).toHaveLength(1);
    for (const url of ["/webhooks", "/", "/audit"]) {
      const [banners = ""] = /<div id="banners">[^]*?<\/div>/.exec(await pageOf(served, url)) ?? [];
      expect(textOf(banners)).toContain(
        "The webhook pager has stopped: the receiver is gone: it answered 410. Webhooks",
      );
    }
    expect(textOf(panelOf(await pageOf(served), "headline"))).toContain("Stopped: pager.");
    await served.webhooks.replay("pager", 1);
    await expect.poll(() => served.its.to.sequences()).toEqual([1, 1, 2]);
    await expect.poll(async () => await pageOf(served)).not.toContain("pager has stopped");
  });

  test("says what would configure one where there is none", async () => {
    const { app } = await smallApp();
    const { body } = await app.inject({ url: "/webhooks", headers: { accept: "text/html" } });
    expect(textOf(panelOf(body, "webhooks"))).toContain("serve --webhooks webhooks.json");
    await app.close();
  });
});
