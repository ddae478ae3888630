/** What a page is opened for can be done by mouse, and by keys alone. Jobs, decisions and the log have tests of their own. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tabTo } from "../tab-to.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { servedFleet } from "./served-fleet.ts";
import type { ServedFleet } from "./served-fleet.ts";

const late = { cluster: "aurora", node: "gpu0007" };
const failure = {
  id: "5a0b6c1e-52a5-4f57-9c39-6b9f3a7c0001",
  type: "NodeFailed",
  occurredAt: "2026-03-28T04:00:00Z",
  data: { ...late, faultId: "late", category: "hardware" },
};

const mended = {
  id: "5a0b6c1e-52a5-4f57-9c39-6b9f3a7c0002",
  type: "NodeReturned",
  occurredAt: "2026-03-28T09:00:00Z",
  data: { ...late, faultIds: ["late"] },
};

interface Task {
  readonly name: string;
  readonly path: string;
  /** Each gives what is expected to be said where it leads. */
  readonly byMouse: (page: Page) => Promise<string>;
  readonly byKeys: (page: Page) => Promise<string>;
  /** What is said there. */
  readonly arrived: (page: Page) => Promise<string>;
}

const textOf = async (page: Page, selector: string) =>
  ((await page.locator(selector).first().textContent()) ?? "").trim();

const eventHeading = async (page: Page) => {
  await page.waitForURL(/\/events\//);
  return await textOf(page, "h1");
};

const overdue = "#p-overdue tbody th a";
const difference = "#p-differences td.wrap a";
const firstEdge = "#p-faults ol a";

const tasks: readonly Task[] = [
  {
    name: "the fleet page leads to the node that has been down longest",
    path: "/",
    byMouse: async (page) => {
      const node = await textOf(page, overdue);
      await page.locator(overdue).first().click();
      return node;
    },
    byKeys: async (page) => {
      const node = await textOf(page, overdue);
      await tabTo(page, node);
      await page.keyboard.press("Enter");
      return node;
    },
    arrived: async (page) => {
      await page.waitForURL(/\/nodes\//);
      expect(await textOf(page, "p.sentence")).toContain("down");
      return await textOf(page, "h1");
    },
  },
  {
    name: "the list of faults shows those beyond the repair target",
    path: "/faults",
    byMouse: async (page) => {
      await page.getByLabel("Repair target").selectOption({ label: "beyond it" });
      await page.getByRole("button", { name: "Show" }).click();
      return "all over target";
    },
    byKeys: async (page) => {
      await tabTo(page, "Repair target");
      await page.keyboard.press("ArrowDown");
      await tabTo(page, "Show");
      await page.keyboard.press("Enter");
      return "all over target";
    },
    arrived: async (page) => {
      await page.waitForURL(/overdue=true/);
      const rows = await page.locator("#p-faults tbody tr").allTextContents();
      expect(rows.length).toBeGreaterThan(0);
      return rows.every((row) => row.includes("over target")) ? "all over target" : "others, too";
    },
  },
  {
    name: "a node's page leads from a fault to the event that says so",
    path: "/clusters/aurora/nodes/gpu0417",
    byMouse: async (page) => {
      await page.locator(firstEdge).first().click();
      return "gpu0417";
    },
    byKeys: async (page) => {
      const when = await textOf(page, firstEdge);
      await tabTo(page, when);
      await page.keyboard.press("Enter");
      return "gpu0417";
    },
    arrived: eventHeading,
  },
  {
    name: "two positions are compared",
    path: "/audit/changes",
    byMouse: async (page) => {
      await page.getByLabel("From sequence").fill("3000");
      await page.getByRole("button", { name: "Compare" }).click();
      return "between #3,000";
    },
    byKeys: async (page) => {
      await tabTo(page, "From sequence");
      await page.keyboard.press("Control+A");
      await page.keyboard.type("3000");
      await page.keyboard.press("Enter");
      return "between #3,000";
    },
    arrived: async (page) => {
      await page.waitForURL(/from-sequence=3000/);
      return await textOf(page, "p.sentence");
    },
  },
  {
    name: "a report leads from what differs now to the event that made the difference",
    path: "/reports/march",
    byMouse: async (page) => {
      await page.locator(difference).first().click();
      return late.node;
    },
    byKeys: async (page) => {
      await tabTo(page, await textOf(page, difference));
      await page.keyboard.press("Enter");
      return late.node;
    },
    arrived: eventHeading,
  },
];

describe.skipIf(!hasBrowser)("by mouse, and by keys alone,", () => {
  let fleet: ServedFleet;
  beforeAll(async () => {
    fleet = await servedFleet();
    await fleet.post(failure);
    await fleet.post(mended);
  });
  afterAll(() => fleet.stop());

  test.each(tasks)("$name", async ({ path, byMouse, byKeys, arrived }) => {
    for (const way of [byMouse, byKeys]) {
      await visit(fleet.url, async (page) => {
        await page.goto(path);
        await page.locator("html[data-scripts]").waitFor();
        const expected = await way(page);
        expect(await arrived(page)).toContain(expected);
      });
    }
  });
});
