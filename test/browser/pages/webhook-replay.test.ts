/** Dead letters are sent again from the page of webhooks. */
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { servedSinks } from "../../sinks/served-sinks.ts";
import { fail, statusOf } from "../../sinks/webhooks/delivering.ts";
import { tabTo } from "../tab-to.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";

const ways: readonly (readonly [string, (page: Page, name: string) => Promise<void>])[] = [
  ["a click", (page, name) => page.getByRole("button", { name, exact: true }).last().click()],
  [
    "keys alone",
    async (page, name) => {
      await tabTo(page, name);
      await page.keyboard.press("Enter");
    },
  ],
];

describe.skipIf(!hasBrowser)("a message that the receiver refused for good", () => {
  test.each(ways)("is delivered again by %s, and its letter goes", async (_, press) => {
    await using served = await servedSinks();
    const { its, app, webhooks } = served;
    await expect.poll(async () => (await statusOf(webhooks)).state?.cursor).toBe(0);
    its.to.answer(422, 422, 422);
    await fail(its.ledger, 2);
    for (const attempts of [1, 2]) {
      const failed = async () => (await statusOf(webhooks)).state?.failing?.attempts;
      await expect.poll(failed).toBe(attempts);
      await expect.poll(() => its.time.nextInMs).not.toBeNull();
      its.time.runNext();
    }
    await expect.poll(its.to.sequences).toEqual([1, 1, 1, 2]);
    await expect.poll(async () => (await statusOf(webhooks)).state?.cursor).toBe(2);

    await app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as AddressInfo;
    await visit(`http://127.0.0.1:${port}`, async (page) => {
      await page.goto("/webhooks");
      const dead = page.locator("#p-dead");
      expect(await dead.locator("tbody tr").textContent()).toMatch(/pager\s*#1\s*fault\.opened/);
      await page.getByRole("button", { name: "Replay", exact: true }).waitFor();
      await press(page, "Replay");
      const dialog = page.getByRole("dialog");
      expect(await dialog.getByLabel("From sequence").inputValue()).toBe("1");
      await press(page, "Replay");
      await expect.poll(its.to.sequences).toEqual([1, 1, 1, 2, 1, 2]);
      await expect.poll(async () => (await statusOf(webhooks)).dead.total).toBe(0);
      await page.goto("/webhooks");
      expect(await dead.textContent()).toContain("No receiver has refused a message for good.");
    });
    const ids = its.to.received.map(({ headers }) => headers["webhook-id"]);
    expect([ids[4], ids[5]]).toEqual([ids[0], ids[3]]);
  });
});
