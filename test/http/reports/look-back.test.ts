/** Every route that reads, from the OpenAPI document, held against `asOf` and `asOfTime`. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";
import { history } from "../app/small-app.ts";
import { hiddenWithoutPosition, withoutPosition } from "./without-position.ts";
import { pages as dashboard } from "../../../src/dashboard/pages/pages.ts";

const fault = String(history[3]?.["id"]);

/** Addresses to ask of each route; those of a later route stand in no list and fail the first test. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  "/v1/events": ["/v1/events", "/v1/events?cluster=alpha&type=NodeFailed&limit=1"],
  "/v1/events/{id}": [`/v1/events/${fault}`],
  "/v1/clusters": ["/v1/clusters"],
  "/v1/clusters/{cluster}/summary": ["/v1/clusters/alpha/summary"],
  "/v1/nis": [
    "/v1/nis",
    "/v1/nis?fields=raw,burnRates",
    "/v1/nis?cluster=alpha&period=2026-03&rack=r1",
  ],
  "/v1/mttr": ["/v1/mttr", "/v1/mttr?cluster=alpha&period=2026-03&sku=x"],
  "/v1/job-uptime": ["/v1/job-uptime"],
  "/v1/data-quality": ["/v1/data-quality"],
  "/v1/sla": ["/v1/sla?cluster=alpha", "/v1/sla?cluster=alpha&period=2026-03&format=csv"],
  "/v1/reports": ["/v1/reports", "/v1/reports?cluster=alpha&limit=1"],
  "/v1/reports/{report}": ["/v1/reports/first", "/v1/reports/first?format=html"],
  "/v1/reports/{report}/restated": [
    "/v1/reports/first/restated",
    "/v1/reports/first/restated?format=csv",
  ],
  "/v1/audit/diff": ["/v1/audit/diff?from=0", "/v1/audit/diff?from=0&period=2026-03"],
  "/v1/audit/checkpoint": ["/v1/audit/checkpoint"],
  "/v1/audit/proof/{eventId}": [`/v1/audit/proof/${fault}`],
  "/v1/audit/consistency": ["/v1/audit/consistency?from=1"],
  "/v1/series": [
    "/v1/series?cluster=alpha&period=2026-03",
    "/v1/series?cluster=alpha&period=this-month&bucket=6h&figures=nis.downNodeMs,crashes",
  ],
  "/v1/node-states": [
    "/v1/node-states?cluster=alpha&period=2026-03&w=100&h=2",
    "/v1/node-states?cluster=alpha&period=this-month&order=worst&format=json",
  ],
  "/v1/find": ["/v1/find?q=n", `/v1/find?q=${fault.slice(0, 8)}`, "/v1/find?q=%2313"],
  "/v1/history": ["/v1/history", "/v1/history?by=sequence&w=3&format=csv"],
  "/v1/nodes": ["/v1/nodes", "/v1/nodes?cluster=alpha&state=down&sort=since"],
  "/v1/faults": [
    "/v1/faults",
    "/v1/faults?open=true&overdue=false",
    "/v1/faults?period=2026-03&group=cause",
  ],
  "/v1/jobs": ["/v1/jobs", "/v1/jobs?state=running&limit=1"],
  "/v1/nodes/{cluster}/{node}": ["/v1/nodes/alpha/n1"],
  "/v1/jobs/{cluster}/{job}": ["/v1/jobs/alpha/train"],
  "/v1/jobs/{cluster}/{job}/strip": [
    "/v1/jobs/alpha/train/strip",
    "/v1/jobs/alpha/train/strip?period=2026-03&w=31&format=csv",
  ],
  "/v1/rollouts": ["/v1/rollouts"],
  "/v1/rollouts/blocked": ["/v1/rollouts/blocked"],
  "/v1/rollouts/{rollout}": ["/v1/rollouts/r1"],
  "/v1/rollouts/queue/history": [
    "/v1/rollouts/queue/history?from=2026-04-11T00:00:00Z&to=2026-04-14T00:00:00Z&stepMs=86400000",
  ],
  "/v1/rollouts/violations": ["/v1/rollouts/violations"],
  "/v1/rollouts/release-plan": ["/v1/rollouts/release-plan?cluster=alpha"],
  "/v1/rollouts/{rollout}/impact": ["/v1/rollouts/r1/impact"],
  "/v1/impact/families": ["/v1/impact/families?cluster=alpha"],
  "/v1/co-test/coverage": ["/v1/co-test/coverage?cluster=alpha"],
  "/v1/co-test/next": ["/v1/co-test/next?cluster=alpha"],
  "/v1/nodes/{cluster}/{node}/pending-updates": ["/v1/nodes/alpha/n1/pending-updates"],
  "/v1/nodes/{cluster}/{node}/schedulable": ["/v1/nodes/alpha/n1/schedulable"],
  "/v1/scale-holds": ["/v1/scale-holds"],
  "/v1/maintenance/overdue": ["/v1/maintenance/overdue"],
  "/v1/nfz/cost": ["/v1/nfz/cost?cluster=alpha&period=2026-03"],
  "/v1/nfz": ["/v1/nfz"],
  "/v1/nfz/{nfz}": ["/v1/nfz/freeze"],
  "/v1/nfz/at": ["/v1/nfz/at?cluster=alpha&instant=2026-04-15T00:00:00Z"],
  "/v1/nfz.ics": ["/v1/nfz.ics?cluster=alpha"],
};

/** Pages, which the document leaves out. A page that looks back says so, so it differs from one that does not. */
const pages = [
  "/",
  "/faults",
  "/clusters/alpha",
  "/clusters/alpha/nodes/n1",
  "/clusters/alpha/jobs",
  "/clusters/alpha/jobs/train",
  "/rollouts",
  "/rollouts/alpha/r1",
  "/nfz/alpha/freeze",
  "/reports",
  "/reports/first",
  "/audit",
  "/audit/events",
  "/audit/changes?from-sequence=0",
  "/find?q=n1",
  `/events/${fault}`,
  "/v1/nodes?format=html",
  "/v1/nodes/alpha/n1?format=html",
  "/v1/data-quality?format=html",
];

const all = Object.values(addresses).flat();
const because = { actor: "Ann", reason: "the clock was wrong" };
const hourMs = 3_600_000;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** What was answered when the ledger stood at a position, without looking back. */
interface Moment {
  readonly sequence: number;
  readonly at: string;
  readonly answers: ReadonlyMap<string, Answer>;
}

let ledger: AuditedApp;
let operations: Readonly<Record<string, Operation>> = {};
const moments: Moment[] = [];

beforeAll(async () => {
  ledger = await auditedApp();
  const { json } = await ledger.get("/openapi.json");
  const paths = json["paths"] as Record<string, { readonly get?: Operation }>;
  operations = Object.fromEntries(
    Object.entries(paths).flatMap(([path, { get }]) => (get === undefined ? [] : [[path, get]])),
  );
  await remember();
  await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-03", report: "first" });
  await remember();
  await ledger.post(`/v1/events/${fault}/retraction`, because);
  await remember();
  const later = { cluster: "alpha", node: "n3" };
  await ledger.post("/v1/events", fact("NodeCommissioned", later));
  await ledger.post("/v1/events", fact("ClusterRegistered", { cluster: "beta" }));
  await ledger.post(`/v1/events/${String(history[6]?.["id"])}/retraction`, because);
  await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-03", report: "second" });
  await remember();
  await ledger.restart();
});
afterAll(() => ledger.close());

function fact(type: string, data: object): object {
  return { id: crypto.randomUUID(), type, occurredAt: "2026-03-09T00:00:00Z", data };
}

/** Notes all answers as they are now, and lets an hour pass. */
async function remember(): Promise<void> {
  const { sequence } = await ledger.ledger.store.head();
  await ledger.ledger.waitFor(sequence, 600_000);
  const answers = new Map<string, Answer>();
  for (const url of all) answers.set(url, await ledger.get(url));
  const event = await ledger.ledger.store.readAt(sequence);
  const at = new Date((event?.recordedAt ?? 0) + hourMs / 2).toISOString();
  moments.push({ sequence, at, answers });
  ledger.advance(hourMs);
}

/** The addresses that answer GET, from the tree that Fastify prints. */
function getRoutes(tree: string): string[] {
  const parts: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split("\n")) {
    const [, indent = "", part = "", methods = ""] =
      /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === "") continue;
    parts.splice(indent.length / 4, Infinity, part);
    if (/\bGET\b/.test(methods)) routes.push(parts.join(""));
  }
  return routes;
}

/** The bytes that were answered; of a refusal its status, as a problem document names its request. */
function told(answer: Answer | undefined): string | undefined {
  return answer?.status === 200 ? answer.text : String(answer?.status);
}

function lookingBack(url: string, parameter: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${parameter}`;
}

describe("every route that reads", () => {
  test("accepts asOf, asOfTime and minSequence, or is listed here with the reason why not", () => {
    expect(Object.keys(operations).length).toBeGreaterThan(20);
    for (const [path, { parameters = [] }] of Object.entries(operations)) {
      const names = parameters.map(({ name }) => name);
      const taken = ["asOf", "asOfTime", "minSequence"].filter((name) => names.includes(name));
      expect({ path, taken }).toEqual({
        path,
        taken: path in withoutPosition ? [] : ["asOf", "asOfTime", "minSequence"],
      });
    }
  });

  test("is in the OpenAPI document, or is tested as a page below", () => {
    const hidden = getRoutes(ledger.app.printRoutes({ commonPrefix: false })).filter(
      (route) =>
        !(route.replaceAll(/:(\w+)/g, "{$1}") in operations) &&
        !hiddenWithoutPosition.some(([address]) => address.test(route)),
    );
    const known = dashboard
      .map(({ path }) => path)
      .filter((path) => !hiddenWithoutPosition.some(([address]) => address.test(path)));
    expect(hidden.toSorted()).toEqual(known.toSorted());
  });

  test("is tested below, and nothing else is", () => {
    const named = [...Object.keys(addresses), ...Object.keys(withoutPosition)];
    expect(named.toSorted()).toEqual(Object.keys(operations).toSorted());
  });
});

describe.each(all)("GET %s", (url) => {
  test("answers as of a position as it did when the ledger ended there", async () => {
    for (const { sequence, answers } of moments) {
      const then = answers.get(url);
      const now = await ledger.get(lookingBack(url, `asOf=${sequence}`));
      expect([sequence, told(now)]).toEqual([sequence, told(then)]);
    }
    expect(moments.at(-1)?.answers.get(url)?.status).toBe(200);
  });

  test("answers as of an instant as it does as of the position of that instant", async () => {
    for (const { sequence, at, answers } of moments) {
      const then = answers.get(url);
      const now = await ledger.get(lookingBack(url, `asOfTime=${at}`));
      expect([at, told(now)]).toEqual([at, told(then)]);
      const said = now.headers["fleetledger-sequence"];
      expect(said).toBe(now.status === 200 ? String(sequence) : said);
    }
  });
});

const refused: readonly (readonly [parameter: string, status: number])[] = [
  ["asOf=1000000", 422],
  ["asOf=9007199254740991", 422],
  ["asOf=9007199254740993", 400],
  ["asOf=-1", 400],
  ["asOf=-0", 400],
  ["asOf=1.5", 400],
  ["asOf=1e1", 400],
  ["asOf=0x1", 400],
  ["asOf=", 400],
  ["asOf=head", 400],
  ["asOf=%205", 400],
  ["asOf=%D9%A5", 400],
  ["asOf=1&asOf=2", 400],
  ["asOf=1&asOfTime=2026-04-15T12:00:00Z", 400],
  ["asOfTime=2026-04-15", 400],
  ["asOfTime=2026-04-15T12:00:00", 400],
  ["asOfTime=2026-02-30T00:00:00Z", 400],
  ["asOfTime=yesterday", 400],
  ["asOfTime=", 400],
  ["asOfTime=1776254400000", 400],
];

describe.each([...all, ...pages])("GET %s", (url) => {
  test("refuses a position past the head, and anything that is not a position", async () => {
    for (const [parameter, status] of refused) {
      const { status: found, json } = await ledger.get(lookingBack(url, parameter));
      const code = status === 422 ? "position-past-head" : "invalid-request";
      expect([parameter, found, json["code"]]).toEqual([parameter, status, code]);
    }
  });

  test("answers as of sequence 0 as it does as of a time before all events", async () => {
    const zero = await ledger.get(lookingBack(url, "asOf=0"));
    const early = await ledger.get(lookingBack(url, "asOfTime=1970-01-01T00:00:00Z"));
    expect([200, 404, 422]).toContain(zero.status);
    expect(told(early)).toEqual(told(zero));
  });
});

describe.each(pages)("the page %s", (url) => {
  test("looks back to the same bytes for ever, and ignores everything later", async () => {
    const back = () => ledger.get(lookingBack(url, "asOf=13"));
    const first = await back();
    expect(first.status).toBe(200);
    expect(first.text).not.toContain(because.reason);
    await ledger.post("/v1/events", fact("NodeCommissioned", { cluster: "alpha", node: "n9" }));
    expect((await back()).text).toBe(first.text);
  });
});

test("an event is found neither as JSON nor as a page before its own position", async () => {
  const { json } = await ledger.get(`/v1/events/${fault}`);
  const before = `asOf=${Number(json["sequence"]) - 1}`;
  for (const url of [`/v1/events/${fault}`, `/v1/audit/proof/${fault}`, `/events/${fault}`]) {
    expect((await ledger.get(lookingBack(url, before))).status, url).toBe(404);
    const early = await ledger.get(lookingBack(url, "asOfTime=2020-01-01T00:00:00Z"));
    expect(early.status, url).toBe(404);
  }
});
