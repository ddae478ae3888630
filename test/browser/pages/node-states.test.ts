/** The picture of node states: each of its cells is the interface's, and keys go through it. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

/**
 * The cells that the interface answers for the window and size that are drawn, and what colours they have. Reckoned in
 * the page: there are half a million, and the test's process, which is the server's, too, would stand still for them.
 */
async function drawn(states: Locator) {
  return await states.evaluate(async (element) => {
    const canvas = element.querySelector("canvas");
    const answer = await fetch(element.dataset["drawn"] ?? "");
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const head = new DataView(bytes.buffer);
    const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
    const cells = bytes.subarray(24);
    const colours = new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0));
    const colourOf = new Map<number, number>();
    const odd = [...cells].filter((cell, i) => {
      const colour = colours[i] ?? 0;
      // What is in service, and where there is no member, has one colour, whatever its share.
      const kind = cell >> 5 === 0 || cell >> 5 === 4 ? (cell >> 5) << 5 : cell;
      const isOdd = (colourOf.get(kind) ?? colour) !== colour;
      colourOf.set(kind, colour);
      return isOdd;
    });
    return {
      cells: new TextDecoder("latin1").decode(cells),
      pixels: colours.length,
      size: [canvas?.width, canvas?.height],
      width: head.getUint16(6, true),
      height: head.getUint16(8, true),
      /** How many cells have another colour than the first of their kind. */
      odd: odd.length,
      colours: [...colourOf.values()],
    };
  });
}

/** Every cell has the colour of its state and share, and no two of these have the same. Gives how many there are. */
async function coloursOf(states: Locator): Promise<number> {
  const { cells, pixels, size, width, height, odd, colours } = await drawn(states);
  const area = width * height;
  expect([size, cells.length, pixels, odd]).toEqual([[width, height], area, area, 0]);
  expect(new Set(colours).size).toBe(colours.length);
  return colours.length;
}

const fromDrawn = async (states: Locator) =>
  new URL((await states.getAttribute("data-drawn")) ?? "", "http://any").searchParams.get("from");

describe.skipIf(!hasBrowser)("the picture of node states", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  test("is asked for again some seconds after it was refused, also in the past", async () => {
    await visit(
      fleet.url,
      async (page) => {
        await page.clock.install();
        let asked = 0;
        await page.route("**/node-states?*", async (route) => {
          if (++asked > 1) await route.continue();
          else await route.fulfill({ status: 503 });
        });
        await page.goto(`/clusters/aurora?asOf=${fleet.head - 500}`);
        const states = page.locator('[data-island="node-states"]');
        await states.getByText("They are asked for again in a few seconds").waitFor();
        await page.clock.fastForward(5_000);
        await page.locator('[data-island="node-states"][data-drawn]').waitFor();
        expect(asked).toBeGreaterThan(1);
      },
      { expectedErrors: [/status of 503/] },
    );
  });

  test("is cell by cell what the interface answers, as of a position of the past, too", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto(`/?asOf=${fleet.head - 500}`);
      const states = page.locator('.node-states[data-drawn*="cluster=aurora"]').first();
      await states.locator("canvas").waitFor();
      expect(await coloursOf(states)).toBeGreaterThan(5);
    });
  });

  test("is cell by cell what the interface answers after it was zoomed", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/clusters/aurora?from=2026-03-22T00:00:00Z&to=2026-03-30T00:00:00Z");
      const states = page.locator("#p-states .node-states[data-drawn]");
      await states.waitFor();
      await page.locator(".nis-window[data-drawn]").waitFor();
      const whole = await drawn(states);
      await page.locator(".nis-window").focus();
      for (const from of ["2026-03-24T00:00:00.000Z", "2026-03-25T00:00:00.000Z"]) {
        await page.keyboard.press("+");
        await expect.poll(() => fromDrawn(states)).toBe(from);
      }
      expect(await coloursOf(states)).toBeGreaterThan(3);
      expect((await drawn(states)).cells).not.toBe(whole.cells);
    });
  });

  test("names its own nodes, and no failure, if what was asked for before another zoom comes last", async () => {
    const see = async (page: Page) => {
      const [asked, deliver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const [rowsBefore, between] = [
        /node-states.*from=2026-03-22.*=json/,
        /states.*from=2026-03-24/,
      ];
      await page.route(rowsBefore, async (route) => {
        const answer = await route.fetch();
        const { rows } = (await answer.json()) as { rows: unknown[] };
        asked.resolve();
        await deliver.promise;
        await route.fulfill({ json: { rows: rows.toReversed() } });
      });
      await page.route(between, async (route) => {
        await deliver.promise;
        await route.fulfill({ status: 500 });
      });
      const late = Promise.all([rowsBefore, between].map((each) => page.waitForResponse(each)));
      await page.goto("/clusters/aurora?from=2026-03-22T00:00:00Z&to=2026-03-30T00:00:00Z");
      await asked.promise;
      const states = page.locator("#p-states .node-states");
      await page.locator(".nis-window[data-drawn]").focus();
      await page.keyboard.press("+");
      await page.keyboard.press("+");
      await expect.poll(() => fromDrawn(states)).toBe("2026-03-25T00:00:00.000Z");
      const rack = page.locator('[data-rack-names="states"] span').first();
      await rack.waitFor();
      const name = await rack.textContent();
      deliver.resolve();
      await late;
      // By the end of another answer the page has taken those in.
      await page.evaluate(async () => await (await fetch("/v1/history?w=1")).json());
      const told = states.locator("[role=status]");
      expect(await told.getAttribute("class")).toBe("hidden");
      await states.focus();
      await page.keyboard.press("Home");
      expect(await cellTold(page, told)).toContain(` · ${name}, `);
      expect(await rack.textContent()).toBe(name);
    };
    await visit(fleet.url, see, { expectedErrors: [/status of 500/] });
  });

  test("is one stop of the Tab key; keys go by node, rack, column and day, and each cell is told", async () => {
    await visit(fleet.url, async (page) => {
      await page.goto("/clusters/aurora?from=2026-03-22T00:00:00Z&to=2026-03-30T00:00:00Z");
      const states = page.locator("#p-states .node-states[data-drawn]");
      await page.locator('[data-rack-names="states"] span').first().waitFor();
      expect(await states.locator("[tabindex], a, button").count()).toBe(0);
      await states.focus();
      const told = states.locator("[role=status]");
      const after = async (key: string) => {
        await page.keyboard.press(key);
        return (await cellTold(page, told)).split(", ");
      };
      const [first = "", ...others] = await after("Home");
      expect(first).toMatch(/^gpu\d+ · r\d+$/);
      expect(others.join(", ")).toMatch(/22 Mar 2026 00:00 – 00:\d\d UTC$/);
      expect((await after("ArrowDown"))[0]).not.toBe(first);
      expect((await after("ArrowUp"))[0]).toBe(first);
      expect((await after("PageDown"))[0]?.split(" · ")[1]).not.toBe(first.split(" · ")[1]);
      expect((await after("PageUp"))[0]?.split(" · ")[1]).toBe(first.split(" · ")[1]);
      expect((await after("Shift+ArrowRight")).join(", ")).toMatch(/2[23] Mar/);
      expect((await after("End")).join(", ")).toMatch(/29 Mar/);
      await page.keyboard.press("Escape");
      await states.locator(".cell:not(.marked-cell)").waitFor({ state: "hidden" });
    });
  });
});

/** What a screen reader is told, once it is no longer what it was. */
async function cellTold(page: Page, told: Locator): Promise<string> {
  await page.waitForFunction(
    (element) => {
      const { last } = (element as HTMLElement).dataset;
      return element?.textContent !== "" && element?.textContent !== last;
    },
    await told.elementHandle(),
  );
  const text = (await told.textContent()) ?? "";
  await told.evaluate((element, said) => (element.dataset["last"] = said), text);
  return text;
}
