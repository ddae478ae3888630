import { describe, expect, it } from "vitest";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { said, servedLedger } from "./served-ledger.ts";

const rollout = (name: string) => ({
  rollout: name,
  cluster: "alpha",
  targets: { nodes: ["n1", "n2"] },
  updates: [{ component: name, version: "1" }],
  impact: { kind: "impactless" },
  urgency: "routine",
});

describe.skipIf(!hasBrowser)("the page of rollouts", () => {
  it("records a co-test of the next bundle, and shows the pair as passed", async () => {
    await using served = await servedLedger();
    await served.post("/v1/rollouts", rollout("bmc"));
    await served.post("/v1/rollouts", rollout("driver"));
    const before = await served.sequence();
    await visit(served.url, async (page) => {
      await page.goto("/rollouts");
      const tested = page.getByRole("region", { name: "Co-tests of alpha" });
      await tested.getByRole("img", { name: "bmc and driver: never tested together" }).waitFor();
      await page.getByRole("button", { name: "Record a co-test" }).click();
      const dialog = page.getByRole("dialog");
      expect(await dialog.getByLabel("Rollouts, with commas").inputValue()).toBe("bmc, driver");
      await dialog.getByLabel("Name of the test").fill("staging-1");
      await dialog.getByLabel("Your name").fill("ann");
      await dialog.getByRole("button", { name: "Record", exact: true }).click();
      await dialog.getByRole("link", { name: /^Event #/ }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await tested.getByRole("img", { name: "bmc and driver: passed together" }).waitFor();
    });
    expect((await served.eventsAfter(before)).map(said)).toMatchObject([
      {
        type: "CoTestPassed",
        actor: "ann",
        data: {
          coTest: "staging-1",
          cluster: "alpha",
          updates: [
            { component: "bmc", version: "1" },
            { component: "driver", version: "1" },
          ],
        },
      },
    ]);
  });

  it("has the pairs as a grid that arrow keys go through", async () => {
    await using served = await servedLedger();
    for (const name of ["bmc", "driver", "kernel"])
      await served.post("/v1/rollouts", rollout(name));
    await visit(served.url, async (page) => {
      await page.goto("/rollouts");
      const grid = page.getByRole("grid", { name: "Co-tests of alpha" });
      await grid.locator("td[tabindex='0']").focus();
      const focused = () =>
        page.evaluate("document.activeElement.querySelector('title')?.textContent ?? ''");
      await page.keyboard.press("ArrowRight");
      expect(await focused()).toBe("bmc and driver: never tested together");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      expect(await focused()).toBe("driver and kernel: never tested together");
      await served.post("/v1/co-tests", {
        coTest: "t",
        outcome: "failed",
        cluster: "alpha",
        rollouts: ["driver", "kernel"],
      });
      await grid.getByRole("img", { name: "driver and kernel: failed together" }).waitFor();
      expect(await focused()).toBe("driver and kernel: failed together");
    });
  });
});
