/** A fact that does not fit is told to whoever sends it, and listed for whoever reads. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slaCsv } from "../../../src/reports/csv/sla-csv.ts";
import { reportText } from "../../../src/reports/text/report-text.ts";
import type { RealApp } from "../app/real-app.ts";
import { realApp } from "../app/real-app.ts";
import { panelOf } from "../../dashboard/page-text.ts";

let real: RealApp;
beforeAll(async () => {
  real = await realApp({ readWaitMs: 5_000 });
});
afterAll(() => real.close());

let next = 1;
const uuid = () => `77777777-0000-4000-8000-${String(next++).padStart(12, "0")}`;
const sent = (type: string, occurredAt: string, data: object, more: object = {}) => ({
  id: uuid(),
  type,
  occurredAt,
  data: { cluster: "alpha", ...data },
  ...more,
});
const returned = (occurredAt: string) =>
  sent("NodeReturned", occurredAt, { node: "n1", faultIds: ["nobody-knows"] });

async function post(payload: unknown, type = "application/json") {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const headers = { "content-type": type };
  return await real.app.inject({ method: "POST", url: "/v1/events", headers, payload: text });
}
const get = async (url: string) => (await real.app.inject(url)).json();

describe("the answer to an append", () => {
  test("names the finding that the event became, and how to fix it", async () => {
    const event = returned("2026-03-03T00:00:00Z");
    const { findings, findingsComplete } = (await post(event)).json();
    expect(findings).toEqual([
      {
        kind: "return-ends-nothing",
        eventId: event.id,
        at: "2026-03-03T00:00:00.000Z",
        fix: expect.stringContaining("NodeFailed"),
      },
    ]);
    expect(findingsComplete).toBe(true);
  });

  test("names no finding if the event fits, and no older ones", async () => {
    const failed = { node: "n1", faultId: "new", category: "hardware" };
    const answer = (await post(sent("NodeFailed", "2026-03-04T00:00:00Z", failed))).json();
    expect(answer.findings).toEqual([]);
  });

  test("names an earlier fact that the event turned into a finding", async () => {
    const first = sent("NodeCommissioned", "2026-03-05T00:00:00Z", { node: "n9" });
    expect((await post(first)).json().findings).toEqual([]);
    const earlier = sent("NodeCommissioned", "2026-03-04T00:00:00Z", { node: "n9" });
    const { findings } = (await post(earlier)).json();
    expect(findings).toMatchObject([{ kind: "membership-does-not-fit", eventId: first.id }]);
  });

  test("names a fact that a correction turned into a finding", async () => {
    const failed = { node: "n1", faultId: "moved", category: "hardware" };
    const event = sent("NodeFailed", "2026-03-06T00:00:00Z", failed);
    await post(event);
    const moved = { eventId: event.id, occurredAt: "2026-01-01T00:00:00Z" };
    const because = { actor: "somebody", reason: "a test" };
    const correction = { id: uuid(), type: "FactCorrected", ...because, data: moved };
    const answer = await post({ ...correction, occurredAt: "2026-04-01T00:00:00Z" });
    expect(answer.json().findings).toMatchObject([{ kind: "not-a-member", eventId: event.id }]);
  });

  test("names what no longer fits on the node from which a correction moved the fact", async () => {
    const nodes = ["c1", "c2", "c3"];
    const joined = nodes.map((node) => sent("NodeCommissioned", "2026-03-01T00:00:00Z", { node }));
    expect((await post(joined)).statusCode).toBe(201);
    const failed = { cluster: "alpha", faultId: "between", category: "hardware" };
    const event = sent("NodeFailed", "2026-03-06T00:00:00Z", { ...failed, node: "c1" });
    const end = sent("NodeReturned", "2026-03-06T01:00:00Z", { node: "c2", faultIds: ["between"] });
    const moveTo = (node: string) => ({
      id: uuid(),
      type: "FactCorrected",
      actor: "somebody",
      reason: "a test",
      occurredAt: "2026-04-01T00:00:00Z",
      data: { eventId: event.id, data: { ...failed, node } },
    });
    await post(event);
    await post(moveTo("c2"));
    expect((await post(end)).json().findings).toEqual([]);
    const { findings, findingsComplete } = (await post(moveTo("c3"))).json();
    expect(findings).toMatchObject([{ kind: "return-ends-nothing", eventId: end.id }]);
    expect(findingsComplete).toBe(true);
  });

  test("names what no longer fits on the node to which a correction moved the fact", async () => {
    const event = sent("NodeCommissioned", "2026-03-04T00:00:00Z", { node: "d1" });
    const there = sent("NodeCommissioned", "2026-03-05T00:00:00Z", { node: "d2" });
    await post([event, there]);
    const moved = { eventId: event.id, data: { cluster: "alpha", node: "d2" } };
    const because = { actor: "somebody", reason: "a test", occurredAt: "2026-04-01T00:00:00Z" };
    const answer = await post({ id: uuid(), type: "FactCorrected", ...because, data: moved });
    expect(answer.json().findings).toMatchObject([
      { kind: "membership-does-not-fit", eventId: there.id },
    ]);
  });

  test("names findings once for a list, and in the summary of NDJSON", async () => {
    const [one, two] = [returned("2026-03-07T00:00:00Z"), returned("2026-03-08T00:00:00Z")];
    const ids = (answer: { findings: { eventId: string }[] }) =>
      answer.findings.map(({ eventId }) => eventId);
    expect(ids((await post([one, two])).json())).toEqual([one.id, two.id]);
    const [three, four] = [returned("2026-03-09T00:00:00Z"), returned("2026-03-10T00:00:00Z")];
    const lines = [three, four].map((each) => JSON.stringify(each)).join("\n");
    const said = (await post(lines, "application/x-ndjson")).body.trim().split("\n");
    expect(ids(JSON.parse(said.at(-1) ?? "").summary)).toEqual([three.id, four.id]);
  });

  test("repeats the findings for an event that is sent again, even after other events", async () => {
    const event = returned("2026-03-11T00:00:00Z");
    const first = (await post(event)).json();
    await post(returned("2026-03-11T01:00:00Z"));
    expect((await post(event)).json()).toEqual({ ...first, status: "duplicate" });
  });
});

describe("GET /v1/data-quality", () => {
  const march = "/v1/data-quality?cluster=alpha&period=2026-03";

  test("lists every finding with its event, as many as the counts say", async () => {
    const { total, findings, next: more, clusters } = await get(march);
    const counts = Object.values<number>(clusters[0].dataQuality.findings);
    expect(findings).toHaveLength(total);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(more).toBeNull();
    expect(findings[0]).toEqual({
      cluster: "alpha",
      kind: "return-ends-nothing",
      eventId: "77777777-0000-4000-8000-000000000001",
      at: "2026-03-03T00:00:00.000Z",
      subject: "node",
      name: "n1",
      fix: expect.stringContaining("NodeFailed"),
    });
  });

  test("gives them page by page, all as of one position", async () => {
    const whole = await get(march);
    const paged: unknown[] = [];
    for (let url: string | null = `${march}&limit=2`; url !== null;) {
      const page: { findings: unknown[]; next: string | null } = await get(url);
      expect(page.findings.length).toBeLessThanOrEqual(2);
      paged.push(...page.findings);
      expect(page.next ?? `asOf=${whole.asOf.sequence}`).toContain(`asOf=${whole.asOf.sequence}`);
      url = page.next;
    }
    expect(paged).toEqual(whole.findings);
  });

  test("names an overdue release by its latest refusal, as of the window's end", async () => {
    const declared = sent("NfzDeclared", "2026-03-20T00:00:00Z", {
      nfz: "over",
      inFlight: "finish",
      occurrences: [{ from: "2026-03-20T00:00:00Z", to: "2026-03-21T00:00:00Z" }],
    });
    const refused = sent("RolloutBlocked", "2026-03-20T12:00:00Z", {
      rollout: "late",
      nfzIds: ["over"],
    });
    await post([declared, refused]);
    const { findings } = await get(march);
    expect(findings.at(-1)).toMatchObject({
      kind: "release-overdue",
      eventId: refused.id,
      at: "2026-04-01T00:00:00.000Z",
      subject: "rollout",
      name: "late",
    });
  });
});

describe("a report names each finding by its event", () => {
  const url = "/v1/sla?cluster=alpha&period=2026-03";

  test("in JSON, CSV, and on the page", async () => {
    const document = await get(url);
    const { list } = document.dataQuality;
    const { total } = await get("/v1/data-quality?cluster=alpha&period=2026-03");
    expect(list).toHaveLength(total);
    const csv = slaCsv(document);
    const page = (await real.app.inject(`${url}&format=html`)).body;
    for (const { eventId } of list) {
      expect(csv).toContain(eventId);
      expect(page).toContain(`<code>${eventId}</code>`);
    }
  });

  test("in text, as many as asked for, and all with --all", async () => {
    const document = await get(url);
    const short = reportText(document, { listLimit: 2 });
    const whole = reportText(document, { listLimit: Infinity });
    const ids = document.dataQuality.list.map(({ eventId }: { eventId: string }) => eventId);
    expect(ids.filter((id: string) => short.includes(id))).toHaveLength(2);
    expect(short).toContain("--all shows them");
    expect(ids.filter((id: string) => whole.includes(id))).toHaveLength(ids.length);
  });
});

test("the fleet page lists the findings of the current month, each with its event", async () => {
  const event = returned("2026-04-14T00:00:00Z");
  await post(event);
  const page = (await real.app.inject("/")).body;
  const part = panelOf(page, "findings");
  expect(part).toContain(`href="/events/${event.id}"`);
  expect(part).toContain("Send the missing NodeFailed");
  expect(part).not.toContain("77777777-0000-4000-8000-000000000001");
});
