/** No script is needed to read a figure. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { soakRuns } from "../../random-runs.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { everyPage } from "./every-page.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

const figures = (page: Page) =>
  page
    .locator("[data-figure]")
    .evaluateAll((all) =>
      all.map(
        (each) =>
          `${(each as HTMLElement).dataset["figure"]} ${(each as HTMLElement).dataset["raw"]}`,
      ),
    );

describe.skipIf(!hasBrowser)("without scripts,", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  const looked = everyPage.slice(0, soakRuns(everyPage.length, 6));

  test.each(looked)("$path has the same figures as with them", async ({ path }) => {
    let without: string[] = [];
    await visit(
      fleet.url,
      async (page) => {
        await page.goto(path);
        without = await figures(page);
      },
      { javaScriptEnabled: false },
    );
    await visit(fleet.url, async (page) => {
      await page.goto(path, { waitUntil: "networkidle" });
      // A long list keeps only the rows that are seen.
      expect(without).toEqual(expect.arrayContaining(await figures(page)));
    });
    expect(without.length).toBeGreaterThan(0);
  });
});
