/** What a reader or the ledger does before the script of a part of the page has come is not lost. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { driver, servedLedger } from "../decisions/served-ledger.ts";
import { scriptsHaveRun } from "../scripts-have-run.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";

/** Opens a page whose script of that name does not come until it is delivered. */
async function openWithout(script: string, page: Page, path: string): Promise<() => void> {
  let deliver = (): void => undefined;
  const isAwaited = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await page.route(`**/${script}-*.js`, async (route) => {
    await isAwaited;
    await route.continue();
  });
  await page.goto(path);
  await page.locator("html[data-scripts]").waitFor();
  return () => deliver();
}

describe.skipIf(!hasBrowser)("before its script has come,", () => {
  test("what is typed into the field that finds is looked for", async () => {
    await using served = await servedLedger();
    await visit(served.url, async (page) => {
      const deliver = await openWithout("find", page, "/");
      await page.keyboard.press("/");
      await page.keyboard.type("n2");
      deliver();
      await page.getByRole("option", { name: "n2" }).first().waitFor();
      expect(await page.locator("#find").getAttribute("aria-expanded")).toBe("true");
    });
  });

  test.each([
    ["key", (page: Page) => page.keyboard.press("z")],
    ["button", (page: Page) => page.locator("#zone").click()],
  ])("the %s of the time zone opens the choice", async (_way, press) => {
    await using served = await servedLedger();
    await visit(served.url, async (page) => {
      const deliver = await openWithout("zone", page, "/");
      await press(page);
      const choice = page.getByRole("dialog", { name: "Time zone" });
      expect(await choice.count()).toBe(0);
      deliver();
      await choice.waitFor();
      expect(await choice.getByRole("link").count()).toBeGreaterThan(0);
    });
  });

  test("whoever types elsewhere by then is not disturbed", async () => {
    await using served = await servedLedger();
    await visit(served.url, async (page) => {
      const deliver = await openWithout("{rail,zone}", page, "/");
      await page.keyboard.press("z");
      await page.getByLabel("Look back to sequence").focus();
      await page.keyboard.type("3");
      deliver();
      await scriptsHaveRun(page);
      expect(await page.locator("#as-of:focus").count()).toBe(1);
      expect(await page.getByRole("dialog").count()).toBe(0);
      await page.locator("#position").focus();
      await page.locator(".track .slider").waitFor();
    });
  });

  test("a rollout's buttons are those of what happened meanwhile", async () => {
    await using served = await servedLedger();
    await served.post("/v1/rollouts", driver);
    await visit(served.url, async (page) => {
      const deliver = await openWithout("decide", page, "/rollouts/alpha/driver-2");
      await served.post("/v1/rollouts/driver-2/start", {});
      await page.waitForFunction(
        (wanted) => Number(document.documentElement.dataset["sequence"]) >= wanted,
        await served.sequence(),
      );
      deliver();
      const buttons = page.locator("[data-island=decide] button[data-form]");
      await buttons.first().waitFor();
      expect(await buttons.first().textContent()).toBe("Pause");
    });
  });
});
