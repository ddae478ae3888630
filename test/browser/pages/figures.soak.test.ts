/** No page has a number of its own: every figure is what the interface answers at the page's position. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pages } from "../../../src/dashboard/pages/pages.ts";
import { soakPart, soakRuns } from "../../random-runs.ts";
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

const failure = {
  id: "3b1f0a52-6f0e-4c7d-9a1b-2f4f1f0c9a01",
  type: "NodeFailed",
  occurredAt: "2026-03-28T04:00:00Z",
  data: { cluster: "aurora", node: "gpu0007", faultId: "late", category: "hardware" },
};
const mended = {
  id: "3b1f0a52-6f0e-4c7d-9a1b-2f4f1f0c9a02",
  type: "NodeReturned",
  occurredAt: "2026-03-28T09:00:00Z",
  data: { cluster: "aurora", node: "gpu0007", faultIds: ["late"] },
};

describe.skipIf(!hasBrowser)("figures on pages", () => {
  let fleet: ServedFleet;
  /** After a report was issued, late facts change what it would say. */
  let after: readonly number[];
  beforeAll(async () => {
    fleet = await servedFleet();
    after = [await fleet.post(failure), await fleet.post(mended)];
  });
  afterAll(() => fleet.stop());

  /** At the head, and at two positions of the past. */
  const positions = soakRuns(3, 2);

  test.each(soakPart(everyPage, 3))(
    "of $path are the interface's",
    async ({ path, atHeadOnly }) => {
      const before = [fleet.head - 3, Math.floor(fleet.head / 2)];
      const past = (atHeadOnly === true ? [fleet.head, ...after.slice(0, 1)] : before).slice(
        0,
        positions - 1,
      );
      for (const asOf of [null, ...past]) {
        await visit(fleet.url, async (page) => {
          const address = new URL(path, fleet.url);
          if (asOf !== null) address.searchParams.set("asOf", String(asOf));
          const answer = await page.goto(address.href);
          expect(answer?.status(), address.href).toBe(200);
          expect(await differences(page, fleet.url), address.href).toEqual([]);
        });
      }
    },
  );
});
