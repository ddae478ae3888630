/** The pages of jobs: the main task, by mouse and by keyboard alone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

const fromOf = (page: Page) => new URL(page.url()).searchParams.get("from");

/** Keys are heard once the page's scripts run. */
async function hears(page: Page): Promise<void> {
  await page.locator("#live .words", { hasText: /^Live$/ }).waitFor();
}

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
      const id = new URL(page.url()).pathname.split("/").at(-1);
      const event = await fetch(`${fleet.url}/v1/events/${id}`);
      expect(await event.json()).toMatchObject({ type: "NodeFailed" });
    });
  });

  test("does the same with the keyboard alone: g j, Tab, Enter, and +, ] and - to zoom", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      await hears(page);
      await page.keyboard.press("g");
      await page.keyboard.press("j");
      await page.waitForURL("**/jobs");
      await page.locator("#p-strips").waitFor();
      await tabTo(page, ".strip-link");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/jobs/*");
      const zooms: number[] = [];
      for (const key of ["+", "+", "[", "]", "-"]) {
        const before = fromOf(page);
        await hears(page);
        await page.keyboard.press(key);
        await page.waitForURL((url) => url.searchParams.get("from") !== before);
        zooms.push(Date.parse(fromOf(page) ?? ""));
      }
      const [half = 0, quarter = 0, earlier = 0, later = 0, out = 0] = zooms;
      expect(half).toBeLessThan(quarter);
      expect(earlier).toBeLessThan(quarter);
      expect(later).toBe(quarter);
      expect(out).toBe(half);
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
