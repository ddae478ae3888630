/** Going to a control by the Tab key, as somebody without a mouse does. */
import type { Page } from "playwright-core";

/** Presses Tab until what has the focus, or its label, is named so. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const isIt = (text: string) => (typeof name === "string" ? text === name : name.test(text));
  for (let i = 0; i < 300; i++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate<string>(`
      (document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent ?? ""
    `);
    if (isIt(found.replaceAll(/\s+/g, " ").trim())) return;
  }
  throw new Error(`Tab does not come to "${String(name)}"`);
}
