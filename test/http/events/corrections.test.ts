import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";
import { history } from "../app/small-app.ts";

const fault = String(history[3]?.["id"]);
const because = { actor: "Ann", reason: "it was another node" };
const whole = { cluster: "alpha", node: "n1", faultId: "f1", category: "hardware" };
const nobody = "00000000-0000-4000-8000-000000000000";

let ledger: AuditedApp;
beforeAll(async () => {
  ledger = await auditedApp();
});
afterAll(() => ledger.close());

interface Problem {
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

const refused: readonly (readonly [string, string, object | null, number, string, RegExp])[] = [
  ["nothing at all", "retraction", null, 400, "/", /^is missing$/],
  ["no reason", "retraction", { actor: "Ann" }, 400, "/reason", /^is missing$/],
  ["no actor", "retraction", { reason: "x" }, 400, "/actor", /^is needed/],
  ["null for a reason", "retraction", { ...because, reason: null }, 400, "/reason", /^is missing$/],
  ["an empty actor", "retraction", { ...because, actor: "" }, 400, "/actor", /^must not be empty$/],
  ["a blank reason", "retraction", { ...because, reason: " \t" }, 400, "/reason", /^is needed/],
  ["an invisible reason", "retraction", { ...because, reason: "\u200b" }, 400, "/reason", /needed/],
  ["a number for an actor", "retraction", { ...because, actor: 5 }, 400, "/actor", /type string$/],
  ["what it does not know", "retraction", { ...because, why: "x" }, 400, "/why", /unknown/],
  ["an id that is none", "retraction", { ...because, id: "x" }, 400, "/id", /^must be a UUID$/],
  [
    "nothing to say",
    "corrections",
    because,
    400,
    "/occurredAt",
    /^is required unless data is given$/,
  ],
  [
    "a day for an instant",
    "corrections",
    { ...because, occurredAt: "2026-03-02" },
    400,
    "/occurredAt",
    /RFC 3339/,
  ],
  [
    "an instant to come",
    "corrections",
    { ...because, occurredAt: "2036-03-02T00:00:00Z" },
    400,
    "/occurredAt",
    /ahead of the ledger's clock/,
  ],
  [
    "a part of the data",
    "corrections",
    { ...because, data: { category: "hardware" } },
    400,
    "/data/cluster",
    /^is missing$/,
  ],
  [
    "data of another type",
    "corrections",
    { ...because, data: { ...whole, category: "gremlins" } },
    400,
    "/data/category",
    /hardware/,
  ],
];

describe("a correction or retraction", () => {
  test.each(refused)("with %s is refused, with the pointer and the reason", async (...row) => {
    const [, what, body, status, path, words] = row;
    const url = `/v1/events/${fault}/${what}`;
    const headers = { "content-type": "application/json" };
    const payload = JSON.stringify(body);
    const answer = await ledger.app.inject({ method: "POST", url, payload, headers });
    const { errors } = answer.json() as Problem;
    expect(answer.statusCode, answer.body).toBe(status);
    expect(errors.map((each) => each.path)).toContain(path);
    expect(errors.find((each) => each.path === path)?.message).toMatch(words);
  });

  test("of a missing event, or with a malformed id, is refused", async () => {
    const missing = await ledger.post(`/v1/events/${nobody}/retraction`, because);
    expect([missing.status, missing.json["code"]]).toEqual([422, "target-not-found"]);
    const malformed = await ledger.post("/v1/events/xyz/retraction", because);
    expect(malformed.status).toBe(400);
    expect(malformed.json["detail"]).toBe("/path/id: must be a UUID");
  });

  test("of a system event is refused", async () => {
    const issued = { cluster: "alpha", period: "2026-03", report: "march" };
    const { json } = await ledger.post("/v1/reports", issued);
    const answer = await ledger.post(`/v1/events/${String(json["eventId"])}/retraction`, because);
    expect([answer.status, answer.json["code"]]).toEqual([422, "target-not-found"]);
    expect(answer.json["errors"]).toMatchObject([{ path: "/path/id" }]);
    expect(answer.json["detail"]).toMatch(/a system event \(ReportIssued\)/);
  });
});

test("a corrected correction still names the same event", async () => {
  const first = { ...because, occurredAt: "2026-03-02T06:00:00Z" };
  const { json } = await ledger.post(`/v1/events/${fault}/corrections`, first);
  const url = `/v1/events/${String(json["id"])}/corrections`;
  const at = { occurredAt: "2026-03-02T07:00:00Z" };
  const better = await ledger.post(url, { ...because, data: { eventId: fault, ...at } });
  expect(better.status).toBe(201);
  await ledger.ledger.waitFor(Number(better.json["sequence"]), 600_000);
  const { json: now } = await ledger.get(`/v1/events/${fault}`);
  expect(now["standing"]).toMatchObject({ occurredAt: "2026-03-02T07:00:00.000Z" });
  const other = { ...because, data: { eventId: String(history[5]?.["id"]), ...at } };
  expect((await ledger.post(url, other)).status).toBe(400);
});

test("a second retraction of an event says which one came before, and is accepted", async () => {
  const url = `/v1/events/${String(history[6]?.["id"])}/retraction`;
  const first = await ledger.post(url, because);
  expect([first.status, first.json["note"]]).toEqual([201, undefined]);
  const second = await ledger.post(url, because);
  expect(second.status).toBe(201);
  expect(second.json["note"]).toContain(`by event ${String(first.json["id"])} at sequence`);
  expect(second.json["note"]).toContain(String(second.json["id"]));
});
