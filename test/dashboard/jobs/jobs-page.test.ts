import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anEvent } from "../../http/app/memory-ledger.ts";
import type { SmallApp } from "../../http/app/small-app.ts";
import { smallApp } from "../../http/app/small-app.ts";
import {
  cluster,
  jobAddress,
  jobsAddress,
  panelOf,
  textOf,
  training,
  trainingApp,
} from "./training-history.ts";

const raws = (html: string, figure: string) =>
  [...html.matchAll(new RegExp(`data-figure="${figure}" data-raw="(\\d+)"`, "g"))].map(([, raw]) =>
    Number(raw),
  );

describe("the page of a cluster's jobs", () => {
  let small: SmallApp;
  let page = "";
  beforeAll(async () => {
    small = await trainingApp();
    page = (await small.app.inject(jobsAddress)).body;
  });
  afterAll(() => small.app.close());
  const get = (query: string) =>
    small.app.inject({ url: `${jobsAddress}${query}`, headers: { accept: "text/html" } });

  it("says in a sentence whether job uptime met its target, and what runs now", () => {
    const text = textOf(panelOf(page, "headline"));
    expect(text).toContain("Jobs of a&lt;b/c");
    expect(text).toContain(
      "Job uptime met its target in March 2026; 2 jobs had 1 crash, 0.032 a day.",
    );
    expect(text).toContain("1 job runs now, none is interrupted.");
  });

  it("has job uptime with its target and verdict beside ETTR, which has none", () => {
    const text = textOf(panelOf(page, "headline"));
    // 4 nodes for 9.5 of 10 h and 2 nodes for 1 h: 40 of 42 node-hours; kept 8.3 × 4 + 2 = 35.2.
    expect(text).toMatch(/Job uptime met 95\.238 ?% target 90 %/);
    expect(text).toMatch(/ETTR 83\.810 ?% no target is agreed/);
  });

  it("has a strip for each job, the longest node-time first, and each leads to the job's page", async () => {
    const strips = panelOf(page, "strips");
    const links = [...strips.matchAll(/class="strip-link" href="([^"]*)"/g)].map(
      ([, href]) => href,
    );
    expect(links).toEqual([jobAddress, `${jobsAddress}/eval`]);
    for (const href of links) expect((await small.app.inject(String(href))).statusCode).toBe(200);
    expect(strips).toContain('href="#sign-fault"');
    expect(strips).toContain('fill="url(#hatch-fault)"');
    expect(strips).toMatch(/class="interrupted c-fault" d="M/);
    expect(textOf(strips)).toContain("March 2026, longest node-time first");
  });

  it("goes from all node-time to the time kept in steps that sum to the millisecond", () => {
    const waterfall = panelOf(page, "waterfall");
    const total = 42 * 3_600_000;
    const taken = [
      ...raws(waterfall, "jobUptime\\.attribution\\.\\w+\\.\\w+"),
      ...raws(waterfall, "jobUptime\\.checkpointingNodeMs"),
    ];
    const [kept] = raws(waterfall, "jobUptime\\.keptNodeMs");
    expect(taken).toEqual([7_200_000, 14_400_000, 2_880_000]);
    expect(total - taken.reduce((sum, each) => sum + each, 0)).toBe(kept);
    const text = textOf(waterfall);
    expect(text).toContain("all node-time 42 node-h 100.0 %");
    expect(text).toContain("interrupted by fault −2 node-h −4.8 %");
    expect(text).toContain("kept 35 node-h 83.8 %");
    expect(text).toContain(
      "Nothing was lost to or interrupted by: software, rollout, maintenance, unknown, user.",
    );
  });

  it("has a dot for every day of crashes, as the series has it", async () => {
    const crashes = panelOf(page, "crashes");
    const counts = raws(crashes, "figures\\.crashes\\.\\d+");
    const series = await small.app.inject(
      `/v1/series?cluster=${encodeURIComponent(cluster)}&figures=crashes&bucket=1d`,
    );
    expect(counts).toEqual(series.json().figures.crashes);
    expect(counts).toHaveLength(31);
    expect(crashes).toContain("10 Mar: 1 crash");
  });

  it("says how many recoveries a slope needs where there are too few", () => {
    expect(textOf(panelOf(page, "recovery"))).toContain(
      "1 recovery : a slope needs three, of more than one size.",
    );
  });

  it("advises an interval of checkpoints beside today's", () => {
    // One interruption in 10.5 h of running; checkpoints of 6 min: √(2 × 6 × 630) min.
    expect(textOf(panelOf(page, "advice"))).toMatch(
      /Today 2 h between checkpoints: .*Advised 1 h 26 min/,
    );
  });

  it("lists outages by what they cost, each with its node and the event of its fault", async () => {
    const outages = panelOf(page, "outages");
    expect(textOf(outages)).toMatch(/n&lt;3 f&amp;1 12\.0 × 30 min 4 h 2 h 1/);
    const [, event] = /href="(\/events\/[^"]*)"/.exec(outages) ?? [];
    const fault = training[1] as { readonly id: string };
    expect(event).toBe(`/events/${fault.id}`);
    expect(outages).toContain(`/clusters/a%3Cb%2Fc/nodes/n%3C3`);
  });

  it("sorts strips and table by the address, and says so to screen readers", async () => {
    const { body } = await get("?sort=runningMs");
    const names = [
      ...panelOf(body, "table").matchAll(/<th scope="row"><a href="[^"]*">([^<]*)</g),
    ].map(([, name]) => name);
    expect(names).toEqual(["eval", "train/&lt;1&gt;&quot;&amp;%"]);
    expect(panelOf(body, "table")).toMatch(
      /aria-sort="ascending"[^>]*>\s*<a class="sort ascending" href="[^"]*sort=-runningMs/,
    );
    expect(textOf(panelOf(body, "strips"))).toContain("lowest running first");
    expect(panelOf(page, "table")).toMatch(
      /aria-sort="descending"[^>]*>\s*<a class="sort descending" href="[^"]*sort=nodeMs/,
    );
  });

  it("refuses an order that it does not have, and a page that is no number", async () => {
    for (const query of ["?sort=shoesize", "?page=0", "?page=x"]) {
      const { statusCode, body } = await get(query);
      expect(statusCode, query).toBe(400);
      expect(body).toContain("Invalid request");
    }
  });

  it("shows an earlier position, and every link keeps it", async () => {
    const { body } = await get("?asOf=8");
    expect(textOf(panelOf(body, "headline"))).toContain("1 job ran then, none was interrupted.");
    const links = [...panelOf(body, "strips").matchAll(/class="strip-link" href="([^"]*)"/g)];
    expect(links.map(([, href]) => href)).toEqual([`${jobAddress}?asOf=8`]);
  });

  it("names a window between two instants by its days, and by its times where it cuts days", async () => {
    const days = await get("?from=2026-03-10T00:00:00Z&to=2026-03-12T00:00:00Z");
    expect(textOf(panelOf(days.body, "strips"))).toContain("10 Mar 2026 – 12 Mar 2026, longest");
    const hours = await get("?from=2026-03-10T00:00:00Z&to=2026-03-10T06:00:00Z");
    expect(textOf(panelOf(hours.body, "strips"))).toContain(
      "10 Mar 2026 00:00 – 10 Mar 2026 06:00,",
    );
  });

  it("says for a period without jobs that there were none", async () => {
    const { statusCode, body } = await get("?period=2026-02");
    expect(statusCode).toBe(200);
    for (const id of ["strips", "waterfall", "crashes", "table"])
      expect(textOf(panelOf(body, id)), id).toMatch(/No job/);
  });

  it("has no figure without an address at which the interface gives it", () => {
    for (const id of ["headline", "strips", "waterfall", "crashes", "advice", "outages", "table"]) {
      const panel = panelOf(page, id);
      expect(panel.indexOf("data-source="), id).toBeGreaterThan(0);
      expect(panel.indexOf("data-source="), id).toBeLessThan(panel.indexOf("data-figure="));
    }
  });
});

describe("the page of jobs where there are none", () => {
  it("says what would fill it, with a command", async () => {
    const { app, ledger } = await smallApp();
    await ledger.submit([anEvent()] as Parameters<typeof ledger.submit>[0]);
    const { statusCode, body } = await app.inject("/clusters/alpha/jobs");
    expect(statusCode).toBe(200);
    expect(textOf(body)).toContain("No job of this cluster has been stated yet.");
    expect(body).toContain("&quot;type&quot;: &quot;JobStarted&quot;");
    expect(body).not.toContain('data-fragment="strips"');
    await app.close();
  });

  it("is a page that says not found for a cluster that nothing names, and for an empty ledger", async () => {
    const { app, ledger } = await smallApp();
    expect((await app.inject("/clusters/alpha/jobs")).statusCode).toBe(404);
    await ledger.submit([anEvent()] as Parameters<typeof ledger.submit>[0]);
    const { statusCode, body } = await app.inject({
      url: "/clusters/beta/jobs",
      headers: { accept: "text/html" },
    });
    expect(statusCode).toBe(404);
    expect(body).toContain("<h1>Not found</h1>");
    await app.close();
  });
});

describe("a cluster with more jobs than one page shows", () => {
  it("has 40 of them, and links to the others", async () => {
    const events = Array.from(
      { length: 45 },
      (_, i) =>
        [
          ["JobStarted", "2026-03-05T00:00:00Z", { nodes: ["n1"] }],
          [
            "JobFinished",
            `2026-03-05T0${Math.floor(i / 6)}:${i % 6}5:00Z`,
            { outcome: "completed" },
          ],
        ] as const,
    ).flatMap((facts, i) =>
      facts.map(([type, occurredAt, data]) =>
        anEvent({ type, occurredAt, data: { cluster: "alpha", job: `j${i}`, ...data } }),
      ),
    );
    const { app } = await trainingApp(events);
    const { body } = await app.inject("/clusters/alpha/jobs");
    const strips = panelOf(body, "strips");
    expect(strips.match(/class="strip-link"/g)).toHaveLength(40);
    expect(textOf(strips)).toContain("1 to 40 of 45 jobs · next page");
    const [, next] = /href="([^"]*)"\s*>next page/.exec(strips) ?? [];
    const second = await app.inject(String(next).split("#")[0] ?? "");
    expect(panelOf(second.body, "strips").match(/class="strip-link"/g)).toHaveLength(5);
    expect(textOf(panelOf(second.body, "table"))).toContain("41 to 45 of 45 jobs · previous page");
    await app.close();
  });
});
