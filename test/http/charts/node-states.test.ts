/** `GET /v1/node-states` over HTTP. */
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeStatesIndex } from "../../../src/http/schemas/charts.ts";
import { auditedApp } from "../app/audited-app.ts";
import type { AuditedApp } from "../app/audited-app.ts";

let ledger: AuditedApp;
beforeAll(async () => {
  ledger = await auditedApp();
});
afterAll(() => ledger.close());

const march = "cluster=alpha&period=2026-03";
const dayMs = 86_400_000;

async function binary(query: string, headers: Record<string, string> = {}) {
  const url = `/v1/node-states?${query}`;
  const answer = await ledger.app.inject({ url, headers });
  expect([query, answer.statusCode]).toEqual([query, 200]);
  return answer;
}

async function index(query: string) {
  const { json } = await ledger.get(`/v1/node-states?${query}&format=json`);
  return nodeStatesIndex.parse(json);
}

/** Cells as letters: what is in service is a dot, what is not stands out. */
function drawn(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [w, h] = [view.getUint16(6, true), view.getUint16(8, true)];
  return Array.from({ length: h }, (_, row) =>
    Array.from(bytes.subarray(24 + row * w, 24 + (row + 1) * w), (byte) => ".UMD "[byte >> 5]).join(
      "",
    ),
  );
}

describe("GET /v1/node-states", () => {
  test("begins with 24 bytes that say its form, size and length of a column", async () => {
    const answer = await binary(`${march}&w=31`);
    expect(answer.headers["content-type"]).toBe("application/octet-stream");
    const head = new DataView(answer.rawPayload.buffer, answer.rawPayload.byteOffset);
    expect(answer.rawPayload.toString("latin1", 0, 4)).toBe("FLNS");
    expect([4, 6, 8, 10].map((offset) => head.getUint16(offset, true))).toEqual([1, 31, 2, 0]);
    expect([head.getUint32(12, true), head.getFloat64(16, true)]).toEqual([1, dayMs]);
    expect(answer.rawPayload).toHaveLength(24 + 31 * 2);
  });

  test("has a column for each day, with the worst state and its share in 31sts", async () => {
    const { rawPayload } = await binary(`${march}&w=31`);
    expect(drawn(rawPayload)).toEqual([
      ".D.............................",
      "...................DDDDDDDDDDDD",
    ]);
    // n1 was down for half of 2 March: half of 31, rounded up.
    expect([rawPayload[24], rawPayload[25]]).toEqual([31, (3 << 5) | 16]);
  });

  test("says in one row what share of several nodes is down", async () => {
    const { rawPayload } = await binary(`${march}&w=31&h=1`);
    expect(drawn(rawPayload)).toEqual([".D.................DDDDDDDDDDDD"]);
    expect([rawPayload[25], rawPayload[54]]).toEqual([(3 << 5) | 8, (3 << 5) | 16]);
  });

  test("computes a cell that is not over up to ledger time, and has no member after it", async () => {
    const days = "cluster=alpha&from=2026-04-14T00:00:00Z&to=2026-04-18T00:00:00Z&w=4";
    const { rawPayload } = await binary(days);
    expect(drawn(rawPayload)).toEqual(["..  ", "DD  "]);
    expect([...rawPayload.subarray(28)]).toEqual([127, 127, 128, 128]);
    expect(await index(days)).toMatchObject({ knownUntil: "2026-04-15T12:00:00.000Z" });
  });

  test("links to the names of its rows, at the same position", async () => {
    const { headers } = await binary(`${march}&w=31`);
    const [, address = ""] = /^<(.+)>; rel="index"$/.exec(String(headers["link"])) ?? [];
    expect(address).toBe(
      `/v1/node-states?cluster=alpha&w=31&period=2026-03&asOf=${String(headers["fleetledger-sequence"])}&format=json`,
    );
    const { json } = await ledger.get(address);
    const { rows, w, h, from, to } = nodeStatesIndex.parse(json);
    expect([w, h, from, to]).toEqual([
      31,
      2,
      "2026-03-01T00:00:00.000Z",
      "2026-04-01T00:00:00.000Z",
    ]);
    expect(rows).toEqual([
      {
        rack: null,
        nodes: ["n1"],
        memberMs: 31 * dayMs,
        inServiceMs: 30.5 * dayMs,
        downMs: dayMs / 2,
        maintenanceMs: 0,
        unknownMs: 0,
      },
      expect.objectContaining({ nodes: ["n2"], downMs: 12 * dayMs }),
    ]);
  });

  test("gives the sums of each row as a table", async () => {
    const { text, headers } = await ledger.get(`/v1/node-states?${march}&h=1&format=csv`);
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(text.split("\r\n")).toEqual([
      "rack,nodes,memberMs,inServiceMs,downMs,maintenanceMs,unknownMs",
      `,n1 n2,${62 * dayMs},${49.5 * dayMs},${12.5 * dayMs},0,0`,
      "",
    ]);
  });

  test("is compressed for clients that accept it", async () => {
    const plain = await binary(`${march}&w=2048`);
    const packed = await binary(`${march}&w=2048`, { "accept-encoding": "gzip" });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 10);
    expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
  });

  test.each([
    ["", 400, "/query/cluster"],
    [`${march}&w=0`, 400, "/query/w"],
    [`${march}&w=2049`, 400, "/query/w"],
    [`${march}&h=1201`, 400, "/query/h"],
    [`${march}&order=sku`, 400, "/query/order"],
    [`${march}&format=html`, 400, "/query/format"],
    ["cluster=alpha&from=2026-03-01T00:00:00Z", 400, "/query/to"],
    ["cluster=alpha&period=2027", 422, "/query/period"],
  ])("refuses %j with %i and a pointer to %s", async (query, status, path) => {
    const { status: found, json } = await ledger.get(`/v1/node-states?${query}`);
    const [error] = json["errors"] as { path: string }[];
    expect([found, error?.path]).toEqual([status, path]);
  });

  test("has no rows for a rack without nodes, and does not know other clusters", async () => {
    expect(await index(`${march}&rack=none`)).toMatchObject({ h: 0, rows: [] });
    expect((await binary(`${march}&rack=none`)).rawPayload).toHaveLength(24);
    expect((await ledger.get("/v1/node-states?cluster=nix")).status).toBe(404);
  });
});
