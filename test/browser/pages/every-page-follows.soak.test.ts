/** Every page follows the ledger, and every page of the past is the same for ever. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { soakPart } from "../../random-runs.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { everyPage } from "./every-page.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { differences } from "./shown-figures.ts";

const headers = { accept: "text/html" };

describe.skipIf(!hasBrowser)("every page", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  const failure = () => ({
    id: randomUUID(),
    type: "NodeFailed",
    occurredAt: "2026-04-01T11:59:00Z",
    data: { cluster: "aurora", node: "gpu0417", faultId: randomUUID(), category: "hardware" },
  });

  /** Of a sample, some pages of each kind. */
  const followed = soakPart(everyPage, 4);

  test.each(followed)(
    "$path shows the figures of an event that is posted meanwhile",
    async (page) => {
      const { path } = page;
      await visit(fleet.url, async (open) => {
        await open.goto(path);
        await open.locator("#live .words", { hasText: /^Live$/ }).waitFor();
        const sequence = await fleet.post(failure());
        await open.waitForFunction(
          (wanted) =>
            Number(document.documentElement.dataset["sequence"]) >= wanted &&
            document.querySelector("#main[aria-busy]") === null,
          sequence,
        );
        expect(await differences(open, fleet.url)).toEqual([]);
      });
    },
  );

  test.each(everyPage.filter(({ atHeadOnly }) => atHeadOnly !== true))(
    "$path as of a position has the same bytes later, and its links keep the position",
    async ({ path }) => {
      const address = new URL(path, fleet.url);
      const asOf = String(fleet.head - 3);
      address.searchParams.set("asOf", asOf);
      const asked = async () => {
        const answer = await fetch(address, { headers });
        return {
          status: answer.status,
          html: await answer.text(),
        };
      };
      const first = await asked();
      expect(first.status).toBe(200);
      await fleet.post(failure());
      const then = await asked();
      // What a process has heard of its sources is at no position.
      if (path === "/sources") return;
      expect(then.html).toBe(first.html);
      const [, main = ""] = /<main[^>]*>([^]*)<\/main>/.exec(first.html) ?? [];
      const links = [...main.matchAll(/<a\b[^>]*\bhref="(\/[^"#]*)/g)].map(
        ([, href = ""]) => new URL(href.replaceAll("&amp;", "&"), fleet.url),
      );
      const lost = links.filter(({ pathname, searchParams }) => {
        const isOfLedger = !/^\/(docs|problems|login|v1\/nfz\.ics|v1\/sources)/.test(pathname);
        return isOfLedger && !searchParams.has("asOf");
      });
      expect(lost.map(({ href }) => href)).toEqual([]);
    },
  );
});
