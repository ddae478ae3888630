/** Looking back: by the rail, by keys, and by links; there and back again. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { differences } from "./shown-figures.ts";

/** Waits until the rail has its history, and gives its box. */
async function railOf(page: Page) {
  const slider = page.locator(".slider[aria-valuetext]");
  await slider.waitFor();
  const box = await slider.boundingBox();
  if (box === null) throw new Error("the rail is not shown");
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
  return { slider, at };
}

const asOf = (page: Page) => new URL(page.url()).searchParams.get("asOf");

describe.skipIf(!hasBrowser)("the rail of time", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("says where one would go while it is dragged, and goes there when it is let go", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      const { at } = await railOf(page);
      let asked = 0;
      page.on("request", (request) => (request.isNavigationRequest() ? asked++ : 0));
      await page.mouse.move(...at(0.9));
      await page.mouse.down();
      await page.mouse.move(...at(0.4), { steps: 5 });
      const words = await page.locator(".says").textContent();
      expect(words).toMatch(/^#[\d,]+ · \d+ Mar 2026 \d\d:\d\d UTC$/);
      expect(asked).toBe(0);
      await page.mouse.up();
      await page.waitForURL(/asOf=/);
      expect(words).toContain(`#${Number(asOf(page)).toLocaleString("en-GB")} `);
      await page.locator("html.past").waitFor();
      await page.locator("#behind", { hasText: /events behind/ }).waitFor();
      expect(await differences(page, fleet.url)).toEqual([]);
    });
  });

  test("is reached and moved by keys alone", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      const { slider } = await railOf(page);
      await slider.focus();
      const now = () => slider.getAttribute("aria-valuenow").then(Number);
      const before = await now();
      for (const key of ["PageDown", "ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
      const there = await now();
      expect(there).toBeLessThan(before);
      // The page goes on meanwhile, and so does what it looks like.
      await page.evaluate((sequence) => {
        document.dispatchEvent(new CustomEvent("positionchange", { detail: sequence }));
        document.dispatchEvent(new Event("themechange"));
      }, before);
      expect(await now()).toBe(there);
      await page.keyboard.press("Enter");
      await page.waitForURL(/asOf=/);
      expect(Number(asOf(page))).toBe(there);
    });
  });

  test("is moved from the newest position, also if events have come since it was read", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      const { slider } = await railOf(page);
      await page.evaluate((sequence) => {
        document.dispatchEvent(new CustomEvent("positionchange", { detail: sequence }));
      }, fleet.head + 5);
      await slider.focus();
      await page.keyboard.press("ArrowLeft");
      expect(Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThan(0.9 * fleet.head);
    });
  });

  test("leads nowhere before it is known what lies where, and counts as was chosen last", async () => {
    await visit(fleet.url, async (page) => {
      const deliver = Promise.withResolvers<void>();
      await page.route("**/v1/history?by=recorded*", async (route) => {
        await deliver.promise;
        await route.continue();
      });
      const late = page.waitForResponse(/by=recorded/);
      await page.goto("/");
      let asked = 0;
      page.on("request", (request) => (request.isNavigationRequest() ? asked++ : 0));
      await page.locator(".track .slider").click();
      await page.getByLabel("What the rail counts by").selectOption("sequence");
      const { slider } = await railOf(page);
      deliver.resolve();
      await (await late).finished();
      await slider.focus();
      await page.keyboard.press("PageDown");
      // A tenth of the rail is a tenth of the events, whenever they were recorded.
      const there = Number(await slider.getAttribute("aria-valuenow"));
      expect(Math.abs(there / fleet.head - 0.9)).toBeLessThan(0.01);
      expect([asked, asOf(page)]).toEqual([0, null]);
    });
  });

  test("compares two positions when it is dragged with the shift key held", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      const { at } = await railOf(page);
      await page.keyboard.down("Shift");
      await page.mouse.move(...at(0.3));
      await page.mouse.down();
      await page.mouse.move(...at(0.6), { steps: 3 });
      await page.mouse.up();
      await page.keyboard.up("Shift");
      await page.waitForURL(/\/audit\/changes\?from-sequence=\d+&asOf=\d+/);
      expect(await page.locator("h1").textContent()).toContain("changed");
    });
  });
});

describe.skipIf(!hasBrowser)("a page that looks back", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("has the same bytes whenever it is come back to, and its links keep the position", async () => {
    await visit(fleet.url, async (page) => {
      const path = `/?asOf=${fleet.head - 500}`;
      const bytes = async () => await (await page.request.get(path)).text();
      const first = await bytes();
      await page.goto(path);
      await page.locator(".panel.cluster h2 a").first().click();
      await page.waitForURL(/\/clusters\/aurora/);
      expect(asOf(page)).toBe(String(fleet.head - 500));
      await page.getByRole("link", { name: "back to now" }).click();
      await page.waitForURL((url) => !url.searchParams.has("asOf"));
      expect(await bytes()).toBe(first);
    });
  });

  test("moves by an event and by an hour with keys", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(`/?asOf=${fleet.head - 500}`);
      await page.keyboard.press(",");
      await page.waitForURL(new RegExp(`asOf=${fleet.head - 501}`));
      await page.keyboard.press(".");
      await page.waitForURL(new RegExp(`asOf=${fleet.head - 500}`));
      await page.keyboard.press("<");
      await page.waitForURL(/asOfTime=/);
      expect(await page.locator("html.past").count()).toBe(1);
    });
  });

  test("goes forward by an hour up to the ledger's own present, and from there is live", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(`/?asOf=${fleet.head - 1}`);
      await page.locator("html[data-head-at]").waitFor({ state: "attached" });
      await page.keyboard.press(">");
      await page.waitForURL((url) => !url.search.includes("asOf"));
      expect(await page.locator("html.live").count()).toBe(1);
    });
  });

  test("goes back to now with l", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(`/?asOf=${fleet.head - 500}&zone=Asia/Tokyo`);
      await page.keyboard.press("l");
      await page.waitForURL((url) => url.search === "?zone=Asia/Tokyo");
      expect(await page.locator("html.live").count()).toBe(1);
    });
  });

  test("goes to the period before and after with brackets", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(`/clusters/aurora?asOf=${fleet.head - 500}&period=2026-03-28`);
      await page.keyboard.press("[");
      await page.waitForURL(/period=2026-03-27/);
      await page.keyboard.press("]");
      await page.waitForURL(/period=2026-03-28/);
      expect(asOf(page)).toBe(String(fleet.head - 500));
    });
  });

  test("can be read in the zone of a cluster's terms", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(`/?asOf=${fleet.head - 500}`);
      const written = async () => {
        const { slider } = await railOf(page);
        const text = await slider.getAttribute("aria-valuetext");
        const [, minute, zone] = /· (.+) (\S+)$/.exec(text ?? "") ?? [];
        return { ms: Date.parse(`${minute} UTC`), zone };
      };
      const inUtc = await written();
      await page.keyboard.press("z");
      const choices = page.getByRole("dialog", { name: "Time zone" }).getByRole("link");
      await choices.first().waitFor();
      expect(await choices.allTextContents()).toContain("America/Denver (terms)");
      await choices.filter({ hasText: "America/Denver" }).click();
      await page.waitForURL(/zone=America/);
      expect(await page.locator("#when").textContent()).toContain("America/Denver");
      // What islands write is in the same zone, six hours behind UTC in summer.
      const { ms, zone } = await written();
      expect(zone).toBe("America/Denver");
      // The longer name leaves the rail fewer bins, which begin elsewhere.
      expect(Math.abs(inUtc.ms - 6 * 3_600_000 - ms)).toBeLessThan(2 * 3_600_000);
      const map = page.locator(".node-states.large");
      await page.locator(".node-states.large[data-drawn]").waitFor();
      await map.focus();
      await page.keyboard.press("Home");
      await map.locator(".cell-says", { hasText: "America/Denver" }).waitFor();
    });
  });
});
