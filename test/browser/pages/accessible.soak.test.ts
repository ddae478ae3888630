/** Pages can be used by everybody: with a screen reader, in both themes, on a wide screen and on a phone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { soakPart, soakRuns } from "../../random-runs.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { everyPage, pagesWithoutFigures } from "./every-page.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { hurdles, looks, visitOf } from "./usable.ts";

describe.skipIf(!hasBrowser)("a page", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  const pages = [...everyPage, ...pagesWithoutFigures].map((page, i) => ({ ...page, i }));

  test.each(soakPart(pages, 3))(
    "at $path breaks no rule of accessibility and never scrolls sideways",
    async ({ path, i }) => {
      const all = soakRuns(looks.length, 1);
      for (const look of looks
        .map((_, k) => looks[(i + k) % looks.length])
        .slice(0, all)
        .flatMap((each) => each ?? [])) {
        const see = async (page: Page) => {
          await page.goto(path);
          await page.locator("#live").waitFor();
          expect(await hurdles(page, look)).toEqual([]);
        };
        await visit(fleet.url, see, visitOf(look));
      }
    },
  );
});
