import { describe, expect, it } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { driver, freeze, said, servedLedger } from "./served-ledger.ts";

describe.skipIf(!hasBrowser)("pages of rollouts and zones", () => {
  it("submit a rollout of two updates, which then stands on the board", async () => {
    await using served = await servedLedger();
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/rollouts");
      await page.getByRole("button", { name: "Submit a rollout" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Id", { exact: true }).fill("both");
      await dialog.getByRole("button", { name: "Add an update" }).click();
      for (const [i, name] of ["driver", "bmc"].entries()) {
        const row = dialog.getByRole("group", { name: `Updates ${i + 1}` });
        await row.getByLabel("Component").fill(name);
        await row.getByLabel("Version").fill(String(i + 1));
      }
      await dialog.getByLabel("Takes no node out of service").check();
      await dialog.getByLabel("Urgency").selectOption("important");
      await dialog.getByLabel(/^Nodes/).fill("n[1-2],n3");
      await dialog.getByLabel("Your name").fill("ben");
      await dialog.getByRole("button", { name: "Submit", exact: true }).click();
      await dialog.getByRole("link", { name: /^RolloutSubmitted/ }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.locator(".column.submitted .card", { hasText: "driver 1 + bmc 2" }).waitFor();
    });
    expect((await served.eventsAfter(before)).map(said)).toEqual([
      {
        type: "RolloutSubmitted",
        command: "submit",
        actor: "ben",
        data: {
          rollout: "both",
          cluster: "alpha",
          targets: { nodes: ["n[1-2]", "n3"] },
          updates: [
            { component: "driver", version: "1" },
            { component: "bmc", version: "2" },
          ],
          impact: { kind: "impactless" },
          urgency: "important",
        },
      },
    ]);
  });

  it("extend a zone's occurrence and lift it, and offer nothing once it is over", async () => {
    await using served = await servedLedger();
    await served.post("/v1/nfz", freeze);
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/nfz/alpha/freeze");
      await page.getByRole("button", { name: "Extend" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("New end (UTC)").fill("2026-04-17T12:00");
      await dialog.getByLabel("Reason").fill("the audit takes longer");
      await dialog.getByLabel("Your name").fill("ann");
      await dialog.getByRole("button", { name: "Extend" }).click();
      await dialog.getByRole("link", { name: /^NfzExtended/ }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.locator(".sentence", { hasText: "until 17 Apr 12:00" }).waitFor();
      await page.getByRole("button", { name: "Lift" }).click();
      await dialog.getByLabel("Reason").fill("the audit is over");
      await dialog.getByRole("button", { name: "Lift" }).click();
      await dialog.getByRole("link", { name: /^NfzLifted/ }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.locator(".sentence", { hasText: "It is over" }).waitFor();
      expect(await page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
    });
    const events = (await served.eventsAfter(before)).map(said);
    expect(events).toMatchObject([
      {
        type: "NfzExtended",
        command: "extend",
        reason: "the audit takes longer",
        data: { to: "2026-04-17T12:00:00.000Z" },
      },
      { type: "NfzLifted", command: "lift", actor: "ann", reason: "the audit is over" },
    ]);
  });

  it("revoke an override, so that the rollout is held again", async () => {
    await using served = await servedLedger();
    await served.post("/v1/nfz", freeze);
    await served.post("/v1/rollouts", driver);
    const grant = { role: "approver", expiresAt: "2026-04-15T18:00:00Z" };
    await served.post("/v1/rollouts/driver-2/overrides", grant);
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/rollouts/alpha/driver-2");
      await page.locator(".sentence", { hasText: "an override lets it pass" }).waitFor();
      await page.getByRole("button", { name: "Revoke the override of approver" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Reason").fill("closed by other means");
      await dialog.getByLabel("Your name").fill("ann");
      await dialog.getByRole("button", { name: "Revoke the override of approver" }).click();
      await dialog.getByRole("link", { name: /^RolloutOverrideRevoked/ }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.locator(".sentence", { hasText: "freeze holds it" }).waitFor();
    });
    const [event] = await served.eventsAfter(before);
    expect(event).toMatchObject({ type: "RolloutOverrideRevoked" });
  });
});
