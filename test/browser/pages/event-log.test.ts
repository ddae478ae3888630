/** The event log is read by scrolling or by keyboard, and holds little of itself in the page. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { sealedServer } from "./sealed-server.ts";

const begin = Date.UTC(2026, 2, 1);
const events = Array.from({ length: 1_950 }, (_, i) =>
  anEvent({
    type: "NodeCommissioned",
    occurredAt: formatInstant(begin + i * 60_000),
    data: { cluster: "alpha", node: `n${i + 1}` },
  }),
);

/** Sequences of the rows that are in the page; runs in the page. */
const inPage = (): number[] =>
  [...document.querySelectorAll(".log-box tbody tr:not(.space) th")].map((cell) =>
    Number(cell.textContent.replaceAll(",", "")),
  );
const scroll = async (by: number): Promise<void> => {
  document.querySelector(".log-box")?.scrollBy(0, by);
  // A list is drawn once a frame.
  for (let i = 0; i < 2; i++) await new Promise((next) => requestAnimationFrame(next));
};
const says = (): string => document.querySelector(".log-says")?.textContent ?? "";
const firstIs = (sequence: number): boolean =>
  document
    .querySelector(".log-box tbody tr:not(.space) th")
    ?.textContent.includes(sequence.toLocaleString("en-GB")) === true;
const reachesBefore = (sequence: number): boolean =>
  [...document.querySelectorAll(".log-box tbody th")].some(
    (cell) => Number(cell.textContent.replaceAll(",", "")) < sequence,
  );
const chosenIs = (sequence: number): boolean =>
  document
    .querySelector("table.log tr.chosen th")
    ?.textContent.includes(sequence.toLocaleString("en-GB")) === true;

describe.skipIf(!hasBrowser)("the event log", () => {
  let server: Awaited<ReturnType<typeof sealedServer>>;
  beforeAll(async () => {
    server = await sealedServer(events);
  });
  afterAll(() => server.stop());

  test("shows every event once as one scrolls, with some rows in the page at a time, there and back", async () => {
    await visit(server.url, async (page) => {
      await page.goto("/audit/events");
      await page.locator(".log-box.moving").waitFor();
      const seen = new Set<number>();
      let most = 0;
      const note = async () => {
        const rows = await page.evaluate(inPage);
        most = Math.max(most, rows.length);
        for (const row of rows) seen.add(row);
      };
      for (let isWhole = false; !isWhole || !seen.has(1);) {
        await note();
        await page.evaluate(scroll, 400);
        isWhole = (await page.evaluate(says)).endsWith("which is all");
      }
      expect(most).toBeLessThan(80);
      expect(seen.size).toBe(events.length);
      // What was let go of in between is read again.
      await page.evaluate(scroll, -1e9);
      await page.waitForFunction(firstIs, events.length);
    });
  });

  test("fills its box when the window grows", async () => {
    await visit(server.url, async (page) => {
      await page.setViewportSize({ width: 1_440, height: 400 });
      await page.goto("/audit/events");
      await page.locator(".log-box.moving").waitFor();
      await page.setViewportSize({ width: 1_440, height: 2_000 });
      await page.waitForFunction(() => {
        const box = document.querySelector(".log-box")?.getBoundingClientRect();
        const rows = [...document.querySelectorAll(".log-box tbody tr:not(.space)")];
        return (
          box !== undefined && (rows.at(-1)?.getBoundingClientRect().bottom ?? 0) >= box.bottom
        );
      });
      expect((await page.evaluate(inPage)).length).toBeGreaterThan(30);
    });
  });

  test("is walked through by keyboard: arrows, Home, End, and Enter opens the event", async () => {
    await visit(server.url, async (page) => {
      await page.goto("/audit/events");
      await page.locator(".log-box.moving").waitFor();
      const table = page.locator("table.log");
      const chosen = page.locator("table.log tr.chosen th");
      await table.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      expect(await chosen.textContent()).toContain("1,949");
      expect(await table.getAttribute("aria-activedescendant")).toBe("event-1");
      await page.keyboard.press("End");
      await page.waitForFunction(chosenIs, 1_851);
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/events\/[0-9a-f-]{36}$/);
      expect(await page.locator("h1").textContent()).toContain("n1949 joined");
    });
  });

  test("shows a new event at the top, but does not move what is being read", async () => {
    await visit(server.url, async (page) => {
      await page.goto("/audit/events");
      await page.locator(".log-box.moving").waitFor();
      const post = async (node: string) => {
        const event = anEvent({
          type: "NodeCommissioned",
          occurredAt: "2026-04-15T11:59:00Z",
          data: { cluster: "alpha", node },
        });
        await server.ledger.submit([event]);
        const { sequence } = await server.ledger.store.head();
        await page.waitForFunction(
          (head) => document.documentElement.dataset["sequence"] === String(head),
          sequence,
        );
      };
      await post("new1");
      await page.locator("table.log", { hasText: "new1 joined" }).waitFor();
      await page.evaluate(scroll, 2_000);
      await page.waitForFunction(() => document.querySelector("tr.space td") !== null);
      await post("new2");
      const button = page.getByRole("button", { name: "Show newer events" });
      await button.focus();
      expect(await page.locator("table.log", { hasText: "new2 joined" }).count()).toBe(0);
      // The offer stays while more happens and more is read.
      await post("new3");
      await page.evaluate(scroll, 2_000);
      await page.waitForFunction(reachesBefore, 1_850);
      expect(await page.locator(".log-says button:focus").count()).toBe(1);
      await page.keyboard.press("Enter");
      await page.locator("table.log", { hasText: "new2 joined" }).waitFor();
      // Now the list has the focus, and what is chosen in it is still the same event after another has come.
      await page.keyboard.press("ArrowDown");
      await post("new4");
      expect(await page.locator("table.log tr.chosen").textContent()).toContain("new3 joined");
    });
  });

  test("is read by its links where no scripts run", async () => {
    await visit(
      server.url,
      async (page) => {
        await page.goto("/audit/events?order=asc");
        expect(await page.locator("table.log tbody tr").count()).toBe(100);
        await page.getByRole("link", { name: "100 newer" }).click();
        expect(await page.locator("table.log tbody th").first().textContent()).toContain("101");
      },
      { javaScriptEnabled: false },
    );
  });
});
