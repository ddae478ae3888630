/** A report is issued from its page, with the refusals of the interface. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { history } from "../../http/app/small-app.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { sealedServer } from "./sealed-server.ts";

describe.skipIf(!hasBrowser)("issuing a report", () => {
  let server: Awaited<ReturnType<typeof sealedServer>>;
  beforeAll(async () => {
    server = await sealedServer(history);
  });
  afterAll(() => server.stop());

  const issued = async () => {
    const answer = await fetch(`${server.url}/v1/reports`);
    return ((await answer.json()) as { reports: Record<string, unknown>[] }).reports;
  };

  test("is done by keyboard alone, and leads to the report", async () => {
    const before = (await issued()).length;
    await visit(server.url, async (page) => {
      await page.goto("/reports?cluster=alpha&period=2026-03");
      await page.getByRole("button", { name: "Issue this report" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.type("Ann <Lee>");
      await page.keyboard.press("Tab");
      await page.keyboard.type("monthly");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/reports\/[0-9a-f-]{36}/);
      expect(await page.locator("h1").textContent()).toBe("alpha, March 2026");
      expect(await page.locator("#p-headline").textContent()).toContain("Ann <Lee>");
    });
    const reports = await issued();
    expect(reports).toHaveLength(before + 1);
    expect(reports.at(-1)).toMatchObject({
      cluster: "alpha",
      actor: "Ann <Lee>",
      reason: "monthly",
    });
  });

  test("happens once, however often the button is pressed and the answer lost", async () => {
    const before = (await issued()).length;
    await visit(
      server.url,
      async (page) => {
        let lost = 0;
        await page.route("**/v1/reports", async (route) => {
          if (route.request().method() !== "POST" || lost > 0) return await route.continue();
          lost++;
          await route.fetch();
          await route.abort("connectionreset");
        });
        await page.goto("/reports?cluster=alpha&period=2026-02");
        await page.getByRole("button", { name: "Issue this report" }).click();
        const button = page.getByRole("button", { name: "Issue", exact: true });
        await button.click();
        await page.getByRole("alert").filter({ hasText: "The ledger did not answer" }).waitFor();
        await button.dblclick();
        await page.waitForURL(/\/reports\/[0-9a-f-]{36}/);
      },
      { expectedErrors: [/ERR_CONNECTION_RESET/] },
    );
    expect(await issued()).toHaveLength(before + 1);
  });

  test("says why it is refused, at the field that is wrong", async () => {
    const before = (await issued()).length;
    await visit(
      server.url,
      async (page) => {
        await page.goto("/reports");
        await page.getByRole("button", { name: "Issue this report" }).click();
        const period = page.locator("dialog [name=period]");
        await period.fill("2027-01");
        await page.getByRole("button", { name: "Issue", exact: true }).click();
        const alert = page.locator("dialog [role=alert]", { hasText: "No report for this period" });
        await alert.waitFor();
        expect(await period.getAttribute("aria-invalid")).toBe("true");
        expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe(
          "period",
        );
        await page.keyboard.press("Escape");
        await page.locator("dialog").waitFor({ state: "detached" });
      },
      { expectedErrors: [/status of 422/] },
    );
    expect(await issued()).toHaveLength(before);
  });
});
