/** Waiting for scripts that a page loads one by one. */
import type { Page } from "playwright-core";

/** Waits until the script of each island of the page has run: a part of one that is still to come is lost with its server. */
export async function scriptsHaveRun(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset["scripts"] !== undefined);
  // A string, as the test's own loader would take an import for one of its own. A module runs once.
  await page.evaluate(`(async () => {
    const names = [...document.querySelectorAll("[data-island]")].map(({ dataset }) => dataset.island);
    for (const name of names) {
      const isIt = (entry) => entry.name.includes("/" + name + "-");
      let loaded;
      while ((loaded = performance.getEntriesByType("resource").find(isIt)) === undefined)
        await new Promise((resolve) => setTimeout(resolve, 20));
      await import(loaded.name);
    }
  })()`);
}
