/** What an address marks is shown and said on the maps; a count of nodes leads to the nodes that it counts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

describe.skipIf(!hasBrowser)("a page", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("with at=NODE@INSTANT has a frame around the cell, in its column, and says what it is", async () => {
    await visit(fleet.url, async (page) => {
      const at = "2026-03-28T12:00:00Z";
      await page.goto(
        `/clusters/aurora?from=2026-03-22T00:00:00Z&to=2026-03-30T00:00:00Z&at=gpu0417@${at}`,
      );
      const map = page.locator("#p-states .node-states");
      await map.locator(".marked-cell:not([hidden])").waitFor();
      const said = await map.locator("[role=status]").textContent();
      expect(said).toMatch(/^Marked: .*, .*28 .* UTC$/);
      const share = await map.evaluate((element) => {
        const box = element.getBoundingClientRect();
        const mark = element.querySelector(".marked-cell")?.getBoundingClientRect();
        return ((mark?.left ?? 0) - box.left) / box.width;
      });
      // Six and a half days of eight.
      expect(share).toBeGreaterThan(0.8);
      expect(share).toBeLessThan(0.82);
      // Another cluster's map has no such node.
      await page.goto(`/clusters/borealis?at=gpu9999@${at}`);
      await page.locator("#p-states .node-states[data-drawn]").waitFor();
      expect(await page.locator(".marked-cell:not([hidden])").count()).toBe(0);
    });
  });

  test("leads from a number of nodes down to the list of these nodes", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      const count = page.locator("#p-cluster-aurora .state-count", { hasText: "down" });
      const number = Number(/\d+/.exec((await count.textContent()) ?? "")?.[0]);
      await count.click();
      await page.waitForURL(/\/clusters\/aurora\?state=down#p-nodes$/);
      const list = page.locator("#p-nodes");
      expect(await list.locator(".note").textContent()).toContain(`${number} node`);
      const states = await list.locator("tbody .state-mark").allTextContents();
      expect(new Set(states.map((text) => text.trim()))).toEqual(new Set(["down"]));
    });
  });

  test("has its chart where the browser's language is none", async () => {
    await visit(fleet.url, async (page) => {
      await page.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix" });
      });
      await page.goto("/clusters/aurora");
      await page.locator(".nis-window .u-over").waitFor();
      expect(await page.evaluate(() => navigator.language)).toBe("en-GB");
    });
  });
});
