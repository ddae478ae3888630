import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import type { SmallApp } from "../http/app/small-app.ts";
import { smallApp } from "../http/app/small-app.ts";
import { panelOf, textOf } from "./page-text.ts";

const cluster = "alpha<1>/x";
const at = `/clusters/${encodeURIComponent(cluster)}`;

const event = (occurredAt: string, type: string, data: Record<string, unknown>) =>
  anEvent({ occurredAt, type, data: { cluster, ...data } });

/** Four nodes in two racks in March 2026; `n/<1>` fails again and again, and is down since the 30th. */
const history = [
  event("2026-01-01T00:00:00Z", "SlaPolicySet", {
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 100,
    excludeUnknown: true,
    zone: "UTC",
  }),
  ...["n/<1>", "n2", "n3", "n4"].map((node, i) =>
    event("2026-01-01T00:00:00Z", "NodeCommissioned", {
      node,
      rack: i < 2 ? "r1" : "ß <2>",
      sku: "h200",
    }),
  ),
  ...Array.from({ length: 9 }, (_, i) => i + 1).flatMap((day) => [
    event(`2026-03-${String(day).padStart(2, "0")}T00:00:00Z`, "NodeFailed", {
      node: "n/<1>",
      faultId: `f${day}`,
      category: "hardware",
      component: "psu",
      detectedAt: `2026-03-${String(day).padStart(2, "0")}T00:10:00Z`,
    }),
    event(`2026-03-${String(day).padStart(2, "0")}T00:30:00Z`, "NodeRepairStarted", {
      node: "n/<1>",
      faultId: `f${day}`,
      phase: "repair",
    }),
    event(`2026-03-${String(day).padStart(2, "0")}T02:00:00Z`, "NodeReturned", {
      node: "n/<1>",
      faultIds: [`f${day}`],
      how: "manual",
    }),
  ]),
  event("2026-03-30T00:00:00Z", "NodeFailed", {
    node: "n/<1>",
    faultId: "open",
    category: "network",
  }),
  event("2026-03-12T00:00:00Z", "NodeMaintenanceAnnounced", {
    node: "n2",
    maintenanceId: "m<1>",
    plannedFrom: "2026-03-20T00:00:00Z",
    plannedTo: "2026-03-20T04:00:00Z",
  }),
  event("2026-03-20T00:00:00Z", "NodeMaintenanceStarted", { node: "n2", maintenanceId: "m<1>" }),
  event("2026-03-20T04:00:00Z", "NodeMaintenanceEnded", { node: "n2", maintenanceId: "m<1>" }),
  event("2026-03-25T00:00:00Z", "NodeObservationLost", { node: "n3" }),
  event("2026-03-02T00:00:00Z", "JobStarted", { job: "train<1>", nodes: ["n[2-3]"] }),
  event("2026-03-10T00:00:00Z", "JobInterrupted", {
    job: "train<1>",
    cause: { kind: "software" },
  }),
  event("2026-03-10T01:00:00Z", "JobResumed", { job: "train<1>" }),
  event("2026-03-01T00:00:00Z", "NfzDeclared", {
    nfz: "quarter<end>",
    scope: { racks: ["r1"] },
    occurrences: [{ from: "2026-03-14T00:00:00Z", to: "2026-03-16T00:00:00Z" }],
    inFlight: "finish",
  }),
];

let small: SmallApp;
/** As a browser asks. */
const get = async (path: string) =>
  await small.app.inject({ url: path, headers: { accept: "text/html" } });
beforeAll(async () => {
  small = await smallApp();
  const results = await small.ledger.submit(history);
  expect(results.filter(({ status }) => status === "refused")).toEqual([]);
});
afterAll(() => small.app.close());

describe("the page of a cluster's nodes", () => {
  let page = "";
  beforeAll(async () => {
    const answer = await get(at);
    expect(answer.statusCode).toBe(200);
    page = answer.body;
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

describe("the page of one node", () => {
  const node = `${at}/nodes/${encodeURIComponent("n/<1>")}`;

  it("says where it stands, how it is since when and why, and how often it failed", async () => {
    const { body } = await get(node);
    expect(textOf(panelOf(body, "headline"))).toContain(
      `in rack r1 of alpha&lt;1&gt;/x is down since 30 Mar 00:00 , 16 d 13 h: network; 10 faults in 90 days.`,
    );
  });

  it("has a lane for each kind of thing that happens to it", async () => {
    const text = textOf(panelOf((await get(node)).body, "timeline"));
    for (const lane of ["state", "faults", "maintenance", "unobserved", "jobs", "no-fly zones"])
      expect(text).toContain(lane);
    expect(panelOf((await get(node)).body, "timeline")).toContain(
      "<title>hardware, psu: repair, 1 h 30 min</title>",
    );
  });

  it("leads from every edge to the event that made it", async () => {
    const { body } = await get(node);
    const panel = panelOf(body, "timeline");
    const phases = small.ledger.events.filter(({ type }) =>
      /^Node(Failed|RepairStarted|Returned)$/.test(type),
    );
    expect(phases.length).toBe(28);
    for (const { id } of phases) expect(panel).toContain(`/events/${id}"`);
    const zone = small.ledger.events.find(({ type }) => type === "NfzDeclared");
    expect(panel).toContain(`/events/${zone?.id}`);
  });

  it("has the jobs on it, and what interrupted them", async () => {
    const panel = panelOf((await get(`${at}/nodes/n2`)).body, "timeline");
    expect(panel).toContain("<title>train&lt;1&gt;: running, 8 d</title>");
    expect(panel).toContain("<title>train&lt;1&gt;: interrupted: software, 1 h</title>");
    const interruption = small.ledger.events.find(({ type }) => type === "JobInterrupted");
    expect(panel).toContain(`/events/${interruption?.id}`);
    const other = panelOf((await get(`${at}/nodes/n4`)).body, "timeline");
    expect(textOf(other)).not.toContain("train");
  });

  it("has a zone only over the nodes that it freezes", async () => {
    const has = async (name: string) =>
      panelOf((await get(`${at}/nodes/${name}`)).body, "timeline").includes("quarter&lt;end&gt;");
    expect(await has("n2")).toBe(true);
    expect(await has("n3")).toBe(false);
  });

  it("has maintenance as it was planned and as it was", async () => {
    const panel = panelOf((await get(`${at}/nodes/n2`)).body, "timeline");
    expect(panel).toContain("<title>m&lt;1&gt;: planned</title>");
    expect(panel).toContain("<title>m&lt;1&gt;: in maintenance</title>");
    expect(textOf(panel)).toContain("maintenance m&lt;1&gt; announced");
  });

  it("lists its faults with how it came back and how the time was spent", async () => {
    const text = textOf(panelOf((await get(node)).body, "faults"));
    expect(text).toContain("network open");
    expect(text).toContain("hardware, psu manual 2 h 9 Mar 00:00 – 9 Mar 02:00");
  });

  it("marks the instant that its address names, and says how it was then", async () => {
    const mark = encodeURIComponent("n/<1>@2026-03-09T01:00:00Z");
    const { body } = await get(`${node}?at=${mark}`);
    expect(textOf(panelOf(body, "headline"))).toContain("At 9 Mar 01:00:00 it was down");
    expect(panelOf(body, "timeline")).toContain('class="now"');
    expect((await get(node)).body).not.toContain('class="now"');
  });

  it("is what it was at an earlier position", async () => {
    const { body } = await get(`${node}?asOf=6`);
    expect(textOf(panelOf(body, "headline"))).toMatch(/is down since .*1 fault in 90 days/);
    for (const [, link] of panelOf(body, "timeline").matchAll(/href="(\/events[^"]*)"/g))
      expect(link).toContain("asOf=6");
  });

  it("is a page with the problem where the node does not exist", async () => {
    const answer = await get(`${at}/nodes/n9`);
    expect(answer.statusCode).toBe(404);
    expect(textOf(answer.body)).toContain("has no node &quot;n9&quot; at this position");
  });

  it("has its pieces as CSV", async () => {
    const { body, headers } = await get(`/v1/nodes/${encodeURIComponent(cluster)}/n2?format=csv`);
    expect(headers["content-type"]).toContain("text/csv");
    expect(body).toMatch(/^kind,name,from,to,what,beganBy,endedBy\r?\n/);
    expect(body).toMatch(
      /maintenance,m<1>,2026-03-20T00:00:00.000Z,2026-03-20T04:00:00.000Z,,[-0-9a-f]{36},/,
    );
  });
});

describe("the page of faults", () => {
  it("lists those of all clusters, filtered by its address", async () => {
    const all = textOf((await get("/faults?period=2026-03")).body);
    expect(all).toContain("10 faults: 1 open, 0 beyond the repair target.");
    const open = textOf((await get("/faults?open=true")).body);
    expect(open).toMatch(
      /1 fault: 1 open, 1 beyond the repair target\..*n\/&lt;1&gt; .*network .*over target 16 d 13 h/,
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
