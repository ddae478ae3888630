/** Decisions about zones and co-tests, without a mouse. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { tabTo } from "../tab-to.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { driver, freeze, servedLedger } from "./served-ledger.ts";

async function press(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).first().waitFor();
  await tabTo(page, button);
  await page.keyboard.press("Enter");
}

async function fill(page: Page, label: string | RegExp, text: string): Promise<void> {
  await tabTo(page, label);
  await page.keyboard.type(text);
}

describe.skipIf(!hasBrowser)("by keys alone", () => {
  it("a zone is lifted", async () => {
    await using served = await servedLedger();
    await served.post("/v1/nfz", freeze);
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/nfz/alpha/freeze");
      await press(page, "Lift");
      await fill(page, /^Reason/, "the run is over");
      await fill(page, /^Your name/, "ann");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: `NfzLifted #${before + 1}` }).waitFor();
    });
    expect(await served.eventsAfter(before)).toMatchObject([
      { type: "NfzLifted", attribution: { actor: "ann", reason: "the run is over" } },
    ]);
  });

  it("a co-test of the next bundle is recorded", async () => {
    await using served = await servedLedger();
    const targets = { nodes: ["n1", "n2"] };
    await served.post("/v1/rollouts", { ...driver, targets });
    const updates = [{ component: "bmc", version: "1" }];
    await served.post("/v1/rollouts", { ...driver, rollout: "bmc-1", updates, targets });
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/rollouts");
      await press(page, "Record a co-test");
      await fill(page, /^Name of the test/, "staging-1");
      await fill(page, /^Your name/, "ann");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: /^Event #/ }).waitFor();
    });
    expect(await served.eventsAfter(before)).toMatchObject([
      { type: "CoTestPassed", attribution: { actor: "ann" }, data: { coTest: "staging-1" } },
    ]);
  });
});
