/** `GET /v1/jobs/{cluster}/{job}/strip` over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobStripAnswer } from "../../../src/http/schemas/charts.ts";
import { auditedApp } from "../app/audited-app.ts";
import type { AuditedApp } from "../app/audited-app.ts";
import { anEvent } from "../app/memory-ledger.ts";
import { history } from "../app/small-app.ts";

let ledger: AuditedApp;
beforeAll(async () => {
  ledger = await auditedApp();
  const done = [
    ["2026-03-01T00:00:00Z", "JobStarted", { job: "a/b", nodes: ["n1"] }],
    ["2026-03-01T12:00:00Z", "JobPaused", { job: "a/b" }],
    ["2026-03-01T18:00:00Z", "JobUnpaused", { job: "a/b" }],
    ["2026-03-02T00:00:00Z", "JobFinished", { job: "a/b", outcome: "completed" }],
  ].map(([occurredAt, type, data]) =>
    anEvent({ occurredAt, type, data: { cluster: "alpha", ...(data as object) } }),
  );
  await ledger.ledger.submit(done);
  await ledger.settled();
});
afterAll(() => ledger.close());

async function strip(job: string, query: string) {
  return jobStripAnswer.parse((await ledger.get(`/v1/jobs/alpha/${job}/strip?${query}`)).json);
}

/** A letter for each cell. */
const drawn = ({ cells, legend }: Awaited<ReturnType<typeof strip>>) =>
  cells.map((cell) => legend[cell]?.[0]).join("");

describe("GET /v1/jobs/{cluster}/{job}/strip", () => {
  test("shows a window as cells, and each break with its cause and event", async () => {
    const answer = await strip("train", "from=2026-03-04T00:00:00Z&to=2026-03-08T00:00:00Z&w=96");
    expect(drawn(answer)).toBe("n".repeat(24) + "l".repeat(24) + "i" + "k".repeat(47));
    expect(answer).toMatchObject({ cellMs: 3_600_000, merged: false, total: 1 });
    expect(answer.breaks).toEqual([
      {
        at: "2026-03-06T00:00:00.000Z",
        until: "2026-03-06T01:00:00.000Z",
        kind: "software",
        count: 1,
        faultId: null,
        rolloutId: null,
        maintenanceId: null,
        node: null,
        eventId: history[7]?.["id"],
      },
    ]);
  });

  test("shows the whole life of a job where no window is asked for", async () => {
    const ended = await strip("a%2Fb", "w=4");
    expect([ended.job, ended.from, ended.to, drawn(ended)]).toEqual([
      "a/b",
      "2026-03-01T00:00:00.000Z",
      "2026-03-02T00:00:00.000Z",
      "kkpk",
    ]);
    const lasting = await strip("train", "w=4");
    expect([lasting.from, lasting.to]).toEqual([
      "2026-03-05T00:00:00.000Z",
      "2026-04-15T12:00:00.000Z",
    ]);
  });

  test("knows nothing after ledger time", async () => {
    const answer = await strip("train", "from=2026-04-15T00:00:00Z&to=2026-04-16T00:00:00Z&w=4");
    expect([drawn(answer), answer.knownUntil]).toEqual(["kknn", "2026-04-15T12:00:00.000Z"]);
  });

  test("lists the breaks as a table", async () => {
    const { text } = await ledger.get("/v1/jobs/alpha/train/strip?format=csv");
    expect(text.split("\r\n").slice(0, 2)).toEqual([
      "at,until,kind,count,faultId,rolloutId,maintenanceId,node,eventId",
      `2026-03-06T00:00:00.000Z,2026-03-06T01:00:00.000Z,software,1,,,,,${String(history[7]?.["id"])}`,
    ]);
  });

  test.each([
    ["train/strip?w=0", 400],
    ["train/strip?w=2049", 400],
    ["train/strip?to=2026-03-01T00:00:00Z", 400],
    ["train/strip?period=2027", 422],
    ["none/strip", 404],
  ])("refuses %s with %i", async (path, status) => {
    expect((await ledger.get(`/v1/jobs/alpha/${path}`)).status).toBe(status);
  });
});
