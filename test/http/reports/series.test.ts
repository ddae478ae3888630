/** `GET /v1/series` over HTTP. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { series } from "../../../src/http/schemas/series.ts";
import { auditedApp } from "../app/audited-app.ts";
import type { AuditedApp } from "../app/audited-app.ts";

let ledger: AuditedApp;

beforeAll(async () => {
  ledger = await auditedApp();
});

afterAll(async () => {
  await ledger.close();
});

interface SeriesJson {
  readonly from: string;
  readonly to: string;
  readonly at: readonly number[];
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
  readonly complete: readonly boolean[];
}

async function seriesOf(query: string): Promise<SeriesJson> {
  const { status, json } = await ledger.get(`/v1/series?cluster=alpha&${query}`);
  expect([query, status]).toEqual([query, 200]);
  expect(series.safeParse(json).error).toBeUndefined();
  return json as unknown as SeriesJson;
}

test("GET /v1/series gives for each day what /v1/nis and /v1/job-uptime give for that day", async () => {
  const names = "nis.contractual,nis.raw,nis.downNodeMs,jobUptime.contractual,ettr,crashes";
  const { at, figures, complete } = await seriesOf(`period=2026-03&figures=${names}`);
  expect(at).toHaveLength(31);
  expect(complete.every(Boolean)).toBe(true);
  expect(Object.keys(figures)).toEqual(names.split(","));
  for (const [i, from] of at.entries()) {
    const to = at[i + 1] ?? Date.parse("2026-04-01T00:00:00Z");
    const window = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
    const [nis] = (await ledger.get(`/v1/nis?cluster=alpha&${window}`)).json["clusters"] as {
      nis: Record<string, number>;
    }[];
    const [jobs] = (await ledger.get(`/v1/job-uptime?cluster=alpha&${window}`)).json[
      "clusters"
    ] as { jobUptime: Record<string, number> }[];
    expect(Object.values(figures).map((values) => values[i])).toEqual([
      nis?.nis["contractual"],
      nis?.nis["raw"],
      nis?.nis["downNodeMs"],
      jobs?.jobUptime["contractual"],
      jobs?.jobUptime["ettr"],
      jobs?.jobUptime["crashes"],
    ]);
  }
  expect(figures["nis.downNodeMs"]?.[1]).toBe(43_200_000);
  expect(figures["ettr"]?.[0]).toBeNull();
});

test("GET /v1/series without figures of exclusions gives for each week what /v1/nis and /v1/mttr give for it", async () => {
  const names = "nis.raw,nis.downNodeMs,mttr.faultsOpened,mttr.faultsClosed,mttr.meanMs";
  const { at, to, figures } = await seriesOf(`period=2026-03&bucket=1w&figures=${names}`);
  expect(Object.keys(figures)).toEqual(names.split(","));
  for (const [i, from] of at.entries()) {
    const end = at[i + 1] ?? Date.parse(to);
    const window = `from=${new Date(from).toISOString()}&to=${new Date(end).toISOString()}`;
    const of = async <T>(figure: string) => {
      const { json } = await ledger.get(`/v1/${figure}?cluster=alpha&${window}`);
      return (json["clusters"] as T[])[0];
    };
    const nis = await of<{ nis: Record<string, number> }>("nis");
    const mttr = await of<{ mttr: Record<string, number | null> }>("mttr");
    expect(Object.values(figures).map((values) => values[i])).toEqual([
      nis?.nis["raw"],
      nis?.nis["downNodeMs"],
      mttr?.mttr["faultsOpened"],
      mttr?.mttr["faultsClosed"],
      mttr?.mttr["meanMs"],
    ]);
  }
  expect(figures["mttr.meanMs"]?.some((ms) => ms !== null && ms !== undefined)).toBe(true);
});

test("GET /v1/series says which buckets are cut by the window or by ledger time, and ends there", async () => {
  const { at, to, complete } = await seriesOf("period=this-month");
  expect([at.length, to]).toEqual([15, "2026-04-15T12:00:00.000Z"]);
  expect(complete.map(Number).join("")).toBe("111111111111110");
  const hours = await seriesOf("from=2026-03-01T00:30:00Z&to=2026-03-01T03:00:00Z&bucket=1h");
  expect(hours.complete).toEqual([false, true, true]);
});

test.each([
  ["figures=nis.raw,nis.moon", 400, "/query/figures"],
  ["figures=", 400, "/query/figures"],
  [
    "figures=nis.raw,nis.contractual,nis.memberNodeMs,nis.inServiceNodeMs,nis.downNodeMs,nis.maintenanceNodeMs,nis.unknownNodeMs,nis.excludedNodeMs,ettr",
    400,
    "/query/figures",
  ],
  ["bucket=1m", 400, "/query/bucket"],
  ["period=2026&bucket=1h", 400, "/query/bucket"],
  ["period=2027", 422, "/query/period"],
  ["from=2026-03-01T00:00:00Z", 400, "/query/to"],
])("GET /v1/series refuses %s, with a pointer to the parameter", async (query, status, path) => {
  const answer = await ledger.get(`/v1/series?cluster=alpha&${query}`);
  const [error] = answer.json["errors"] as { path: string }[];
  expect([answer.status, error?.path]).toEqual([status, path]);
});

test("GET /v1/series refuses a missing or unknown cluster", async () => {
  expect((await ledger.get("/v1/series")).status).toBe(400);
  expect((await ledger.get("/v1/series?cluster=nix")).status).toBe(404);
});
