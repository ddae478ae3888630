/** On paper a page is light, and has nothing that only a screen can do. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { everyPage } from "./every-page.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

/** Runs in the page: what is drawn of it, and on which ground. */
function drawn() {
  const isShown = (selector: string) =>
    [...document.querySelectorAll(selector)].some((each) => each.getClientRects().length > 0);
  const ground = getComputedStyle(document.body).backgroundColor;
  const ink = getComputedStyle(document.body).color;
  const [red = 255] = (/\d+/.exec(ink) ?? []).map(Number);
  return {
    header: isShown("header.top .bar"),
    live: isShown("#live"),
    links: isShown(".tools a, .switch a, footer a"),
    figures: isShown("[data-figure]"),
    position: isShown(".rail .sequence"),
    isDarkOnLight: red < 80 && (ground === "rgb(255, 255, 255)" || ground === "rgba(0, 0, 0, 0)"),
  };
}

/** How far the page is wider than the sheet, in pixels. */
const sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

const paper = {
  header: false,
  live: false,
  links: false,
  figures: true,
  position: true,
  isDarkOnLight: true,
};

describe.skipIf(!hasBrowser)("a page on paper", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("is light though the screen is dark, without navigation and without a sign that it is live", async () => {
    await visit(
      fleet.url,
      async (page) => {
        await page.goto("/");
        await page.locator("html[data-scripts]").waitFor();
        expect(await page.evaluate(drawn)).toMatchObject({ live: true, isDarkOnLight: false });
        await page.emulateMedia({ media: "print" });
        expect(await page.evaluate(drawn)).toEqual(paper);
      },
      { colorScheme: "dark" },
    );
  });

  test("fits the width of a sheet, tables too", async () => {
    await visit(
      fleet.url,
      async (page) => {
        await page.emulateMedia({ media: "print" });
        for (const { path } of everyPage) {
          await page.goto(`${path}${path.includes("?") ? "&" : "?"}print=1`);
          expect([path, await page.evaluate(sideways)]).toEqual([path, 0]);
        }
      },
      // A4 without its margins.
      { viewport: { width: 703, height: 1_000 } },
    );
  });

  test("looks the same on the screen with print=1", async () => {
    await visit(
      fleet.url,
      async (page) => {
        await page.goto("/?print=1");
        await page.locator("html[data-scripts]").waitFor();
        expect(await page.evaluate(drawn)).toEqual(paper);
      },
      { colorScheme: "dark" },
    );
  });
});
