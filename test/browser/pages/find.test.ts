/** Finding by name from any page, by keys alone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

describe.skipIf(!hasBrowser)("the field that finds", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet(3);
  });
  afterAll(() => fleet.stop());

  /** The field has the focus, and its list works. All of the text comes at once: else a list of a part of it may show first. */
  const find = async (page: Page, path: string, text: string) => {
    await page.goto(path);
    await page.locator('#find[role="combobox"]').waitFor();
    await page.keyboard.press("/");
    await page.keyboard.insertText(text);
  };

  test("lists what goes by the name, and opens what is chosen at the page's position", async () => {
    await visit(fleet.url, async (page) => {
      await find(page, `/?asOfTime=2026-03-31T12:00:00.000Z&zone=Asia/Tokyo`, "gpu0007");
      const asOf = await page.locator("html").getAttribute("data-sequence");
      await page.getByRole("option", { name: "gpu0007" }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/nodes\/gpu0007/);
      const { searchParams } = new URL(page.url());
      expect([searchParams.get("asOf"), searchParams.get("zone")]).toEqual([asOf, "Asia/Tokyo"]);
    });
  });

  test("shows no list to who has left it before the list comes", async () => {
    await visit(fleet.url, async (page) => {
      const deliver = Promise.withResolvers<void>();
      await page.route("**/v1/find*", async (route) => {
        await deliver.promise;
        await route.continue();
      });
      const asked = page.waitForRequest("**/v1/find*");
      const answer = page.waitForResponse("**/v1/find*");
      await find(page, "/", "gpu0007");
      await asked;
      await page.keyboard.press("Tab");
      deliver.resolve();
      await (await answer).finished();
      // By the end of another answer the page has taken that one in.
      await page.evaluate(async () => await (await fetch("/v1/find?q=gpu0019")).json());
      expect(await page.locator("#find").getAttribute("aria-expanded")).toBe("false");
    });
  });

  test("shows the page of what is found if Enter comes before the list", async () => {
    await visit(fleet.url, async (page) => {
      await find(page, "/", "gpu0");
      await page.getByRole("option").first().waitFor();
      await page.route("**/v1/find*", () => undefined);
      await page.keyboard.type("019");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.pathname === "/find");
      expect(new URL(page.url()).searchParams.get("q")).toBe("gpu0019");
      await page.getByRole("link", { name: "gpu0019" }).first().waitFor();
    });
  });
});
