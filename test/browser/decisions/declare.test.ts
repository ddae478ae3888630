import { describe, expect, it } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { driver, said, servedLedger } from "./served-ledger.ts";

describe.skipIf(!hasBrowser)("declaring a no-fly zone on the page of rollouts", () => {
  it("shows by mouse what it would come to, records it once, and shows it in the calendar", async () => {
    await using served = await servedLedger();
    await served.post("/v1/rollouts", driver);
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/rollouts");
      await page.getByRole("button", { name: "Declare a no-fly zone" }).click();
      const dialog = page.getByRole("dialog", { name: "Declare a no-fly zone" });
      await dialog.getByLabel("Name", { exact: true }).fill("quarter-end");
      for (const name of ["alpha", "beta"])
        expect(await dialog.getByRole("checkbox", { name }).isChecked()).toBe(false);
      await dialog.getByRole("checkbox", { name: "alpha" }).check();
      await dialog.getByLabel("From (UTC)").fill("2026-04-20T08:00");
      await dialog.getByLabel("To (UTC)").fill("2026-04-21T08:00");
      await dialog.getByLabel("Racks").fill("r1");
      await dialog.getByLabel("Rollouts under way when it begins").selectOption("pause");
      await dialog.getByLabel("Reason").fill("the books are closed");
      await dialog.getByLabel("Your name").fill("ann");
      const declare = dialog.getByRole("button", { name: "Declare", exact: true });
      expect(await declare.isDisabled()).toBe(true);
      await dialog.getByRole("button", { name: "Preview" }).click();
      const preview = dialog.getByRole("status", { name: "Preview" });
      await preview.getByText("2026-04-20 08:00 – 2026-04-21 08:00 UTC").waitFor();
      await preview.getByText("driver-2 (security)").waitFor();
      expect(await served.sequence()).toBe(before);

      // What is changed afterwards was not seen.
      await dialog.getByLabel("Reason").fill("the books");
      expect([await declare.isDisabled(), await preview.count()]).toEqual([true, 0]);
      await dialog.getByLabel("Reason").fill("the books are closed");
      await dialog.getByLabel("Reason").press("Tab");
      await dialog.getByLabel("Your name").press("Enter");
      await preview.getByText("driver-2 (security)").waitFor();
      expect(await served.sequence()).toBe(before);

      await declare.dblclick();
      const link = dialog.getByRole("link", { name: `NfzDeclared #${before + 1}` });
      await link.waitFor();
      const [event] = await served.eventsAfter(before);
      expect(await link.getAttribute("href")).toBe(`/events/${event?.id}`);
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByRole("link", { name: /^quarter-end in alpha, rack r1/ }).waitFor();
      await page.locator("#position", { hasText: `#${before + 1}` }).waitFor();
    });
    const events = await served.eventsAfter(before);
    expect(events.map(said)).toEqual([
      {
        type: "NfzDeclared",
        command: "declare",
        actor: "ann",
        reason: "the books are closed",
        data: {
          nfz: "quarter-end",
          cluster: "alpha",
          scope: { racks: ["r1"] },
          inFlight: "pause",
          occurrences: [{ from: "2026-04-20T08:00:00.000Z", to: "2026-04-21T08:00:00.000Z" }],
        },
      },
    ]);
  });

  it("says at the field what the ledger refuses, and keeps what was filled in", async () => {
    await using served = await servedLedger();
    const before = await served.sequence();
    await visit(
      served.url,
      async (page) => {
        await page.goto("/rollouts");
        await page.getByRole("button", { name: "Declare a no-fly zone" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Reason").fill("why not");
        await dialog.getByRole("button", { name: "Preview" }).click();
        await dialog.getByRole("alert").getByText("Invalid request").waitFor();
        const name = dialog.getByLabel("Name", { exact: true });
        expect(await name.getAttribute("aria-invalid")).toBe("true");
        const told = (await name.getAttribute("aria-describedby"))?.split(" ").at(-1);
        expect(await page.locator(`[id="${told}"]`).textContent()).toBe("Name is missing");
        expect(await dialog.getByLabel("Reason").inputValue()).toBe("why not");

        await name.fill("over");
        await dialog.getByRole("checkbox", { name: "alpha" }).check();
        await dialog.getByLabel("Your name").fill("ann");
        await dialog.getByLabel("From (UTC)").fill("2026-04-10T08:00");
        await dialog.getByLabel("To (UTC)").fill("2026-04-11T08:00");
        await dialog.getByRole("button", { name: "Preview" }).click();
        await dialog.getByRole("alert").getByText("2026-04-11T08:00:00.000Z").waitFor();
      },
      { expectedErrors: [/status of 4\d\d/] },
    );
    expect(await served.sequence()).toBe(before);
  });

  it("says of a rule what the clocks do to its occurrences", async () => {
    await using served = await servedLedger();
    await visit(served.url, async (page) => {
      await page.goto("/rollouts");
      await page.getByRole("button", { name: "Declare a no-fly zone" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name", { exact: true }).fill("sundays");
      await dialog.getByRole("checkbox", { name: "alpha" }).check();
      await dialog.getByLabel("Again and again").check();
      await dialog.getByLabel("Rule").fill("FREQ=WEEKLY;BYDAY=SU;COUNT=40");
      await dialog.getByLabel("First start, local time").fill("2026-04-19T02:30");
      await dialog.getByLabel("Time zone").fill("Europe/Amsterdam");
      await dialog.getByLabel("Hours each").fill("1");
      await dialog.getByLabel("Reason").fill("backups");
      await dialog.getByLabel("Your name").fill("ann");
      await dialog.getByRole("button", { name: "Preview" }).click();
      const preview = dialog.getByRole("status", { name: "Preview" });
      await preview.getByText("40 occurrences").waitFor();
      const noted = await preview.getByRole("listitem").last().textContent();
      expect(noted).toContain("2026-10-25 02:30 by the zone's clocks");
      expect(noted).toContain("its local start happens twice");
    });
  });
});
