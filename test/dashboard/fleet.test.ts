import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoreStatus } from "../../src/store/port.ts";
import { anEvent } from "../http/app/memory-ledger.ts";
import type { SmallApp } from "../http/app/small-app.ts";
import { appWithHistory, history, smallApp } from "../http/app/small-app.ts";
import { panelOf, textOf } from "./page-text.ts";

describe("the fleet page of a ledger whose mirror has stopped", () => {
  it("says so above all figures, and says why", async () => {
    const { app, ledger } = await appWithHistory();
    expect((await app.inject("/")).body).not.toContain("Not to be trusted");
    const store = { mirrorState: "stopped", error: "the seal at <3> does not match these events" };
    ledger.store.status = () => store as StoreStatus;
    const { statusCode, body } = await app.inject("/");
    expect(statusCode).toBe(200);
    const warning = textOf(body).indexOf("Not to be trusted: the seal at &lt;3&gt; does not match");
    expect(warning).toBeGreaterThan(0);
    expect(warning).toBeLessThan(textOf(body).indexOf("Nodes in service"));
    await app.close();
  });
});

describe("the fleet page", () => {
  let small: SmallApp;
  let page = "";
  beforeAll(async () => {
    small = await appWithHistory();
    page = (await small.app.inject("/")).body;
  });
  afterAll(() => small.app.close());

  it("begins with a sentence: what was missed, what is frozen, what is overdue", () => {
    expect(textOf(panelOf(page, "headline"))).toContain(
      "1 of 1 cluster missed NIS in March 2026; 1 is frozen now; no release is overdue.",
    );
  });

  it("says since when NIS is missed: whatever followed in the month, it could not be met any more", async () => {
    const cluster = textOf(panelOf(page, "cluster-alpha"));
    expect(cluster).toMatch(/Nodes in service missed .* missed since \d{1,2} Mar \d\d:\d\d/);
    const met = (await small.app.inject("/?period=1999-01")).body;
    expect(textOf(met)).not.toContain("missed since");
  });

  it("leads to the period before and after, as far as the ledger knows", async () => {
    const steps = async (query: string) => {
      const { body } = await small.app.inject(`/${query}`);
      return Object.fromEntries(
        [...body.matchAll(/rel="(prev|next)"\s+href="([^"]+)"/g)].map(([, rel, href]) => [
          rel,
          href,
        ]),
      );
    };
    expect(await steps("")).toEqual({ prev: "/?period=2026-02", next: "/?period=2026-04" });
    expect(Object.keys(await steps("?period=2025"))).toEqual(["next"]);
    expect(await steps("?period=this-month")).toEqual({ prev: "/" });
    expect(await steps("?period=2026-03-10&zone=Asia/Tokyo")).toEqual({
      prev: "/?period=2026-03-09&amp;zone=Asia/Tokyo",
      next: "/?period=2026-03-11&amp;zone=Asia/Tokyo",
    });
    const week = "?from=2026-03-09T00:00:00.000Z&to=2026-03-16T00:00:00.000Z";
    expect((await steps(week))["next"]).toBe(
      "/?from=2026-03-16T00:00:00.000Z&amp;to=2026-03-23T00:00:00.000Z",
    );
  });

  it("does not say that a target was met where nothing was measured, or no figure can be given", async () => {
    const headline = async (query: string) =>
      textOf(panelOf((await small.app.inject(`/?${query}`)).body, "headline"));
    expect(await headline("period=1999-01")).toContain(
      "Nothing is measured against a target in January 1999; 1 is frozen now",
    );
    expect(await headline("period=2027-01")).toMatch(/Fleet No figures: .*; 1 is frozen now/);
    expect(await headline("asOf=3")).toContain("none was frozen then");
  });

  it("has the figures of each cluster's last full month against their targets", () => {
    const text = textOf(panelOf(page, "cluster-alpha"));
    // n1 was down for 12 h and n2 from the 20th, of 62 node-days; the job ran 647 of 648 h.
    expect(text).toMatch(/Nodes in service missed 79\.839 ?% −15\.16 pt to target · raw 79\.84 ?%/);
    expect(text).toMatch(/Job uptime met 99\.846 ?% \+9\.85 pt to target · ETTR/);
    expect(text).toContain("Mean time to repair met 12 h");
    expect(text).toMatch(
      /Open faults 1 1 beyond 2 d oldest 26 d 13 h: n2 , network; told by nobody named/,
    );
    expect(text).toMatch(/1 in service 1 down/);
  });

  it("says that a cluster is frozen, until when, how much of it and by what", () => {
    const text = textOf(panelOf(page, "cluster-alpha"));
    expect(text).toContain("Frozen until 20 Apr 00:00 4 d 11 h left · freeze");
    expect(text).toContain("1 rollout held, the longest 3 d 13 h");
    expect(page).toContain('class="panel cluster frozen"');
  });

  it("lists what is open beyond its target, what is held, and what was taken down last", () => {
    expect(textOf(panelOf(page, "overdue"))).toMatch(/n2 alpha network .*26 d 13 h/);
    expect(textOf(panelOf(page, "held"))).toMatch(
      /r1 security 3 d 13 h .*held by freeze , next release 20 Apr 00:00 \(in 4 d 11 h\) · declared impactless/,
    );
    expect(textOf(panelOf(page, "last"))).toContain("r1 was refused by freeze in alpha");
  });

  it("accounts for all node-time of jobs", () => {
    expect(textOf(panelOf(page, "training"))).toMatch(
      /alpha .*96\.1 ?% kept · 3\.7 lost · 0\.2 interrupted/,
    );
  });

  it("shows times in the zone that the reader chose", async () => {
    const { body } = await small.app.inject("/?zone=Europe/Berlin");
    expect(textOf(body)).toContain("Frozen until 20 Apr 02:00");
    expect(body).toContain('href="/clusters/alpha?zone=Europe/Berlin"');
  });

  it("says which zone, period or position there is not, as a page", async () => {
    for (const [query, status, words] of [
      ["zone=Mars/Base", 400, "Mars/Base"],
      ["asOf=999", 422, "the ledger ends at sequence 12"],
      ["nonsense=1", 400, "nonsense"],
      ["at=here", 400, "must be a node and an instant"],
      ["period=march", 400, "march"],
      ["from=2026-03-01T00:00:00Z", 400, "is required with from"],
    ] as const) {
      const { statusCode, headers, body } = await small.app.inject({
        url: `/?${query}`,
        headers: { accept: "text/html" },
      });
      expect([query, statusCode, String(headers["content-type"])]).toEqual([
        query,
        status,
        "text/html; charset=utf-8",
      ]);
      expect(textOf(body)).toContain(words);
    }
    const { statusCode, body } = await small.app.inject("/?period=2027-01");
    expect([statusCode, textOf(panelOf(body, "cluster-alpha"))]).toEqual([
      200,
      expect.stringContaining("No figures:"),
    ]);
  });

  it("shows what senders wrote as text, never as markup", async () => {
    const { app, ledger } = await smallApp();
    const names = ["<i>x</i>", 'a"b"', "c&d/e", "100%?#"];
    const sent = names.map((cluster) =>
      anEvent({ type: "NodeCommissioned", data: { cluster, node: "<b>n</b>" } }),
    );
    for (const { status } of await ledger.submit(sent)) expect(status).toBe("appended");
    const { body, statusCode } = await app.inject("/");
    expect([statusCode, body.includes("<i>x"), body.includes("<b>n")]).toEqual([200, false, false]);
    expect(body).toContain("&lt;i&gt;x&lt;/i&gt;");
    expect(body).toContain('href="/clusters/c%26d%2Fe"');
    expect(body).not.toMatch(/ id="[^"]* [^"]*"/);
    await app.close();
  });

  it("loads nothing from other sites, and needs no inline script or style", async () => {
    expect(page).not.toMatch(/(src|href|action)="(https?:)?\/\//);
    expect(page).not.toMatch(/ (style|on\w+)="/);
    expect(page).not.toMatch(/<script(?! src=)/);
    const { headers } = await small.app.inject("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const [, file] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      expect((await small.app.inject(String(file))).statusCode, file).toBe(200);
    }
  });

  it("gives every column of every table a heading", () => {
    expect(page.match(/<table/g)?.length).toBeGreaterThan(1);
    expect(page).not.toMatch(/<th(?![^>]*scope=)[ >]/);
  });

  it("can show an earlier position, and says so", async () => {
    const past = await small.app.inject("/?asOf=3");
    expect(past.headers["fleetledger-sequence"]).toBe("3");
    expect(textOf(past.body)).toMatch(/as of #3 .* back to now/);
    expect(past.body).toContain('href="/?asOf=3&amp;period=this-month"');
    expect(textOf(past.body)).toContain("No rollout is held");
  });
});

describe("a fleet page with little to show", () => {
  it("says what to do next in an empty ledger", async () => {
    const { app } = await smallApp({ allowedHosts: ["ledger.example"] });
    const answer = await app.inject({ url: "/", headers: { host: "ledger.example:8080" } });
    expect(answer.body).toContain("The ledger is empty");
    expect(answer.body).toContain("curl -X POST http://ledger.example:8080/v1/events");
    expect((await app.inject("/?asOf=0")).statusCode).toBe(200);
    await app.close();
  });

  it("never shows an undefined value", async () => {
    const { app, ledger } = await smallApp();
    const check = async (query = "") => {
      const answer = await app.inject(`/${query}`);
      expect(answer.statusCode).toBe(200);
      expect(textOf(answer.body)).not.toMatch(/\b(null|undefined|NaN|Infinity|\[object)/);
    };
    await check();
    await ledger.submit([
      anEvent({
        type: "CoTestPassed",
        data: { coTest: "c", updates: [{ component: "driver", version: "1" }] },
      }),
    ]);
    await check();
    await ledger.submit([anEvent({ type: "ClusterRegistered", data: { cluster: "bare" } })]);
    await check();
    expect(textOf((await app.inject("/")).body)).toContain("no data");
    await ledger.submit(history);
    for (let sequence = 0; sequence <= ledger.sequence(); sequence++)
      await check(`?asOf=${sequence}`);
    await app.close();
  });
});

describe("a cluster whose figures cannot be given", () => {
  it("gives the reason in their place, and leaves the others unaffected", async () => {
    const { app, ledger } = await appWithHistory();
    const nodes = ["a[0-199999]"];
    const jobs = Array.from({ length: 200 }, (_, i) =>
      anEvent({ type: "JobStarted", data: { cluster: "huge", job: `j${i}`, nodes } }),
    );
    await ledger.submit(jobs);
    const read = await app.inject("/v1/job-uptime?cluster=huge&period=2026-03");
    expect([read.statusCode, read.json().code]).toEqual([422, "figure-too-large"]);
    const { body } = await app.inject("/");
    expect(textOf(panelOf(body, "cluster-huge"))).toContain("No figures:");
    expect(textOf(panelOf(body, "training"))).toContain("No figures:");
    expect(textOf(panelOf(body, "cluster-alpha"))).toContain("Mean time to repair met 12 h");
    await app.close();
  });
});
