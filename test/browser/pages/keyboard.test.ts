/** What a mouse can do in the header, keys can do, on every page; `?` lists them. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim().slice(0, 40) ?? "";
  });

/** Scripts answer keys once they have started. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator("html[data-scripts]").waitFor();
  await page.locator(".track .slider").waitFor();
}

describe.skipIf(!hasBrowser)("by keys", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  const places = [
    ["f", "/"],
    ["n", "/clusters/aurora"],
    ["j", "/clusters/aurora/jobs"],
    ["r", "/rollouts"],
    ["p", "/reports"],
    ["a", "/audit"],
  ] as const;

  test.each(places)("g %s goes to %s and keeps the position", async (key, path) => {
    await visit(fleet.url, async (page) => {
      const from = path === "/" ? "/audit" : "/";
      await open(page, `${from}?asOf=${fleet.head - 500}`);
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === path);
      expect(new URL(page.url()).searchParams.get("asOf")).toBe(String(fleet.head - 500));
    });
  });

  test("/ comes to the field that finds, t changes the theme, z offers zones, ? lists the keys", async () => {
    await visit(fleet.url, async (page) => {
      await open(page, "/audit");
      await page.keyboard.press("?");
      const list = page.getByRole("dialog", { name: "Keyboard" });
      await list.waitFor();
      const listed = await list.locator("dt").allTextContents();
      expect(listed.map((each) => each.trim())).toEqual([
        "/",
        ...places.map(([key]) => `g ${key}`),
        "[ ]",
        "+ -",
        ", .",
        "< >",
        "l",
        "t",
        "z",
        "?",
      ]);
      await page.keyboard.press("Escape");
      await list.waitFor({ state: "detached" });
      await page.keyboard.press("t");
      await page.locator('html[data-theme="dark"]').waitFor();
      await page.reload();
      expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
      await page.locator("html[data-scripts]").waitFor();
      await page.keyboard.press("z");
      const zones = page.getByRole("dialog", { name: "Time zone" });
      await zones.getByRole("link").first().waitFor();
      await page.keyboard.press("Escape");
      await zones.waitFor({ state: "hidden" });
      await page.keyboard.press("/");
      await page.locator("#find:focus").waitFor();
      // In a field, keys are letters.
      await page.keyboard.type("t/?");
      expect(await page.locator("#find").inputValue()).toBe("t/?");
    });
  });

  test("a dialog that closes gives the focus back, unless a key has moved it meanwhile", async () => {
    await visit(fleet.url, async (page) => {
      await open(page, "/audit");
      const zones = page.getByRole("dialog", { name: "Time zone" });
      await page.keyboard.press("z");
      await zones.getByRole("link").first().waitFor();
      await page.keyboard.press("Escape");
      await zones.waitFor({ state: "detached" });
      expect(await focused(page)).toBe("Time zone: UTC");
      await page.keyboard.press("z");
      await zones.getByRole("link").first().waitFor();
      // On a busy machine the key comes before the browser says that the dialog has closed.
      const field = await page.evaluate(
        () =>
          new Promise<string | undefined>((resolve) => {
            const dialog = document.querySelector("dialog");
            dialog?.addEventListener("close", () => resolve(document.activeElement?.id));
            dialog?.close();
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "/" }));
          }),
      );
      expect(field).toBe("find");
    });
  });

  test("brackets go to the period before and after where a page has a period", async () => {
    await visit(fleet.url, async (page) => {
      for (const path of ["/", "/clusters/aurora", "/clusters/aurora/jobs", "/audit"]) {
        await open(page, `${path}?period=2026-03-28`);
        await page.keyboard.press("[");
        await page.waitForURL(/period=2026-03-27/);
        await page.locator("html[data-scripts]").waitFor();
        await page.keyboard.press("]");
        await page.waitForURL(/period=2026-03-28/);
      }
      // A node's page shows the last 90 days unless another window is named.
      await open(page, "/clusters/aurora/nodes/gpu0417");
      await page.locator('.switch [aria-current="true"]', { hasText: "90 days" }).waitFor();
      await page.getByRole("link", { name: "March 2026" }).click();
      await page.waitForURL(/period=2026-03$/);
      await page.locator("html[data-scripts]").waitFor();
      await page.keyboard.press("]");
      await page.waitForURL(/period=2026-04$/);
      expect(await page.locator('.switch [aria-current="true"]').textContent()).toBe(
        "April so far",
      );
    });
  });

  test("Tab comes first to the figures, then through the header; what has the focus is outlined", async () => {
    await visit(fleet.url, async (page) => {
      await open(page, "/");
      const order: string[] = [];
      const outlines = new Set<string>();
      for (let i = 0; i < 14; i++) {
        await page.keyboard.press("Tab");
        order.push(await focused(page));
        outlines.add(
          await page.evaluate(
            () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
          ),
        );
      }
      expect(order.slice(0, 11)).toEqual([
        "Skip to the figures",
        "fleetledger, fleet",
        "Fleet",
        "Nodes",
        "Jobs",
        "Rollouts",
        "Reports",
        "Audit",
        "",
        "Time zone: UTC",
        "Light or dark",
      ]);
      expect([...outlines]).toEqual(["solid"]);
      await page.reload();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    });
  });
});
