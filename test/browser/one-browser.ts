/**
 * One browser for the whole suite. It is unpacked and started when the first test asks for it, so that a
 * run without such tests costs nothing; tests are processes of their own, and ask over HTTP.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { BrowserServer } from "playwright-core";
import type { TestProject } from "vitest/node";
import { machineTemporaryFolder } from "../house/clean-run.ts";
import { unpackedChromium } from "./unpacked-chromium.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Answers with the address at which the suite's browser is driven. */
    readonly browserUrl: string;
  }
}

/** Names under `.test` are this machine, so that tests can play a site of another name; all else is unreachable. */
const resolverRules =
  "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
  `--host-resolver-rules=${resolverRules}`,
];

/** Vitest's global setup; gives back what ends it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<BrowserServer> | null = null;
  const folder = mkdtempSync(join(machineTemporaryFolder, "fleetledger-browser-"));
  const door = createServer((_request, response) => {
    starting ??= startBrowser(folder);
    starting.then(
      (browser) => response.end(browser.wsEndpoint()),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  provide("browserUrl", `http://127.0.0.1:${(door.address() as AddressInfo).port}/`);
  return async () => {
    door.close();
    door.closeAllConnections();
    // Where it did not start, the tests that wanted it have said so.
    const [started] = await Promise.allSettled([starting]);
    if (started.status === "fulfilled") await started.value?.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** `folder` is for what the browser writes and, where it is closed in a hurry, leaves behind. */
async function startBrowser(folder: string): Promise<BrowserServer> {
  const { executablePath, env } = await unpackedChromium();
  return await chromium.launchServer({
    executablePath,
    env: { ...env, TMPDIR: folder },
    args: flags,
    chromiumSandbox: false,
  });
}
