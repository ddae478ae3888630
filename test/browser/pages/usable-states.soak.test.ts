/** What pages look like when they are not as usual can be used by everybody, too: errors, the past, paper, dialogs, empty ledgers. */
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallApp } from "../../http/app/small-app.ts";
import { soakPart, soakRuns } from "../../random-runs.ts";
import { servedSinks } from "../../sinks/served-sinks.ts";
import { fail } from "../../sinks/webhooks/delivering.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";
import { hurdles, looks, visitOf } from "./usable.ts";

/** Of a sample, a phone in the dark theme. */
const shownLooks = looks.toReversed().slice(0, soakRuns(looks.length, 1));

const shown = (path: string) => async (page: Page) => {
  await page.goto(path);
  await page.locator("#main").waitFor();
};

describe.skipIf(!hasBrowser)("what can be used by everybody:", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
  });
  afterAll(() => fleet.stop());

  const states: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
    ["a page that there is not", shown("/nosuch")],
    ["a node that there is not", shown("/clusters/aurora/nodes/nosuch")],
    ["a parameter that is wrong", shown("/?period=2026-99")],
    ["logging in", shown("/login")],
    ["the past", shown("/?asOf=5000")],
    ["what changed between two positions", shown("/?asOf=3000..5000")],
    ["a page for paper", shown("/clusters/aurora?print=1")],
    [
      "the list of keys",
      async (page) => {
        await shown("/")(page);
        await page.locator("html[data-scripts]").waitFor();
        await page.locator("#keys-button").click();
        await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
      },
    ],
    [
      "the form that declares a zone",
      async (page) => {
        await shown("/rollouts")(page);
        await page.getByRole("button", { name: "Declare a no-fly zone" }).click();
        await page.getByRole("dialog", { name: "Declare a no-fly zone" }).waitFor();
      },
    ],
    [
      "what is found as one types",
      async (page) => {
        await shown("/")(page);
        await page.locator("html[data-scripts]").waitFor();
        await page.locator("#find").fill("gpu01");
        await page.getByRole("option").first().waitFor();
      },
    ],
  ];

  test.each(soakPart(states, 3))("%s", async (_, open) => {
    for (const look of shownLooks) {
      const see = async (page: Page) => {
        await open(page);
        expect(await hurdles(page, look)).toEqual([]);
      };
      await visit(fleet.url, see, { ...visitOf(look), expectedErrors: [/status of (400|404)/] });
    }
  });

  const emptyPages = ["/", "/rollouts", "/reports", "/audit", "/audit/events", "/audit/changes"];
  test.each([...emptyPages, "/faults", "/find", "/sources", "/webhooks", "/access"])(
    "%s of an empty ledger, which says what would fill it",
    async (path) => {
      const { app } = await smallApp();
      await app.listen({ host: "127.0.0.1", port: 0 });
      const { port } = app.server.address() as AddressInfo;
      for (const look of shownLooks) {
        const see = async (page: Page) => {
          await shown(path)(page);
          expect(await page.locator("pre.command, input[name=q]").count()).toBeGreaterThan(0);
          expect(await hurdles(page, look)).toEqual([]);
        };
        await visit(`http://127.0.0.1:${port}`, see, visitOf(look));
      }
      await app.close();
    },
  );

  test("webhooks with a receiver that refuses", async () => {
    await using served = await servedSinks();
    await expect.poll(() => served.webhooks.delivering()).toHaveLength(1);
    served.its.to.answer(500);
    await fail(served.its.ledger, 2);
    await expect.poll(() => served.its.failures).toHaveLength(1);
    await served.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = served.app.server.address() as AddressInfo;
    for (const look of shownLooks) {
      const see = async (page: Page) => {
        await shown("/webhooks")(page);
        await page.getByRole("cell", { name: /failed once/ }).waitFor();
        expect(await hurdles(page, look)).toEqual([]);
      };
      await visit(`http://127.0.0.1:${port}`, see, visitOf(look));
    }
  });
});
