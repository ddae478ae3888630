/** `GET /v1/find` over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditedApp } from "./app/audited-app.ts";
import type { AuditedApp } from "./app/audited-app.ts";
import { anEvent } from "./app/memory-ledger.ts";
import { history } from "./app/small-app.ts";

let ledger: AuditedApp;
/** Where the fault stands. */
let sequence = 0;
const fault = String(history[3]?.["id"]);

beforeAll(async () => {
  ledger = await auditedApp();
  const nodes = Array.from({ length: 40 }, (_, i) => `gpu${String(i).padStart(2, "0")}`);
  const commissioned = [...nodes, "X-Train", "n1"].map((node) =>
    anEvent({ data: { cluster: "beta/1", node } }),
  );
  const job = anEvent({
    type: "JobStarted",
    data: { cluster: "beta/1", job: "gpu-burn", nodes: ["gpu00"] },
  });
  await ledger.ledger.submit([...commissioned, job]);
  await ledger.settled();
  sequence = Number((await ledger.get(`/v1/events/${fault}`)).json["sequence"]);
});
afterAll(() => ledger.close());

interface Hit {
  readonly kind: string;
  readonly name: string;
  readonly cluster: string | null;
  readonly href: string;
}

async function find(q: string, more = ""): Promise<Hit[]> {
  const url = `/v1/find?q=${encodeURIComponent(q)}${more}`;
  const { status, json } = await ledger.get(url);
  expect([url, status]).toEqual([url, 200]);
  return json["hits"] as Hit[];
}

const names = (hits: readonly Hit[]) => hits.map(({ kind, name }) => `${kind} ${name}`);

describe("GET /v1/find", () => {
  test("finds clusters, nodes, jobs, rollouts and no-fly zones, each with its page", async () => {
    const hrefs = async (q: string) => (await find(q)).map(({ href }) => href);
    expect(await hrefs("beta/1")).toEqual(["/clusters/beta%2F1"]);
    expect(await hrefs("gpu07")).toEqual(["/clusters/beta%2F1/nodes/gpu07"]);
    expect(await hrefs("gpu-burn")).toEqual(["/clusters/beta%2F1/jobs/gpu-burn"]);
    expect(await hrefs("r1")).toEqual(["/rollouts/alpha/r1"]);
    expect(await hrefs("freeze")).toEqual(["/nfz/alpha/freeze"]);
    expect(await find("freeze")).toEqual([
      { kind: "nfz", name: "freeze", cluster: "alpha", href: "/nfz/alpha/freeze", event: null },
    ]);
  });

  test("gives whole names first, then beginnings, then parts, whatever their case", async () => {
    expect(names(await find("TRAIN"))).toEqual(["job train", "node X-Train"]);
    expect(names(await find("n")).slice(0, 3)).toEqual(["node n1", "node n1", "node n2"]);
    expect(names(await find("n")).slice(3)).toEqual(["node X-Train", "job gpu-burn", "job train"]);
  });

  test("lets the kinds take turns, and ends with twenty", async () => {
    const hits = await find("gpu");
    expect(hits).toHaveLength(20);
    expect(names(hits.slice(0, 3))).toEqual(["node gpu00", "job gpu-burn", "node gpu01"]);
  });

  test("finds an event by #sequence, by its id, and by the first eight characters of its id", async () => {
    const event = { type: "NodeFailed", sequence };
    const hit = { kind: "event", name: fault, cluster: "alpha", href: `/events/${fault}`, event };
    for (const q of [
      `#${sequence}`,
      fault,
      fault.toUpperCase(),
      fault.slice(0, 8),
      fault.slice(0, 20),
    ])
      expect(await find(q), q).toEqual([hit]);
    expect(await find(fault.slice(0, 7))).toEqual([]);
    expect(await find("#0")).toEqual([]);
    expect(await find("#999999")).toEqual([]);
  });

  test("knows nothing later than the position that it looks back to", async () => {
    const before = `&asOf=${sequence - 1}`;
    expect(await find("gpu07", "&asOf=12")).toEqual([]);
    expect(await find(`#${sequence}`, before)).toEqual([]);
    expect(await find(fault, before)).toEqual([]);
    expect(await find(fault.slice(0, 8), before)).toEqual([]);
    expect((await find("n2", "&asOf=12")).map(({ href }) => href)).toEqual([
      "/clusters/alpha/nodes/n2",
    ]);
  });

  test.each(["", "q=", "q=%20", `q=${"x".repeat(257)}`])("refuses %j", async (query) => {
    const { status, json } = await ledger.get(`/v1/find?${query}`);
    const [error] = json["errors"] as { path: string }[];
    expect([status, error?.path]).toEqual([400, "/query/q"]);
  });
});
