import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrowsedApp } from "./failing-node.ts";
import { appWithFailingNode, at, cluster } from "./failing-node.ts";
import { panelOf, textOf } from "./page-text.ts";

let small: BrowsedApp;
const get = (path: string) => small.get(path);
beforeAll(async () => {
  small = await appWithFailingNode();
});
afterAll(() => small.app.close());

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
