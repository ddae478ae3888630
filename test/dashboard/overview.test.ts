import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoreStatus } from "../../src/store/port.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { duration, percent } from "../../src/reports/html/format.ts";
import { html } from "../../src/reports/html/html.ts";
import { anEvent } from "../http/app/memory-ledger.ts";
import type { SmallApp } from "../http/app/small-app.ts";
import { appWithHistory, history, smallApp } from "../http/app/small-app.ts";

/** With ordinary blanks for those that do not break. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

/** The text that a reader sees, roughly: without tags and what they hold. */
const textOf = (page: string) =>
  plain(page)
    .replaceAll(/<(script|style|title)[^>]*>[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");

describe("the overview of a ledger whose mirror has stopped", () => {
  it("says so above all figures, and says why", async () => {
    const { app, ledger } = await appWithHistory();
    const url = "/";
    expect((await app.inject(url)).body).not.toContain("not to be trusted");
    const store = { mirrorState: "stopped", error: "the seal at <3> does not match these events" };
    ledger.store.status = () => store as StoreStatus;
    const { statusCode, body } = await app.inject(url);
    expect(statusCode).toBe(200);
    const warning = textOf(body).indexOf("not to be trusted the seal at &lt;3&gt; does not match");
    expect(warning).toBeGreaterThan(0);
    expect(warning).toBeLessThan(textOf(body).indexOf("Clusters"));
    await app.close();
  });
});

describe("the overview of a fleet", () => {
  let small: SmallApp;
  let page = "";
  beforeAll(async () => {
    small = await appWithHistory();
    page = (await small.app.inject("/")).body;
  });
  afterAll(() => small.app.close());

  it("has one row per cluster, with the figures of its last full month against their targets", () => {
    const text = textOf(page);
    expect(text).toContain("2026-03 , last full month");
    // n1 was down for 12 h and n2 from the 20th, of 62 node-days; the job ran 647 of 648 h.
    expect(text).toContain("79.839 % ✗ missed target ≥ 95 % raw 79.839 %");
    expect(text).toContain("99.846 % ✓ met target ≥ 90 %");
    expect(text).toContain("12 h ✓ met target ≤ 2 d");
    expect(text).toMatch(/1 closed 1 open at the end 1 of these beyond target/);
    expect(text).toContain("1 in service 1 down, 0 maintenance");
  });

  it("lists no-fly zones in force, waiting and overdue rollouts, and the latest events", () => {
    const text = textOf(page);
    expect(text).toContain(
      "freeze alpha 2026-04-10 00:00:00 UTC 2026-04-20 00:00:00 UTC 4 d 11 h finish",
    );
    expect(text).toContain("r1 alpha 3 d 13 h security freeze 2026-04-20 00:00:00 UTC");
    expect(text).toContain("n2 alpha f2 network 2026-03-20 00:00:00 UTC 26 d 13 h 2 d");
    expect(text).toContain("12 RolloutBlocked rollout-r1");
  });

  it("shows what senders wrote as text, never as markup", () => {
    expect(page).toContain("Alpha &lt;One&gt;");
    expect(page).not.toContain("<One>");
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
      expect((await small.app.inject(String(file))).statusCode).toBe(200);
    }
  });

  it("links only to pages that exist", async () => {
    const links = [...page.matchAll(/href="(\/[^"]*)"/g)].map(([, link]) =>
      String(link).replaceAll("&amp;", "&"),
    );
    expect(links.length).toBeGreaterThan(10);
    for (const link of new Set(links)) {
      expect((await small.app.inject(link)).statusCode, link).toBe(200);
    }
  });

  it("gives every table a caption and every column a heading", () => {
    const tables = page.match(/<table/g)?.length ?? 0;
    expect(tables).toBe(5);
    expect(page.match(/<caption>[^<]{10,}<\/caption>/g)).toHaveLength(tables);
    expect(page).not.toMatch(/<th(?![^>]*scope=)[ >]/);
  });

  it("can show an earlier position, and says so", async () => {
    const past = await small.app.inject("/?asOf=3");
    expect(past.headers["fleetledger-sequence"]).toBe("3");
    expect(textOf(past.body)).toContain("historical view");
    expect(past.body).not.toContain("overview.js");
    expect(textOf(past.body)).toContain("No rollout is blocked.");
  });
});

describe("an overview with little to show", () => {
  it("says what to do next in an empty ledger", async () => {
    const { app } = await smallApp({ allowedHosts: ["ledger.example"] });
    const answer = await app.inject({ url: "/", headers: { host: "ledger.example:8080" } });
    expect(answer.body).toContain("The ledger is empty");
    expect(answer.body).toContain("curl -X POST http://ledger.example:8080/v1/events");
    const past = await app.inject("/?asOf=0");
    expect(past.statusCode).toBe(200);
    await app.close();
  });

  it("never shows an undefined value", async () => {
    const { app, ledger } = await smallApp();
    const check = async () => {
      const answer = await app.inject("/");
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toMatch(/\b(null|undefined|NaN|Infinity|\[object)/);
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
    for (let sequence = 0; sequence <= ledger.sequence(); sequence++) {
      const answer = await app.inject(`/?asOf=${sequence}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toMatch(/\b(null|undefined|NaN|Infinity|\[object)/);
    }
    await app.close();
  });
});

describe("a cluster whose figures cannot be given", () => {
  it("keeps its row, which gives the reason, and leaves the others unaffected", async () => {
    const { app, ledger } = await appWithHistory();
    const nodes = ["a[0-199999]"];
    const jobs = Array.from({ length: 200 }, (_, i) =>
      anEvent({ type: "JobStarted", data: { cluster: "huge", job: `j${i}`, nodes } }),
    );
    await ledger.submit(jobs);
    const read = await app.inject("/v1/job-uptime?cluster=huge&period=2026-03");
    expect([read.statusCode, read.json().code]).toEqual([422, "figure-too-large"]);
    const text = textOf((await app.inject("/")).body);
    expect(text).toContain("No figures:");
    expect(text).toContain("12 h ✓ met target ≤ 2 d");
    await app.close();
  });
});

describe("figures as people read them", () => {
  it("show a missed target as missed, also where rounding would hide it", () => {
    expect(plain(percent(0.95, 0.95))).toBe("95.000 %");
    expect(plain(percent(0.949999999, 0.95))).toBe("94.9999999 %");
    expect(percent(null, 0.95)).toBe("no data");
  });

  it("show durations in their two largest units", () => {
    expect(
      [0, 999, 1_000, 61_000, 3_600_000, 172_800_000, 176_461_000, null].map((ms) =>
        plain(duration(ms)),
      ),
    ).toEqual(["0 ms", "999 ms", "1 s", "1 min 1 s", "1 h", "2 d", "2 d 1 h", "no data"]);
  });

  it("escape a value in a template exactly once", () => {
    expect(html`${`<a href="x">'&`}`.html).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    expect(html`<p>${html`<b>${"<"}</b>`}${[1, "&"]}${null}${false}</p>`.html).toBe(
      "<p><b>&lt;</b>1&amp;</p>",
    );
    expect(formatInstant(0)).toBe("1970-01-01T00:00:00.000Z");
  });
});
