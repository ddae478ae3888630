/** What changed between two positions, over HTTP. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditedApp } from "../app/audited-app.ts";
import type { AuditedApp } from "../app/audited-app.ts";
import { history } from "../app/small-app.ts";

const because = { actor: "Ann", reason: "it was another node" };
const fault = String(history[3]?.["id"]);

let ledger: AuditedApp;

beforeEach(async () => {
  ledger = await auditedApp();
});

afterEach(async () => {
  await ledger.close();
});

describe("the differences between two positions", () => {
  test("name the figures of every cluster, and the events that changed them", async () => {
    const { json: event } = await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const { json } = await ledger.get("/v1/audit/diff?from=12&period=2026-03");
    expect(json).toMatchObject({ from: 12, to: 13 });
    const [alpha] = json["clusters"] as { differences: { figure: string }[] }[];
    const figure = alpha?.differences.find((each) => each.figure === "mttr.faultsClosed");
    expect(figure).toMatchObject({ before: 1, after: 0, eventIds: [event["id"]] });
  });

  test("cover every month that changed if no period is given", async () => {
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const { json } = await ledger.get("/v1/audit/diff?from=12&to=13");
    const periods = (json["clusters"] as { period: string }[]).map(({ period }) => period);
    expect(periods).toContain("2026-03");
    expect(periods).not.toContain("2026-02");
  });

  test("list the latest months of all clusters first, and name the months beyond the limit", async () => {
    // A node from 2025 on: every month of its cluster changes.
    for (const name of ["alpha", "beta", "gamma"]) {
      await ledger.post("/v1/events", {
        id: crypto.randomUUID(),
        type: "NodeCommissioned",
        occurredAt: "2025-01-15T00:00:00Z",
        data: { cluster: name, node: "old" },
      });
    }
    await ledger.settled();
    const { json } = await ledger.get("/v1/audit/diff?from=12&zone=UTC");
    const rows = (of: string) =>
      (json[of] as { cluster: string; period: string }[]).map(
        ({ cluster, period }) => `${period} ${cluster}`,
      );
    const [told, omitted] = [rows("clusters"), rows("omitted")];
    expect(told).toHaveLength(24);
    expect(told.slice(0, 4)).toEqual([
      "2026-04 alpha",
      "2026-04 beta",
      "2026-04 gamma",
      "2026-03 alpha",
    ]);
    expect(omitted).toEqual(expect.arrayContaining(["2025-01 alpha", "2025-01 gamma"]));
    const months = [...told, ...omitted].map((row) => row.slice(0, 7));
    expect(months).toEqual(months.toSorted().toReversed());
  });

  test("of a position and itself are empty", async () => {
    const { json } = await ledger.get("/v1/audit/diff?from=12&to=12&cluster=alpha");
    expect(json).toMatchObject({ clusters: [], omitted: [] });
  });

  test.each([
    ["backwards", "from=5&to=4", 400],
    ["past the head", "from=5&to=99", 422],
    ["from past the head", "from=99", 422],
    ["to past the position", "from=1&to=6&asOf=5", 422],
    ["from past the position", "from=6&asOf=5", 422],
    ["of a cluster that is not there", "from=5&cluster=nix", 404],
    ["of a period that is none", "from=5&period=2026-13", 400],
  ])("are refused: %s", async (_, query, status) => {
    expect((await ledger.get(`/v1/audit/diff?${query}`)).status).toBe(status);
  });
});
