/** Names may be long: no page scrolls sideways for them, on a wide screen or a phone. */
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../../../src/http/serve.ts";
import { maxNameLength } from "../../../src/limits/events.ts";
import { historyNamed, pagesNamed } from "../../dashboard/named-fleet.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import type { RunningServer } from "../../http/app/running-server.ts";
import { soakRuns } from "../../random-runs.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";

const name = "n".repeat(maxNameLength);
const history = historyNamed(name);
const report = "r".repeat(128);

const pages = [
  ...pagesNamed(name),
  "/",
  "/rollouts",
  "/faults",
  "/reports",
  `/reports/${report}`,
  "/audit/events",
  "/audit",
  "/audit/changes?from-sequence=1",
  ...history.map(({ id }) => `/events/${String(id)}`),
  `/find?q=${name.slice(0, 100)}`,
];

/** What reaches beyond the window though nothing that it is in scrolls; none if the page itself does not scroll. */
function beyond(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const inScroller = (element: Element): boolean =>
    element.parentElement !== null &&
    (getComputedStyle(element.parentElement).overflowX !== "visible" ||
      inScroller(element.parentElement));
  const found = [...document.querySelectorAll("main *, header *, #banners *, footer *")]
    .filter((each) => each.getBoundingClientRect().right > clientWidth && !inScroller(each))
    .map((each) => `${each.tagName} ${each.className} in ${each.closest("section")?.id ?? ""}`);
  return [`${scrollWidth} px`, ...found];
}

describe.skipIf(!hasBrowser)("with names of the greatest length", () => {
  const temporary = temporaryLedger();
  let server: RunningServer;
  beforeAll(async () => {
    const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
    const ledger = await temporary.open({ clock });
    const told = await ledger.submit(history);
    const refused = told.filter(({ status }) => status === "refused");
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
    await ledger.waitFor(history.length, 600_000);
    const logger = pino({ level: "silent" });
    server = await serve({ ledger, logger, port: 0, clock, stopOnSignals: false });
    const answer = await fetch(`${server.url}/v1/reports`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ cluster: name, period: "2026-03", report, actor: name }),
    });
    if (answer.status !== 201) throw new Error(await answer.text());
  });
  afterAll(async () => {
    await server.stop();
    await temporary[Symbol.asyncDispose]();
  });

  test.each(pages.slice(0, soakRuns(pages.length, 8)))(
    "%s never scrolls sideways",
    async (path) => {
      for (const width of [1_440, 390]) {
        await visit(
          server.url,
          async (page) => {
            const answer = await page.goto(path);
            expect(answer?.status()).toBe(200);
            await page.locator("#live").waitFor();
            expect(await page.evaluate(beyond), `${width} px`).toEqual([]);
          },
          { viewport: { width, height: 900 }, reducedMotion: "reduce" },
        );
      }
    },
  );
});
