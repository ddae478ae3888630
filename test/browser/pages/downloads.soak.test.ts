/** Every table and chart can be taken along: as CSV at an address of the interface, and charts as a picture. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { soakPart, soakRuns } from "../../random-runs.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { everyPage } from "./every-page.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

const folder = mkdtempSync(join(tmpdir(), "fleetledger-downloads-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Width and height that the head of a PNG states; `null` if it is none. */
function sizeOfPng(file: Buffer): readonly [number, number] | null {
  const isPng = file.subarray(0, 8).equals(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
  return isPng ? [file.readUInt32BE(16), file.readUInt32BE(20)] : null;
}

/** Panels that draw something as wide as a chart and do not give it away. A bar of progress is no chart. Runs in the page. */
function chartsWithoutDownloads(): string[] {
  const drawn = "svg[role=img], svg[role=group], .node-states";
  return [...document.querySelectorAll<HTMLElement>("section.panel")].flatMap((panel) => {
    const charts = [...panel.querySelectorAll(drawn)].filter(
      (each) => each.closest(".card-progress") === null && each.getBoundingClientRect().width > 150,
    );
    const isGiven =
      panel.querySelector("[data-png]") !== null && panel.querySelector("a[download]") !== null;
    return charts.length === 0 || isGiven ? [] : [panel.id];
  });
}

async function savedBy(page: Page, button: number): Promise<{ name: string; file: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("[data-png]").nth(button).click(),
  ]);
  const name = download.suggestedFilename();
  const path = join(folder, name);
  await download.saveAs(path);
  return { name, file: readFileSync(path) };
}

describe.skipIf(!hasBrowser)("downloads", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test.each(everyPage)("of $path as CSV are tables", async ({ path }) => {
    const headers = { accept: "text/html" };
    const html = await (await fetch(new URL(path, fleet.url), { headers })).text();
    const links = [...html.matchAll(/<a\s[^>]*href="([^"]+)"[^>]*\bdownload\b/g)].map(
      ([, href = ""]) => href.replaceAll("&amp;", "&"),
    );
    for (const link of new Set(links.filter((each) => /\b(format=csv|table=)/.test(each)))) {
      const answer = await fetch(new URL(link, fleet.url));
      const text = await answer.text();
      expect([link, answer.status, answer.headers.get("content-type"), text]).toEqual([
        link,
        200,
        "text/csv; charset=utf-8",
        expect.stringMatching(/^[^\n]+,[^\n]+\n/),
      ]);
    }
  });

  test.each(everyPage)("of every table of $path are offered", async ({ path }) => {
    const headers = { accept: "text/html" };
    const html = await (await fetch(new URL(path, fleet.url), { headers })).text();
    const panels = html.split(/(?=<section\s+class="panel)/).slice(1);
    const without = panels.filter((each) => each.includes("<td") && !/\bdownload\b/.test(each));
    // A part of an issued document has no name: the document is offered as a whole.
    const named = without.flatMap((each) => /id="p-([\w-]+)"/.exec(each)?.[1] ?? []);
    expect(named).toEqual([]);
  });

  test.each(everyPage)(
    "of each chart of $path are offered, as CSV and as a picture",
    async ({ path }) => {
      await visit(fleet.url, async (page) => {
        await page.goto(path);
        await page.locator("html[data-scripts]").waitFor();
        expect(await page.evaluate(chartsWithoutDownloads)).toEqual([]);
      });
    },
  );

  // Of a sample, every third page.
  test.each(soakPart(everyPage, 3))(
    "of charts of $path are pictures that name page and position",
    async ({ path }) => {
      await visit(fleet.url, async (page) => {
        await page.goto(path);
        await page.locator("html[data-scripts]").waitFor();
        const buttons = await page.locator("[data-png]").count();
        for (let i = 0; i < Math.min(buttons, soakRuns(buttons, 1)); i++) {
          const { name, file } = await savedBy(page, i);
          expect(name).toMatch(new RegExp(`^[\\w.-]+-${fleet.head}\\.png$`));
          const [width = 0, height = 0] = sizeOfPng(file) ?? [];
          expect([width > 400, height > 100, file.length > 5_000]).toEqual([true, true, true]);
        }
      });
    },
  );
});
