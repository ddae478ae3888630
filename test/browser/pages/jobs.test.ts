/** The pages of jobs: the main task, by mouse and by keyboard alone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

const windowOf = (page: Page) => {
  const { searchParams } = new URL(page.url());
  return [searchParams.get("from"), searchParams.get("to")];
};

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`no Tab leads to ${selector}`);
}

describe.skipIf(!hasBrowser)("whoever asks why a job made no progress", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("clicks the longest strip, zooms to an interruption, and comes to the event of its fault", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      await page.locator(".bar nav").getByText("Jobs").click();
      const strip = page.locator(".strip-link").first();
      const name = (await strip.locator(".strip-name").textContent()) ?? "";
      await strip.locator("svg.job-strip").click();
      await page.waitForURL(`**/jobs/${name}`);
      const entry = page.locator("#p-interruptions tbody tr", { hasText: "gpu" }).first();
      await entry.getByText("zoom").click();
      await page.waitForURL("**from=**");
      expect(await page.locator("#p-strip .note").textContent()).not.toContain("whole life");
      expect(await page.locator("#p-interruptions tbody tr").count()).toBeGreaterThan(0);
      await page.locator("#p-interruptions td.mono a").first().click();
      await page.waitForURL("**/events/**");
      expect(await page.locator("main").textContent()).toContain("NodeFailed");
    });
  });

  test("does the same with the keyboard alone: g j, Tab, Enter, and + and - to zoom", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      await page.locator("html[data-keys], #live").first().waitFor();
      await page.waitForFunction(
        () => document.querySelector("#live .words")?.textContent === "Live",
      );
      await page.keyboard.press("g");
      await page.keyboard.press("j");
      await page.waitForURL("**/jobs");
      await page.locator("#p-strips").waitFor();
      await tabTo(page, ".strip-link");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/jobs/*");
      await page.waitForFunction(
        () => document.querySelector("#live .words")?.textContent === "Live",
      );
      expect(windowOf(page)).toEqual([null, null]);
      await page.keyboard.press("+");
      await page.waitForURL("**from=**");
      const closer = windowOf(page);
      await page.waitForFunction(
        () => document.querySelector("#live .words")?.textContent === "Live",
      );
      await page.keyboard.press("]");
      await page.waitForURL((url) => url.searchParams.get("from") !== closer[0]);
      expect(windowOf(page)[0] ?? "").toMatch(/Z$/);
      await page.waitForFunction(
        () => document.querySelector("#live .words")?.textContent === "Live",
      );
      await page.keyboard.press("-");
      await page.waitForURL((url) => url.searchParams.get("from") !== windowOf(page)[0] || true);
      await page.locator("#p-strip").waitFor();
    });
  });

  test("sorts the table with Enter on a heading, which says so", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/clusters/aurora/jobs");
      const heading = page.locator("#p-table th", { hasText: "Crashes" });
      expect(await heading.getAttribute("aria-sort")).toBe("none");
      await heading.locator("a").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL("**sort=-crashes**");
      expect(await heading.getAttribute("aria-sort")).toBe("descending");
      const counts = await page
        .locator("#p-table tbody tr td:last-child .fig")
        .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-raw"))));
      expect(counts.length).toBeGreaterThan(2);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    });
  });
});
