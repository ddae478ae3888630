import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../../src/http/serve.ts";
import type { RunningServer } from "../http/app/running-server.ts";
import { anEvent, memoryLedger } from "../http/app/memory-ledger.ts";
import type { MemoryLedger } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";
import { hasBrowser } from "./unpacked-chromium.ts";
import { visit } from "./visit.ts";

const apiKey = "k-1234567890";

describe.skipIf(!hasBrowser)("in a browser, a ledger with an API key", () => {
  let ledger: MemoryLedger;
  let server: RunningServer;
  beforeAll(async () => {
    ledger = memoryLedger();
    await ledger.submit(history);
    server = await serve({
      ledger,
      logger: pino({ level: "silent" }),
      port: 0,
      apiKey,
      stopOnSignals: false,
    });
  });
  afterAll(() => server.stop());

  it("asks for the key once, leads to the page that was asked for, and keeps it live", async () => {
    await visit(server.url, async (page) => {
      await page.goto("/clusters/alpha");
      await page.getByLabel("Key").fill(apiKey);
      const answered = page.waitForURL("**/clusters/alpha");
      await page.getByRole("button", { name: "Log in" }).click();
      await answered;
      await page.goto("/");
      await page.locator("#live", { hasText: /^Live$/ }).waitFor();
      const before = await page.locator("html").getAttribute("data-sequence");
      await ledger.submit([anEvent()]);
      const next = String(Number(before) + 1);
      await page.locator("#position", { hasText: next }).waitFor();
      expect(new URL(page.url()).pathname).toBe("/");
    });
  });

  it("refuses another key, and says so", async () => {
    await visit(
      server.url,
      async (page) => {
        await page.goto("/");
        await page.getByLabel("Key").fill("another");
        await page.getByRole("button", { name: "Log in" }).click();
        await page.getByRole("alert").filter({ hasText: "This key is wrong" }).waitFor();
        expect(await page.context().cookies()).toEqual([]);
      },
      { expectedErrors: [/status of 401/] },
    );
  });
});
