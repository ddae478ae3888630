import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tamper } from "../../store/sqlite/ledger-file.ts";
import { auditedApp } from "../app/audited-app.ts";
import type { AuditedApp } from "../app/audited-app.ts";
import { history } from "../app/small-app.ts";

const march = { cluster: "alpha", period: "2026-03" };
const fault = String(history[3]?.["id"]);
const because = { actor: "Ann", reason: "the clock was wrong" };

let ledger: AuditedApp;

beforeEach(async () => {
  ledger = await auditedApp();
});

afterEach(async () => {
  await ledger.close();
});

describe("issuing a report", () => {
  test("answers with its id, position, hash and address, and writes an event", async () => {
    const { status, json, headers } = await ledger.post("/v1/reports", { ...march, actor: "Ann" });
    expect(status).toBe(201);
    expect(json).toMatchObject({ cluster: "alpha", sequence: history.length, actor: "Ann" });
    expect(headers["location"]).toBe(`/v1/reports/${String(json["report"])}`);
    const event = await ledger.ledger.store.readAt(history.length + 1);
    expect(event?.type).toBe("ReportIssued");
    expect(event?.data).toMatchObject({ sha256: json["sha256"], treeHead: { size: 12 } });
  });

  test("returns the bytes of that hash, which are the SLA document with its issue", async () => {
    const { json } = await ledger.post("/v1/reports", march);
    const answer = await ledger.get(`/v1/reports/${String(json["report"])}`);
    expect(createHash("sha256").update(answer.text).digest("hex")).toBe(json["sha256"]);
    const sla = await ledger.get("/v1/sla?cluster=alpha&period=2026-03&asOf=12");
    const { issued, ...document } = answer.json;
    expect(document).toEqual(sla.json);
    expect(issued).toEqual({ report: json["report"], treeHead: json["treeHead"] });
  });

  test("returns the same bytes after corrections, later events and a restart", async () => {
    const { json } = await ledger.post("/v1/reports", march);
    const address = `/v1/reports/${String(json["report"])}`;
    const first = await ledger.get(address);
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    expect((await ledger.get(address)).text).toBe(first.text);
    await ledger.restart();
    expect((await ledger.get(address)).text).toBe(first.text);
  });

  test.each([
    ["the id given in the body", { ...march, report: "annex-3" }, {}],
    ["the Idempotency-Key", march, { "idempotency-key": "order 7" }],
  ])("twice, with %s, returns the first report", async (_, body, headers) => {
    const first = await ledger.post("/v1/reports", body, headers);
    await ledger.settled();
    const second = await ledger.post("/v1/reports", body, headers);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toEqual(first.json);
  });

  test("twice at the same time with one id makes one report", async () => {
    const body = { ...march, report: "annex-3" };
    const answers = await Promise.all([1, 2, 3].map(() => ledger.post("/v1/reports", body)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 201]);
    const list = await ledger.get("/v1/reports");
    await ledger.settled();
    expect((await ledger.get("/v1/reports")).json["reports"]).toHaveLength(1);
    expect(list.status).toBe(200);
  });

  test("with other inputs is a conflict if the id is in use", async () => {
    await ledger.post("/v1/reports", { ...march, report: "annex-3" });
    const other = await ledger.post("/v1/reports", {
      ...march,
      period: "2026-02",
      report: "annex-3",
    });
    expect([other.status, other.json["code"]]).toEqual([409, "id-conflict"]);
  });

  test.each([
    ["a cluster that is not there", { cluster: "nix", period: "2026-03" }, 404],
    ["a period that has not begun", { cluster: "alpha", period: "2027-03" }, 422],
    ["a period that is none", { cluster: "alpha", period: "2026-13" }, 400],
    ["a zone that is none", { ...march, zone: "Mars/Base" }, 400],
    ["an unknown member", { ...march, figure: 1 }, 400],
  ])("of %s is refused", async (_, body, status) => {
    expect((await ledger.post("/v1/reports", body)).status).toBe(status);
  });
});

describe("an issued report", () => {
  test("is listed, page by page, and as of a position", async () => {
    for (const report of ["a", "b", "c"]) await ledger.post("/v1/reports", { ...march, report });
    await ledger.settled();
    const first = await ledger.get("/v1/reports?limit=2");
    const names = (json: Record<string, unknown>) =>
      (json["reports"] as { report: string }[]).map(({ report }) => report);
    expect(names(first.json)).toEqual(["a", "b"]);
    const next = await ledger.get(String(first.json["next"]));
    expect(names(next.json)).toEqual(["c"]);
    expect(next.json["next"]).toBeNull();
    expect(names((await ledger.get("/v1/reports?asOf=13")).json)).toEqual(["a"]);
    expect(names((await ledger.get("/v1/reports?cluster=other")).json)).toEqual([]);
  });

  test("comes as CSV and as a page that names its hash", async () => {
    const { json } = await ledger.post("/v1/reports", { ...march, report: "annex-3" });
    const csv = await ledger.get("/v1/reports/annex-3?format=csv");
    expect(csv.text).toContain("nis,,raw,");
    expect(csv.headers["content-type"]).toMatch(/^text\/csv/);
    const page = await ledger.get("/v1/reports/annex-3?format=html");
    expect(page.headers["content-type"]).toMatch(/^text\/html/);
    expect(page.text).toContain(String(json["sha256"]));
    expect(page.text).toContain("Figures against targets");
  });

  test("is refused with an explanation if the recomputed bytes differ", async () => {
    await ledger.post("/v1/reports", { ...march, report: "annex-3" });
    await ledger.app.close();
    await ledger.ledger.close();
    tamper(
      ledger.path,
      "UPDATE events SET occurred_at = occurred_at + 1000 WHERE type = 'NodeReturned'",
    );
    await ledger.restart();
    const answer = await ledger.get("/v1/reports/annex-3");
    expect([answer.status, answer.json["code"]]).toEqual([500, "report-differs"]);
  });

  test("of an unknown period or cluster is refused with a pointer into the body", async () => {
    const strange = await ledger.post("/v1/reports", { ...march, period: "2026-13" });
    expect([strange.status, strange.json["errors"]]).toMatchObject([400, [{ path: "/period" }]]);
    const unknown = await ledger.post("/v1/reports", { ...march, cluster: "nowhere" });
    expect([unknown.status, unknown.json["errors"]]).toMatchObject([404, [{ path: "/cluster" }]]);
  });

  test("that does not exist is not found", async () => {
    expect((await ledger.get("/v1/reports/none")).status).toBe(404);
    expect((await ledger.get("/v1/reports/none/restated")).status).toBe(404);
  });
});

describe("a restated report", () => {
  beforeEach(async () => {
    await ledger.post("/v1/reports", { ...march, report: "annex-3" });
    await ledger.settled();
  });

  test("has no difference if no event has affected it", async () => {
    await ledger.post("/v1/events", {
      id: "00000000-0000-4000-8000-000000000001",
      type: "NodeCommissioned",
      occurredAt: "2026-04-01T00:00:00Z",
      data: { cluster: "beta", node: "n1" },
    });
    await ledger.settled();
    const { json } = await ledger.get("/v1/reports/annex-3/restated");
    expect(json["differences"]).toEqual([]);
  });

  test("names each figure that changed, and the event that changed it", async () => {
    const { json: correction } = await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const { json } = await ledger.get("/v1/reports/annex-3/restated");
    const differences = json["differences"] as { figure: string; eventIds: string[] }[];
    const closed = differences.find(({ figure }) => figure === "mttr.faultsClosed");
    expect(closed).toMatchObject({ before: 1, after: 0, eventIds: [correction["id"]] });
    expect(differences.map(({ figure }) => figure)).toContain(`evidence.faults[${fault}]`);
    expect(json["events"]).toMatchObject([{ id: correction["id"], reason: because.reason }]);
    expect(json["work"]).toMatchObject({ complete: true });
    const sla = await ledger.get("/v1/sla?cluster=alpha&period=2026-03");
    expect(json["restated"]).toEqual(sla.json);
  });

  test("as CSV has every figure, those that differ first and with the cause", async () => {
    const { json: correction } = await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const { text } = await ledger.get("/v1/reports/annex-3/restated?format=csv");
    const [header, ...rows] = text.trimEnd().split("\r\n");
    expect(header).toBe("figure,change,before,after,events,ranges,byLedgerTime");
    expect(rows).toContain(`mttr.faultsClosed,changed,1,0,${String(correction["id"])},,false`);
    expect(rows).toContain("nis.target,same,0.95,0.95,,,false");
    const figures = rows.map((row) => /^(?:"(?:[^"]|"")*"|[^,]*)/.exec(row)?.[0]);
    expect(new Set(figures).size).toBe(figures.length);
  });

  test("has the same bytes as of a position, whatever is appended after it", async () => {
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const first = await ledger.get("/v1/reports/annex-3/restated?asOf=14");
    await ledger.post(`/v1/events/${String(history[5]?.["id"])}/retraction`, because);
    await ledger.settled();
    expect((await ledger.get("/v1/reports/annex-3/restated?asOf=14")).text).toBe(first.text);
    await ledger.restart();
    expect((await ledger.get("/v1/reports/annex-3/restated?asOf=14")).text).toBe(first.text);
  });

  test("can be read as a page too", async () => {
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const { text } = await ledger.get("/v1/reports/annex-3/restated?format=html");
    expect(text).toContain("mttr.<wbr />faultsClosed");
    expect(text).toContain(because.reason);
  });

  test("is not found before its issue, and is refused at a position past the head", async () => {
    for (const address of ["/v1/reports/annex-3", "/v1/reports/annex-3/restated"]) {
      expect((await ledger.get(`${address}?asOf=12`)).status).toBe(404);
      expect((await ledger.get(`${address}?asOf=13`)).status).toBe(200);
    }
    expect((await ledger.get("/v1/reports/annex-3/restated?asOf=99")).status).toBe(422);
  });

  test("of an unfinished period distinguishes its later end from changes by events", async () => {
    await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-04", report: "running" });
    await ledger.post(`/v1/events/${String(history[5]?.["id"])}/retraction`, because);
    await ledger.settled();
    const { json } = await ledger.get("/v1/reports/running/restated");
    const differences = json["differences"] as { figure: string; byLedgerTime: boolean }[];
    expect(differences.length).toBeGreaterThan(0);
    // The clock stands still, so the end has not moved.
    expect(differences.filter(({ byLedgerTime }) => byLedgerTime)).toEqual([]);
  });
});
