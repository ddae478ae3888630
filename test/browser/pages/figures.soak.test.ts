/** No page has a number of its own: every figure is what the interface answers at the page's position. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pages } from "../../../src/dashboard/pages/pages.ts";
import { soakRuns } from "../../random-runs.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { everyPage, pagesWithoutFigures } from "./every-page.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { differences } from "./shown-figures.ts";

test("every page of the dashboard is known to these tests", () => {
  const known = [...new Set([...everyPage, ...pagesWithoutFigures].map(({ route }) => route))];
  const all = pages.map(({ path }) => path);
  expect(known.filter((path) => all.includes(path)).sort()).toEqual(all.sort());
});

describe.skipIf(!hasBrowser)("figures on pages", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  /** At the head, and at two positions of the past. */
  const positions = soakRuns(3, 2);

  test.each(everyPage)("of $path are the interface's", async ({ path, atHeadOnly }) => {
    const before = [fleet.head - 3, Math.floor(fleet.head / 2)].slice(0, positions - 1);
    const past = atHeadOnly === true ? [fleet.head] : before;
    for (const asOf of [null, ...past]) {
      await visit(fleet.url, async (page) => {
        const address = new URL(path, fleet.url);
        if (asOf !== null) address.searchParams.set("asOf", String(asOf));
        const answer = await page.goto(address.href);
        expect(answer?.status(), address.href).toBe(200);
        expect(await differences(page, fleet.url), address.href).toEqual([]);
      });
    }
  });
});
