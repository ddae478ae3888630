/** The page of a cluster's nodes: its window is zoomed by mouse and by keyboard alone, and is in the address. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { differences } from "./shown-figures.ts";

const whole = "/clusters/aurora?from=2026-03-22T00:00:00Z&to=2026-03-30T00:00:00Z";

/** The window that the address names, in hours. */
const hoursOf = (page: Page) => {
  const { searchParams } = new URL(page.url());
  const [from, to] = ["from", "to"].map((name) => Date.parse(searchParams.get(name) ?? ""));
  return ((to ?? Number.NaN) - (from ?? Number.NaN)) / 3_600_000;
};

/** Whether chart, picture and panels show the window of the address. */
const settled = (page: Page) =>
  page.waitForFunction(() => {
    const { searchParams } = new URL(location.href);
    const [from, to] = ["from", "to"].map((name) => Date.parse(searchParams.get(name) ?? ""));
    const chart = document.querySelector<HTMLElement>(".nis-window");
    const states = document.querySelector<HTMLElement>("#p-states .node-states");
    const drawn = new URL(states?.dataset["drawn"] ?? "/", location.origin).searchParams;
    return (
      chart?.dataset["drawn"] === `${from}/${to}` &&
      chart.dataset["from"] === String(from) &&
      Date.parse(drawn.get("from") ?? "") === from &&
      document.querySelector("#main[aria-busy]") === null
    );
  });

describe.skipIf(!hasBrowser)("the window of a cluster's nodes", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("is what a drag selects, back leads to the one before, and its figures are the interface's", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(whole);
      await settled(page);
      const box = await page.locator(".nis-window .u-over").boundingBox();
      if (box === null) throw new Error("the chart has no place");
      await page.mouse.move(box.x + box.width / 4, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + 50, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL((url) => url.href !== new URL(whole, fleet.url).href);
      await settled(page);
      expect(hoursOf(page)).toBeGreaterThan(44);
      expect(hoursOf(page)).toBeLessThan(52);
      expect(await differences(page, fleet.url)).toEqual([]);
      await page.goBack();
      await settled(page);
      expect(hoursOf(page)).toBe(8 * 24);
      await page.goForward();
      await settled(page);
      await page.locator(".nis-window .u-over").dblclick();
      await page.waitForURL((url) => !url.searchParams.has("from"));
    });
  });

  test("is zoomed and moved by keys alone, which also tell each bucket's figures", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(whole);
      await settled(page);
      await page.locator(".nis-window").focus();
      // Keys may come faster than what they ask for is drawn.
      await page.evaluate(() => {
        for (const key of ["+", "+", "-"])
          document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key }));
      });
      await settled(page);
      expect(hoursOf(page)).toBe(4 * 24);
      await page.keyboard.press("Shift+ArrowRight");
      await settled(page);
      expect(new URL(page.url()).searchParams.get("from")).toBe("2026-03-26T00:00:00.000Z");
      await page.keyboard.press("-");
      await settled(page);
      expect(hoursOf(page)).toBe(8 * 24);
      await page.keyboard.press("Home");
      const told = page.locator('.nis-window [role="status"]');
      await told
        .filter({ hasText: /^24 Mar 2026 00:00 – .*contractual [\d.]+ %, raw [\d.]+ %$/ })
        .waitFor();
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.searchParams.has("from"));
    });
  });
});

describe.skipIf(!hasBrowser)("a node in the picture of a cluster's nodes", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("is opened by keys alone, and its page marks the instant of the cell", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(whole);
      const states = page.locator("#p-states .node-states");
      await states.locator("canvas").waitFor();
      await page.locator('[data-rack-names="states"] span').first().waitFor();
      await states.focus();
      for (const key of ["Home", "ArrowDown", "ArrowRight", "Enter"])
        await page.keyboard.press(key);
      await page.waitForURL(/\/clusters\/aurora\/nodes\/gpu\d+\?/);
      await page.locator(".marked", { hasText: "22 Mar" }).waitFor();
      expect(await page.locator("h1").textContent()).toMatch(/^gpu\d+$/);
    });
  });
});
