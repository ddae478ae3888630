/** `npm run screenshots`: pictures of the demo's pages into docs/screens/, with a clock that stands still. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { servedFleet } from "./pages/served-fleet.ts";
import { screens } from "./screens.ts";
import type { Screen } from "./screens.ts";
import { unpackedChromium } from "./unpacked-chromium.ts";

const folder = join(import.meta.dirname, "../../docs/screens");
const days = 90;

async function take(browser: Browser, url: string, screen: Screen): Promise<void> {
  const { name, path, theme, width, height } = screen;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const answer = await page.goto(path, { waitUntil: "networkidle" });
  if (answer?.status() !== 200) throw new Error(`${path} is answered with ${answer?.status()}`);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  process.stdout.write(`docs/screens/${name}.png\n`);
}

mkdirSync(folder, { recursive: true });
const { executablePath, env } = await unpackedChromium();
const home = mkdtempSync(join(tmpdir(), "fleetledger-screens-"));
const browser = await chromium.launch({
  executablePath,
  env: { ...env, TMPDIR: home },
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  chromiumSandbox: false,
});
const fleet = await servedFleet(days);
try {
  for (const screen of screens) await take(browser, fleet.url, screen);
} finally {
  await fleet.stop();
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}
