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

  it("opens the overview if the key is given as password, and keeps it live", async () => {
    await visit(
      server.url,
      async (page) => {
        const answer = await page.goto("/");
        expect(answer?.status()).toBe(200);
        await page.locator("#live", { hasText: /^Live$/ }).waitFor();
        const before = await page.locator("#main").getAttribute("data-sequence");
        await ledger.submit([anEvent()]);
        const next = String(Number(before) + 1);
        await page.locator("#position", { hasText: next }).waitFor();
      },
      { httpCredentials: { username: "anyone", password: apiKey } },
    );
  });

  it("refuses another password", async () => {
    await visit(
      server.url,
      async (page) => {
        const answer = await page.goto("/");
        expect(answer?.status()).toBe(401);
      },
      {
        httpCredentials: { username: "anyone", password: "another" },
        expectedErrors: [/status of 401/],
      },
    );
  });
});
