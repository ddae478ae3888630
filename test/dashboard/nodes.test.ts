import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallApp } from "../http/app/small-app.ts";
import type { BrowsedApp } from "./failing-node.ts";
import { appWithFailingNode, at } from "./failing-node.ts";
import { panelOf, textOf } from "./page-text.ts";

let small: BrowsedApp;
const get = (path: string) => small.get(path);
beforeAll(async () => {
  small = await appWithFailingNode();
});
afterAll(() => small.app.close());

describe("the page of a cluster's nodes", () => {
  let page = "";
  beforeAll(async () => {
    page = (await get(at)).body;
  });

  it("begins with a sentence: states of the members, freeze, and whether the targets were met", () => {
    expect(textOf(panelOf(page, "headline"))).toContain(
      "2 of 4 nodes are in service, 1 down, 1 unobserved; no freeze is in force; in March 2026 NIS was met, MTTR was met.",
    );
  });

  it("has NIS of the window as a picture without scripts, and as a table", () => {
    const panel = panelOf(page, "nis");
    expect(panel).toContain('<svg class="steps" role="img"');
    // Of four nodes, one is down for 2 of the 6 hours.
    expect(textOf(panel)).toContain("1 Mar 00:00 91.667 91.667 1 Mar 06:00 100.000 100.000");
    // One more is unobserved, which the terms exclude.
    expect(textOf(panel)).toContain("25 Mar 00:00 100.000 75.000");
  });

  it("names what is excluded, with the events that say so", () => {
    const panel = panelOf(page, "nis");
    expect(textOf(panel)).toMatch(/n3 unknown 25 Mar 00:00 – 1 Apr 00:00 7 d/);
    const lost = small.ledger.events.find(({ type }) => type === "NodeObservationLost");
    expect(panel).toContain(`/events/${lost?.id}`);
  });

  it("counts faults by cause, component, rack and SKU, as the interface does", async () => {
    const text = textOf(panelOf(page, "failures"));
    expect(text).toMatch(/By cause .* hardware 9 0 0 2 h 2 h 2 h/);
    expect(text).toMatch(/By component .* psu .* unknown .*By rack .* r1 .*By SKU .* h200/);
  });

  it("sorts the tables of failures by its address", async () => {
    const namesIn = (body: string) =>
      [...panelOf(body, "failures").matchAll(/<th scope="row">([^<]*)</g)].map(([, name]) =>
        name?.trim(),
      );
    expect(namesIn(page).slice(0, 2)).toEqual(["hardware", "network"]);
    const { body } = await get(`${at}?sort=-name`);
    expect(namesIn(body).slice(0, 2)).toEqual(["network", "hardware"]);
    expect(panelOf(body, "failures")).toContain('aria-sort="descending"');
    expect((await get(`${at}?sort=colour`)).statusCode).toBe(400);
  });

  it("of a period that has not begun is one problem with a way out, not one a panel", async () => {
    const headers = { accept: "text/html" };
    const { statusCode, body } = await small.app.inject({ url: `${at}?period=2027-01`, headers });
    expect(statusCode).toBe(422);
    expect(textOf(body)).toContain("the period 2027-01 had not started");
    expect(body).toContain("This page without its parameters");
    expect(body).not.toContain("data-problem");
  });

  it("of a window before the first node says so, and draws nothing", async () => {
    const { body } = await get(`${at}?period=2025-01`);
    for (const id of ["nis", "states"]) {
      const panel = panelOf(body, id);
      expect(textOf(panel)).toContain("No node was a member in January 2025");
      expect(panel).not.toContain("data-island");
    }
    expect(textOf(body)).toContain("January 2025 March 2026 April so far 90 days");
  });

  it("draws the bound that a repeat offender exceeds", () => {
    const text = textOf(panelOf(page, "offenders"));
    // Of a mean of 2.5, chance has 9 or more in 1.1 of 1,000 cases, 10 or more in 0.3.
    expect(text).toMatch(/n\/&lt;1&gt; 10 2\.50 10 2\.8e-4/);
    expect(panelOf(page, "offenders")).toContain('aria-label="10 faults, the bound is 10"');
  });

  it("sets the mean of closed faults beside what Kaplan and Meier make of the open ones", () => {
    const text = textOf(panelOf(page, "repairs"));
    expect(text).toMatch(/Mean 2 h 6 h 36 min Median 2 h 2 h/);
    expect(panelOf(page, "repairs")).toContain('class="hollow"');
  });

  it("lists every node, filtered and sorted by its address", async () => {
    const namesIn = (body: string) =>
      [...panelOf(body, "nodes").matchAll(/<th scope="row"><a[^>]*>([^<]*)</g)].map(
        ([, name]) => name,
      );
    expect(namesIn(page)).toEqual(["n/&lt;1&gt;", "n2", "n3", "n4"]);
    expect(namesIn((await get(`${at}?rack=%C3%9F%20%3C2%3E`)).body)).toEqual(["n3", "n4"]);
    expect(namesIn((await get(`${at}?state=down&rack=&sku=`)).body)).toEqual(["n/&lt;1&gt;"]);
    expect(namesIn((await get(`${at}?sort-nodes=-name`)).body)).toEqual([
      "n4",
      "n3",
      "n2",
      "n/&lt;1&gt;",
    ]);
    expect(textOf(panelOf((await get(`${at}?rack=none`)).body, "nodes"))).toContain(
      "No node matches",
    );
  });

  it("is a page with the problem where the cluster, or a filter, does not exist", async () => {
    const missing = await get("/clusters/nowhere");
    expect(missing.statusCode).toBe(404);
    expect(missing.headers["content-type"]).toContain("text/html");
    expect((await get(`${at}?order=sideways`)).statusCode).toBe(400);
  });

  it("shows what senders wrote as text, never as markup", () => {
    expect(page).not.toMatch(/<(1|2|end)>/);
    expect(page).not.toMatch(/ (style|on\w+)="/);
  });
});

describe("the page of faults", () => {
  it("lists those of all clusters, filtered by its address", async () => {
    const all = textOf((await get("/faults?period=2026-03")).body);
    expect(all).toContain("10 faults, of which 1 is open; 0 beyond the repair target.");
    const open = textOf((await get("/faults?open=true")).body);
    expect(open).toMatch(
      /1 fault is open; 1 beyond the repair target\..*n\/&lt;1&gt; .*over target 16 d 13 h network/,
    );
    expect(textOf((await get("/faults?open=false&rack=%C3%9F%20%3C2%3E")).body)).toContain(
      "No fault matches",
    );
    expect((await get("/faults?cluster=nowhere")).statusCode).toBe(404);
    expect((await get("/faults?open=maybe")).statusCode).toBe(400);
  });
});

describe("the node states of the fleet page", () => {
  it("have the node with most faults beside them, or the one under the cursor", async () => {
    const detail = async (query: string) =>
      textOf(panelOf((await get(`/${query}`)).body, "states"));
    expect(await detail("")).toContain("10 faults in 90 days");
    expect(await detail(`?at=${encodeURIComponent("n4@2026-03-09T01:00:00Z")}`)).toContain(
      "It had no fault in this time",
    );
  });
});

describe("a ledger without events", () => {
  it("has no page of a cluster and an empty list of faults", async () => {
    const { app } = await smallApp();
    expect((await app.inject("/clusters/alpha")).statusCode).toBe(404);
    expect(textOf((await app.inject("/faults")).body)).toContain("No fault matches");
    await app.close();
  });
});
