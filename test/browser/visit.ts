/** A page in the suite's browser, as a visitor of one server has it. */
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, inject } from "vitest";
import { hasBrowser } from "./unpacked-chromium.ts";

export interface VisitOptions extends BrowserContextOptions {
  /** Messages of the browser's console that the test is about; any other error fails it. */
  readonly expectedErrors?: readonly RegExp[];
  /** Another server that the page may reach. */
  readonly alsoReached?: string;
}

if (!hasBrowser) console.warn("skipped: tests in a browser: it is there for Linux on x64 only");

let connecting: Promise<Browser> | null = null;
afterAll(async () => {
  if (connecting !== null) await (await connecting).close();
  connecting = null;
});

/**
 * Opens a context of its own at the server and closes it afterwards. Nothing but that server is reached:
 * a request to anywhere else fails the test, and so does an error in the console or in a script.
 */
export async function visit(
  origin: string,
  see: (page: Page) => Promise<void>,
  { expectedErrors = [], alsoReached, ...options }: VisitOptions = {},
): Promise<void> {
  const context = await (
    await browser()
  ).newContext({
    baseURL: origin,
    locale: "en-GB",
    timezoneId: "UTC",
    serviceWorkers: "block",
    ...options,
  });
  // The test's own limit ends what never happens; how busy the machine is decides nothing.
  context.setDefaultTimeout(0);
  const faults: string[] = [];
  try {
    await context.route(
      ({ origin: asked }) => asked !== origin && asked !== alsoReached,
      async (route) => {
        faults.push(`a request to ${route.request().url()}`);
        await route.abort();
      },
    );
    context.on("console", (message) => {
      if (message.type() !== "error") return;
      const text = message.text();
      if (!expectedErrors.some((each) => each.test(text))) faults.push(`console: ${text}`);
    });
    context.on("weberror", (each) => faults.push(`script: ${each.error().message}`));
    await see(await context.newPage());
  } finally {
    await context.close();
  }
  if (faults.length > 0) throw new Error(`the page did what it must not: ${faults.join("; ")}`);
}

function browser(): Promise<Browser> {
  connecting ??= connect();
  return connecting;
}

async function connect(): Promise<Browser> {
  const answer = await fetch(inject("browserUrl"));
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the browser did not start: ${text}`);
  return await chromium.connect(text);
}
