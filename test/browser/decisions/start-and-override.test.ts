import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { tabTo } from "../tab-to.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { driver, freeze, said, servedLedger } from "./served-ledger.ts";

const refusedOnPurpose = { expectedErrors: [/status of 409/] };

describe.skipIf(!hasBrowser)("a rollout's own page, by keyboard alone", () => {
  it("asks to start, shows the refusal, overrides it with a reason, and starts", async () => {
    await using served = await servedLedger();
    await served.post("/v1/nfz", freeze);
    await served.post("/v1/rollouts", driver);
    const before = await served.sequence();
    await visit(
      served.url,
      async (page) => {
        await page.goto("/rollouts/alpha/driver-2");
        await page.getByRole("button", { name: "Ask to start" }).waitFor();
        await tabTo(page, "Ask to start");
        await page.keyboard.press("Enter");
        await tabTo(page, "Your name");
        await page.keyboard.type("ben");
        await page.keyboard.press("Enter");
        const refusal = page.getByRole("alert");
        await refusal.getByText("A no-fly zone is in force").waitFor();
        await refusal.getByRole("link", { name: `RolloutBlocked #${before + 1}` }).waitFor();
        await page.keyboard.press("Escape");
        await page.locator("[data-figure=state]", { hasText: "held" }).waitFor();

        await tabTo(page, "Override");
        await page.keyboard.press("Enter");
        await tabTo(page, "Reason");
        await page.keyboard.type("the hole is being used");
        await tabTo(page, "Your name");
        await page.keyboard.press("Enter");
        await page.getByRole("link", { name: /^RolloutOverrideGranted/ }).waitFor();
        await page.keyboard.press("Enter");
        await page.getByText("an override lets it pass").waitFor();

        await page.keyboard.press("Shift+Tab");
        await page.keyboard.press("Enter");
        await tabTo(page, "Your name");
        await page.keyboard.press("Enter");
        await page.getByRole("link", { name: /^RolloutStarted/ }).waitFor();
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Pause" }).waitFor();
      },
      refusedOnPurpose,
    );
    const events = await served.eventsAfter(before);
    const about = { rollout: "driver-2", cluster: "alpha" };
    expect(events.map(said)).toEqual([
      {
        type: "RolloutBlocked",
        command: "start",
        actor: "ben",
        data: { ...about, nfzIds: ["freeze"] },
      },
      {
        type: "RolloutOverrideGranted",
        command: "override",
        actor: "ben",
        reason: "the hole is being used",
        data: {
          ...about,
          role: "approver",
          nfzIds: ["freeze"],
          expiresAt: expect.stringMatching(/^2026-04-15T13:0\d:00.000Z$/) as string,
        },
      },
      { type: "RolloutStarted", command: "start", actor: "ben", data: about },
    ]);
  });
});

describe.skipIf(!hasBrowser)("a decision's form", () => {
  it("is decided once if its answer is lost and it is sent again", async () => {
    await using served = await servedLedger();
    await served.post("/v1/rollouts", driver);
    const before = await served.sequence();
    await visit(
      served.url,
      async (page) => {
        let lost = 0;
        await page.route("**/start", async (route) => {
          if (lost++ > 0) return await route.continue();
          await route.fetch();
          await route.abort();
        });
        await page.goto("/rollouts/alpha/driver-2");
        await page.getByRole("button", { name: "Ask to start" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Your name").fill("ben");
        await dialog.getByRole("button", { name: "Ask to start" }).click();
        await dialog.getByText("No answer came.").waitFor();
        await dialog.getByRole("button", { name: "Ask to start" }).click();
        await dialog.getByText("It was recorded before.").waitFor();
      },
      { expectedErrors: [/ERR_FAILED/] },
    );
    expect((await served.eventsAfter(before)).map(({ type }) => type)).toEqual(["RolloutStarted"]);
  });

  it("is not offered in the past, and is a command to copy without scripts", async () => {
    await using served = await servedLedger();
    await served.post("/v1/rollouts", driver);
    const sequence = await served.sequence();
    await served.post("/v1/nfz", freeze);
    await visit(served.url, async (page) => {
      await page.goto(`/rollouts?asOf=${sequence}`);
      expect(await page.getByRole("button", { name: "Declare a no-fly zone" }).count()).toBe(0);
      expect(await page.locator("[data-island=decide]").count()).toBe(0);
    });
    await visit(
      served.url,
      async (page) => {
        await page.goto("/rollouts/alpha/driver-2");
        await page.getByText("Ask to start", { exact: true }).click();
        const command = await page.locator("details[open] code").textContent();
        expect(command).toContain(`curl '${served.url}/v1/rollouts/driver-2/start'`);
      },
      { javaScriptEnabled: false },
    );
  });

  it.each([
    ["light", 1_440],
    ["dark", 1_440],
    ["light", 390],
    ["dark", 390],
  ] as const)("is found accessible, %s, %i px wide", async (colorScheme, width) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    await using served = await servedLedger();
    await served.post("/v1/nfz", freeze);
    await served.post("/v1/rollouts", driver);
    await visit(
      served.url,
      async (page) => {
        for (const [path, button, send] of [
          ["/rollouts", "Declare a no-fly zone", "Preview"],
          ["/rollouts", "Submit a rollout", "Submit"],
          ["/rollouts/alpha/driver-2", "Ask to start", "Ask to start"],
          ["/nfz/alpha/freeze", "Extend", "Extend"],
        ] as const) {
          await page.goto(path);
          await page.getByRole("button", { name: button }).click();
          const dialog = page.getByRole("dialog");
          await dialog.getByRole("button", { name: send, exact: true }).click();
          await dialog.getByRole("alert").waitFor();
          await page.evaluate(axe);
          const found = await page.evaluate(`axe.run().then(({ violations }) =>
            violations.map(({ id, nodes }) => id + ": " + nodes[0]?.html))`);
          expect(found).toEqual([]);
          const sideways = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          );
          expect(sideways).toBeLessThanOrEqual(0);
        }
      },
      { colorScheme, viewport: { width, height: 900 }, expectedErrors: [/status of 4\d\d/] },
    );
  });
});
