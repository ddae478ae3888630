import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../../src/http/serve.ts";
import type { RunningServer } from "../http/app/running-server.ts";
import { anEvent, memoryLedger } from "../http/app/memory-ledger.ts";
import type { MemoryLedger } from "../http/app/memory-ledger.ts";
import { hasBrowser } from "./unpacked-chromium.ts";
import { visit } from "./visit.ts";

/** Runs in the page: the status of what it tries to write, or why the browser did not let it. */
async function tryToWrite([url, body]: readonly [string, string]): Promise<string> {
  try {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body });
    return String(answer.status);
  } catch (error) {
    return String(error);
  }
}

describe.skipIf(!hasBrowser)("in a browser, a page of another site", () => {
  let ledger: MemoryLedger;
  let server: RunningServer;
  const site = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    const text = JSON.stringify(anEvent()).replaceAll('"', "&quot;");
    response.end(
      `<title>another site</title><form method="post" action="${server.url}/v1/events" enctype="text/plain">
       <input type="hidden" name="${text}"><button>Win a prize</button></form>`,
    );
  });
  beforeAll(async () => {
    ledger = memoryLedger();
    const logger = pino({ level: "silent" });
    server = await serve({ ledger, logger, port: 0, stopOnSignals: false });
    site.listen(0, "127.0.0.1");
    await once(site, "listening");
  });
  afterAll(async () => {
    site.close();
    site.closeAllConnections();
    await server.stop();
  });

  it("cannot read anything through a name that resolves to this machine", async () => {
    const origin = `http://rebound.test:${server.port}`;
    await visit(
      origin,
      async (page) => {
        const answer = await page.goto("/");
        expect(answer?.status()).toBe(421);
        expect(await page.content()).toContain("--allowed-hosts rebound.test");
        const body = JSON.stringify(anEvent());
        expect(await page.evaluate(tryToWrite, ["/v1/events", body] as const)).toBe("421");
      },
      { expectedErrors: [/status of 421/, /Opener-Policy header has been ignored/] },
    );
    expect(ledger.events).toHaveLength(0);
  });

  it("can send a form, but the ledger appends nothing", async () => {
    const origin = `http://rebound.test:${(site.address() as AddressInfo).port}`;
    const refused: number[] = [];
    await visit(
      origin,
      async (page) => {
        await page.goto("/");
        page.on("response", (answer) => {
          if (answer.url().startsWith(server.url)) refused.push(answer.status());
        });
        const sent = page.waitForResponse((answer) => answer.url().startsWith(server.url));
        await page.getByRole("button").click();
        await sent;
      },
      { alsoReached: server.url, expectedErrors: [/status of 403/] },
    );
    expect(refused).toEqual([403]);
    expect(ledger.events).toHaveLength(0);
  });
});
