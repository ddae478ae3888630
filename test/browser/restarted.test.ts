import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { serve } from "../../src/http/serve.ts";
import { memoryLedger } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";
import { scriptsHaveRun } from "./scripts-have-run.ts";
import { hasBrowser } from "./unpacked-chromium.ts";
import { visit } from "./visit.ts";

const logger = pino({ level: "silent" });

describe.skipIf(!hasBrowser)("a page left open while its server restarts", () => {
  it("says so if the ledger is now behind what it has shown, and shows the ledger after a reload", async () => {
    const ledger = memoryLedger();
    await ledger.submit(history);
    const first = await serve({ ledger, logger, port: 0, stopOnSignals: false });
    const older = memoryLedger();
    await older.submit(history.slice(0, 5));
    await visit(
      first.url,
      async (page) => {
        await page.goto("/");
        const live = page.locator("#live");
        await live.filter({ hasText: /^Live$/ }).waitFor();
        // Before that a stop leaves scripts half loaded, which is not what this is about.
        await scriptsHaveRun(page);
        await first.stop();
        await live.filter({ hasText: /^No word for \d+ s, trying again$/ }).waitFor();
        const second = await serve({
          ledger: older,
          logger,
          port: first.port,
          stopOnSignals: false,
        });
        await live.filter({ hasText: "No longer up to date: reload the page" }).waitFor();
        await page.reload();
        await live.filter({ hasText: /^Live$/ }).waitFor();
        expect(await page.locator("#position").textContent()).toContain("5");
        await page.close();
        await second.stop();
      },
      {
        expectedErrors: [
          /status of (422|503)/,
          /ERR_CONNECTION_(REFUSED|RESET)|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY/,
        ],
      },
    );
  });
});
