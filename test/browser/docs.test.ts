import { pino } from "pino";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../../src/http/serve.ts";
import type { RunningServer } from "../http/app/running-server.ts";
import { memoryLedger } from "../http/app/memory-ledger.ts";
import type { MemoryLedger } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";
import { hasBrowser } from "./unpacked-chromium.ts";
import { visit } from "./visit.ts";

/** Swagger UI says this of its own links. */
const expectedErrors = [/^Deprecated: escaping deep link whitespace/];

describe.skipIf(!hasBrowser)("the page at /docs", () => {
  let ledger: MemoryLedger;
  let server: RunningServer;
  beforeAll(async () => {
    ledger = memoryLedger();
    await ledger.submit(history);
    const logger = pino({ level: "silent" });
    server = await serve({ ledger, logger, port: 0, stopOnSignals: false });
  });
  afterAll(() => server.stop());

  it("shows no button that writes, and no click on it writes", async () => {
    const before = ledger.events.length;
    const see = async (page: Page) => {
      await page.goto("/docs/#/events/appendEvents");
      const operation = page.locator(".opblock-post", { hasText: "/v1/events" }).first();
      await operation.locator(".opblock-body").waitFor();
      expect(await operation.getByRole("button", { name: "Execute" }).count()).toBe(0);
      expect(await operation.getByRole("button", { name: "Try it out" }).count()).toBe(0);
    };
    await visit(server.url, see, { expectedErrors });
    expect(ledger.events).toHaveLength(before);
  });

  it("can try operations that read, and shows their answers", async () => {
    const see = async (page: Page) => {
      await page.goto("/docs/#/clusters/listClusters");
      const operation = page.locator("#operations-clusters-listClusters");
      await operation.getByRole("button", { name: "Execute" }).click();
      await operation.locator(".live-responses-table .response-col_status").first().waitFor();
      const answer = operation.locator(".live-responses-table");
      expect(await answer.textContent()).toContain('"alpha"');
    };
    await visit(server.url, see, { expectedErrors });
  });
});
