import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../../http/app/small-app.ts";
import {
  jobAddress,
  jobsAddress,
  panelOf,
  textOf,
  training,
  trainingApp,
} from "./training-history.ts";

const idOf = (index: number) => (training[index] as { readonly id: string }).id;

describe("the page of one job", () => {
  let small: SmallApp;
  let page = "";
  beforeAll(async () => {
    small = await trainingApp();
    page = (await small.app.inject(jobAddress)).body;
  });
  afterAll(() => small.app.close());
  const headline = async (query: string, address = jobAddress) =>
    textOf(panelOf((await small.app.inject(`${address}${query}`)).body, "headline"));

  it("says in a sentence that it has ended, and after how long", () => {
    expect(textOf(panelOf(page, "headline"))).toContain("Completed 10 Mar 10:00 , after 10 h.");
  });

  it("says as of earlier positions that it ran, was interrupted, and ran again", async () => {
    expect(await headline("?asOf=6")).toContain("Running since 10 Mar 00:00 , never interrupted.");
    expect(await headline("?asOf=7")).toContain(
      "Interrupted by a fault on n&lt;3 since 10 Mar 05:00",
    );
    expect(await headline("?asOf=8")).toContain(
      "last interrupted by a fault on n&lt;3 and back at 10 Mar 05:30",
    );
  });

  it("shows its whole life with the figures of it, and a sign at each break", () => {
    const strip = panelOf(page, "strip");
    expect(textOf(strip)).toContain("its whole life");
    expect(strip).toMatch(/href="#sign-fault"[^>]*x="50%"/);
    expect(strip).toContain("05:00:00: fault on n&lt;3");
    expect(textOf(strip)).toMatch(
      /Uptime 95\.00 ?% ETTR 83\.00 ?% Kept 8 h 18 min Checkpointing 12 min Lost 1 h Interrupted 30 min .*Interruptions 1 \d crash/,
    );
  });

  it("zooms by links: closer by half around the middle, and back to the whole life", async () => {
    const link = (body: string, words: string) =>
      new RegExp(`href="([^"]*)"[^>]*>${words}<`)
        .exec(panelOf(body, "strip"))?.[1]
        ?.replaceAll("&amp;", "&")
        .split("#")[0] ?? "";
    expect(link(page, "zoom out")).toBe("");
    const closer = link(page, "zoom in");
    expect(closer).toContain("from=2026-03-10T02:30:00.000Z&to=2026-03-10T07:30:00.000Z");
    const { body } = await small.app.inject(closer);
    // 2:30 to 7:30 has 4.5 h of running, of which 1 h was lost and 6 min were a checkpoint.
    expect(textOf(panelOf(body, "strip"))).toMatch(/Uptime 90\.00 ?% .*Kept 3 h 24 min/);
    expect(link(body, "earlier")).toContain(
      "from=2026-03-10T00:00:00.000Z&to=2026-03-10T05:00:00.000Z",
    );
    expect(link(body, "zoom out")).toBe(jobAddress);
    expect(link(body, "whole life")).toBe(jobAddress);
  });

  it("lists what interrupted it, each with its event, its node, the event of its fault and what it cost", () => {
    const interruptions = panelOf(page, "interruptions");
    expect(textOf(interruptions)).toMatch(
      /05:00:00 .*05:30:00 fault n&lt;3 f&amp;1 4 30 min 4 h 2 h zoom/,
    );
    expect(interruptions).toContain(`href="/events/${idOf(6)}"`);
    expect(interruptions).toContain(`href="/events/${idOf(1)}"`);
    expect(interruptions).toContain("/nodes/n%3C3");
  });

  it("lists its runs, its checkpoints, and the nodes that it held", () => {
    expect(textOf(panelOf(page, "runs"))).toMatch(/10 Mar 00:00 .*10 Mar 10:00 completed 10 h/);
    expect(panelOf(page, "runs")).toContain(`href="/events/${idOf(8)}"`);
    expect(textOf(panelOf(page, "checkpoints"))).toMatch(
      /c2 .*04:00:00 6 min 2 h c1 .*02:00:00 6 min first of its run/,
    );
    expect(textOf(panelOf(page, "nodes"))).toMatch(/4 nodes.*00:00:00.* 4 n\[1-4\]/);
    expect(textOf(panelOf(page, "findings"))).toContain(
      "Every fact about this job fits the others.",
    );
  });

  it("tells of a job that never ran what did not fit, and what to do", async () => {
    const { statusCode, body } = await small.app.inject(`${jobsAddress}/ghost`);
    expect(statusCode).toBe(200);
    expect(textOf(body)).toContain("No run of it has been stated");
    expect(textOf(panelOf(body, "strip"))).toContain("This job never ran.");
    expect(textOf(panelOf(body, "findings"))).toContain(
      "not possible in the job&#39;s state 11 Mar 00:00 The job is not in a state in which this can happen.",
    );
  });

  it("says of a window without the job that it was not there", async () => {
    const { statusCode, body } = await small.app.inject(
      `${jobAddress}?from=2026-03-12T00:00:00Z&to=2026-03-13T00:00:00Z`,
    );
    expect(statusCode).toBe(200);
    expect(textOf(panelOf(body, "strip"))).toContain("The job was not there in this window.");
    for (const id of ["interruptions", "checkpoints", "nodes"])
      expect(textOf(panelOf(body, id)), id).toContain("in this window");
  });

  it("is a page that says not found for a job that no fact names, or none yet", async () => {
    for (const address of [
      `${jobsAddress}/nobody`,
      `${jobAddress}?asOf=3`,
      "/clusters/zeta/jobs/j",
    ]) {
      const { statusCode, headers, body } = await small.app.inject({
        url: address,
        headers: { accept: "text/html" },
      });
      expect(statusCode, address).toBe(404);
      expect(headers["content-type"]).toContain("text/html");
      expect(body).toContain("<h1>Not found</h1>");
    }
  });

  it("shows what senders wrote as text, never as markup", () => {
    expect(page).toContain("train/&lt;1&gt;&quot;&amp;%");
    expect(page).not.toMatch(/<1>|<3[ "]/);
    expect(page).not.toMatch(/ (style|on\w+)="/);
  });
});
