/** An open page follows the ledger. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scriptsHaveRun } from "../scripts-have-run.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { differences } from "./shown-figures.ts";

const failure = (node: string) => ({
  id: randomUUID(),
  type: "NodeFailed",
  occurredAt: "2026-04-01T11:59:00Z",
  data: { cluster: "aurora", node, faultId: `f-${randomUUID()}`, category: "hardware" },
});

/** The page has reached a position when its header says so. */
const reaches = (page: Page, sequence: number) =>
  page.waitForFunction(
    (wanted) => Number(document.documentElement.dataset["sequence"]) >= wanted,
    sequence,
  );

describe.skipIf(!hasBrowser)("an open fleet page", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("shows an event that is posted meanwhile, with the figures of its position", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      await page.locator("#live .words", { hasText: /^Live$/ }).waitFor();
      const sequence = await fleet.post(failure("gpu0001"));
      await reaches(page, sequence);
      await page.locator("#p-last", { hasText: "gpu0001 failed" }).waitFor();
      expect(await differences(page, fleet.url)).toEqual([]);
    });
  });

  test("keeps the fold, the focus and the canvas that a reader has in use", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      const canvas = page.locator(".node-states canvas").first();
      await canvas.waitFor();
      await canvas.evaluate((element) => element.setAttribute("data-mine", ""));
      // The new event takes its place, and moves it on by one.
      const link = page.locator("#p-last a").nth(2);
      await link.focus();
      const href = await link.getAttribute("href");
      await reaches(page, await fleet.post(failure("gpu0002")));
      await page.locator("#p-last", { hasText: "gpu0002 failed" }).waitFor();
      expect(await page.locator("[data-mine]").count()).toBe(1);
      expect(await page.locator("#p-last a:focus").getAttribute("href")).toBe(href);
    });
  });

  test("does not take away a link that is being clicked", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      await page.locator("#live .words", { hasText: /^Live$/ }).waitFor();
      await page.evaluate(() =>
        document.addEventListener("click", (event) => {
          event.preventDefault();
          const link = event.target instanceof Element ? event.target.closest("a") : null;
          document.body.dataset["clicked"] = link?.getAttribute("href") ?? "";
        }),
      );
      // What comes above it does not move it away from the pointer.
      const panel = page.locator("#p-last");
      await panel.evaluate((element) => (element.style.cssText = "position: fixed; top: 9rem"));
      const link = panel.locator("a").first();
      const href = await link.getAttribute("href");
      await link.hover();
      await page.mouse.down();
      await reaches(page, await fleet.post(failure("gpu0005")));
      // The panel needs no further round.
      await page.route("**/*fragments=1*", () => undefined);
      await page.mouse.up();
      expect(await page.locator("body").getAttribute("data-clicked")).toBe(href);
      await page.locator("#p-last", { hasText: "gpu0005 failed" }).waitFor();
    });
  });

  test("leaves a panel alone while a field of it is in use, and keeps what is chosen afterwards", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/clusters/aurora");
      await page.locator("#live .words", { hasText: /^Live$/ }).waitFor();
      const list = page.locator("[data-fragment=nodes]");
      const field = list.locator("select").first();
      await field.focus();
      const [chosen] = await field.selectOption({ index: 1 });
      const first = await fleet.post(failure("gpu0006"));
      await reaches(page, first);
      expect(await list.getAttribute("data-waiting")).toBe("");
      expect(await list.locator("[data-as-of]").first().getAttribute("data-as-of")).not.toBe(
        String(first),
      );
      await field.evaluate((element) => (element as HTMLElement).blur());
      // Another event, of which the panel shows nothing.
      const next = await fleet.post({
        id: randomUUID(),
        type: "CoTestPassed",
        occurredAt: "2026-04-01T11:59:30Z",
        data: { coTest: "nightly", updates: [{ component: "driver", version: "1" }] },
      });
      await reaches(page, next);
      await list.locator("tr", { hasText: "gpu0006" }).filter({ hasText: "down" }).waitFor();
      expect(await list.getAttribute("data-waiting")).toBeNull();
      expect(await field.inputValue()).toBe(chosen);
      expect(await differences(page, fleet.url)).toEqual([]);
    });
  });

  test("says that it hears nothing while the server is away, and misses nothing afterwards", async () => {
    await visit(
      fleet.url,
      async (page) => {
        await page.goto("/");
        const words = page.locator("#live .words");
        await words.filter({ hasText: /^Live$/ }).waitFor();
        await scriptsHaveRun(page);
        // Everything has come: what is under way when a server stops is refused.
        await page.waitForFunction(() =>
          [...document.querySelectorAll<HTMLElement>(".node-states")].every(
            ({ dataset }) => dataset["drawn"] !== undefined,
          ),
        );
        await page.locator("[data-rack-names] span").first().waitFor();
        let sequence = 0;
        await fleet.restart(async () => {
          await words.filter({ hasText: /^No word for \d+ s, trying again$/ }).waitFor();
          const [taken] = await fleet.ledger.submit([failure("gpu0003")]);
          if (taken?.status === "appended") sequence = Number(taken.sequence);
        });
        expect(sequence).toBeGreaterThan(0);
        await words.filter({ hasText: /^Live$/ }).waitFor();
        await reaches(page, sequence);
        await page.locator("#p-last", { hasText: "gpu0003 failed" }).waitFor();
      },
      {
        expectedErrors: [
          /status of 503/,
          /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY|ERR_CONNECTION_RESET/,
        ],
      },
    );
  });

  test("moves on with the clock, without an event", async () => {
    await visit(fleet.url, async (page) => {
      await page.addInitScript(() => {
        const every = setInterval;
        Object.assign(globalThis, {
          setInterval: (act: () => void, ms: number) => (ms < 10_000 ? every(act, ms) : 0),
        });
      });
      await page.goto("/");
      await page.locator("#live .words", { hasText: /^Live$/ }).waitFor();
      const age = page.locator("#p-overdue td.number").first();
      const before = await age.textContent();
      fleet.pass(3 * 3_600_000);
      // Whoever comes back to the page need not wait for its clock.
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await page.waitForFunction(
        (text) => document.querySelector("#p-overdue td.number")?.textContent !== text,
        before,
      );
      await page.locator("#when", { hasText: "last event 3 h ago" }).waitFor();
      expect(await differences(page, fleet.url)).toEqual([]);
    });
  });

  test("stands still when it is told to", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/");
      await page.locator("#live .words", { hasText: /^Live$/ }).waitFor();
      const [isAsked, deliver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      await page.route("**/*fragments=1*", async (route) => {
        isAsked.resolve();
        await deliver.promise;
        await route.continue();
      });
      const asked = await fleet.post(failure("gpu0004"));
      await isAsked.promise;
      await page.keyboard.press("l");
      await page.locator("#live .words", { hasText: "Standing still" }).waitFor();
      deliver.resolve();
      // Neither what was asked for before is shown, nor what the stream tells all the same.
      const sequence = await fleet.post(failure("gpu0008"));
      await page.waitForTimeout(1_500);
      const shown = await page.locator("html").getAttribute("data-sequence");
      expect(Number(shown)).toBeLessThan(asked);
      await page.keyboard.press("l");
      await reaches(page, sequence);
    });
  });
});
