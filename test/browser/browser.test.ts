/** That the browser tests can fail: what a page does wrong is noticed. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser } from "./unpacked-chromium.ts";
import { visit } from "./visit.ts";

const pages: Readonly<Record<string, string>> = {
  "/good": "<title>good</title>",
  "/elsewhere": '<title>x</title><img src="http://elsewhere.test/pixel.png">',
  "/says": "<title>x</title><script>console.error('a fault of the page')</script>",
  "/throws": "<title>x</title><script>throw new Error('a fault of the script')</script>",
};

describe.skipIf(!hasBrowser)("a browser test", () => {
  const server = createServer(({ url = "" }, response) => {
    response.setHeader("content-type", "text/html");
    response.end(pages[url] ?? "");
  });
  let origin = "";
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it("passes if the page does nothing wrong", async () => {
    await visit(origin, async (page) => {
      await page.goto("/good");
      expect(await page.title()).toBe("good");
    });
  });

  it.each([
    ["/elsewhere", "a request to http://elsewhere.test/pixel.png"],
    ["/says", "console: a fault of the page"],
    ["/throws", "script: a fault of the script"],
  ])("fails if the page at %s does something forbidden", async (path, fault) => {
    const visiting = visit(origin, async (page) => void (await page.goto(path)));
    await expect(visiting).rejects.toThrow(fault);
  });

  it("passes if the error is what the test is about", async () => {
    const expectedErrors = [/^a fault of the page$/];
    const visiting = visit(origin, async (page) => void (await page.goto("/says")), {
      expectedErrors,
    });
    await expect(visiting).resolves.toBeUndefined();
  });
});
