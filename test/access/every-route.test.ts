/** Every route, asked with every role, over clusters of the key's own and over none of them. */
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildApp } from "../../src/http/app.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { rowsOfRoutes } from "./table-rows.ts";
import { pages } from "../../src/dashboard/pages/pages.ts";
import { history } from "../http/app/small-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

/** The matrix as docs/access.md has it: what each role may do. */
const matrix: Readonly<Record<string, readonly string[]>> = {
  viewer: ["read"],
  reporter: ["state", "correct", "deliver"],
  operator: ["read", "state", "correct", "operate", "deliver"],
  approver: ["read", "state", "correct", "approve"],
  auditor: ["read", "audit"],
  admin: ["read", "state", "correct", "operate", "approve", "audit", "manage", "deliver"],
  metrics: ["metrics"],
  "source:slurm": [],
  "night-shift": [],
};
const known = ["viewer", "reporter", "operator", "approver", "auditor", "admin"];

/** What an address is for, by its form; shares nothing with the table. */
function duty(method: string, url: string): string {
  if (/^\/(livez|readyz|login|logout)$/.test(url)) return "open";
  if (url === "/metrics") return "metrics";
  if (/^\/(problems|openapi)/.test(url)) return "known";
  if (/^\/(v1\/)?(access|webhooks)\b/.test(url) || url === "/v1/clock") return "manage";
  if (/^\/(v1\/sources|integrations)\/|^\/v1\/co-tests$/.test(url)) return "deliver";
  if (/^\/(v1\/)?sources$/.test(url)) return "manage";
  if (method === "GET") {
    const isAudit = /^\/v1\/audit\/(checkpoint|consistency|diff)$|^\/audit(\/changes)?$/.test(url);
    return isAudit ? "audit" : "read";
  }
  if (url === "/v1/events" || url === "/v1/cloudevents") return "state";
  if (/^\/v1\/events\/:id\/(corrections|retraction)$/.test(url)) return "correct";
  if (/\/overrides\b|\/nfz\/:nfz\/(shorten|skip|lift|cancel)$|^\/v1\/reports$/.test(url)) {
    return "approve";
  }
  return "operate";
}

function isAllowed(role: string, method: string, url: string, isOwn: boolean): boolean {
  const what = duty(method, url);
  if (what === "open") return true;
  if (what === "known") return known.includes(role);
  const may = matrix[role] ?? [];
  // Metrics tell of all clusters, so that only viewers of all read them.
  if (what === "metrics") return may.includes("metrics") || (isOwn && may.includes("read"));
  return may.includes(what);
}

const names: Readonly<Record<string, string>> = {
  cluster: "alpha",
  node: "n1",
  job: "train",
  rollout: "r1",
  nfz: "freeze",
  report: "none",
  code: "not-found",
  key: "0000000000",
  id: String(history[3]?.["id"]),
  eventId: String(history[3]?.["id"]),
  maintenance: "m1",
  override: "00000000-0000-4000-8000-000000000000",
};
const addressOf = (url: string): string =>
  url.replaceAll(/:(\w+)/g, (_all, name: string) => names[name] ?? name);

let keyed: KeyedApp;
const secrets = new Map<string, string>();
beforeAll(async () => {
  keyed = await keyedApp(history);
  for (const [i, role] of Object.keys(matrix).entries()) {
    for (const [scope, clusters] of [
      ["own", ["*"]],
      ["foreign", ["beta-*"]],
    ] as const) {
      const issued = await keyed.issue({ name: `k${i}-${scope}`, roles: [role], clusters });
      secrets.set(`${role} ${scope}`, issued.secret);
    }
  }
});
afterAll(() => keyed[Symbol.asyncDispose]());

/** A stream is cut as soon as it has been let in. */
async function statusOf(secret: string | null, method: "GET" | "POST", url: string) {
  if (url === "/v1/stream") {
    const answer = await keyed.ask(secret, "/v1/stream?after=999999");
    return answer.statusCode;
  }
  const more = method === "POST" ? { method, payload: {} } : { method };
  return (await keyed.ask(secret, addressOf(url), more)).statusCode;
}

const rows = rowsOfRoutes().filter(([method, url]) => keyed?.app.hasRoute({ method, url }) ?? true);

describe.each(Object.keys(matrix))("a key with the role %s", (role) => {
  test.each(["own", "foreign"])("may do what the matrix says, over %s clusters", async (scope) => {
    const secret = secrets.get(`${role} ${scope}`) ?? "";
    const wrong: string[] = [];
    for (const [method, url] of rows) {
      if (!keyed.app.hasRoute({ method, url })) continue;
      const status = await statusOf(secret, method as "GET" | "POST", url);
      const mayDo = isAllowed(role, method, url, scope === "own");
      // A login without a key is refused as such.
      const isLogin = url === "/login" && status === 401;
      if ((status === 401 && !isLogin) || (status === 403) === mayDo)
        wrong.push(`${method} ${url} ${status}`);
      if (status >= 500) wrong.push(`${method} ${url} ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});

test("without a key, all but what is open is refused", async () => {
  const wrong: string[] = [];
  for (const [method, url] of rows) {
    if (!keyed.app.hasRoute({ method, url })) continue;
    const status = await statusOf(null, method as "GET" | "POST", url);
    if ((status === 401) === (duty(method, url) === "open") && url !== "/login") {
      wrong.push(`${method} ${url} ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("a refusal names the roles of which any would do", async () => {
  const viewer = secrets.get("viewer own") ?? "";
  const answer = await keyed.post(viewer, "/v1/nfz/freeze/lift", {});
  expect(answer.json()).toMatchObject({
    status: 403,
    code: "role-needed",
    roles: ["approver", "admin"],
  });
});

describe("the table of routes", () => {
  test("has a row for every page", () => {
    const addresses = rowsOfRoutes().map(([, url]) => url);
    expect(pages.map(({ path }) => path).filter((path) => !addresses.includes(path))).toEqual([]);
  });

  test("names only routes that there are", () => {
    const missing = rowsOfRoutes().filter(([method, url]) => !keyed.app.hasRoute({ method, url }));
    expect(missing.map(([method, url]) => `${method} ${url}`)).toEqual([]);
  });

  test("must have a row for a route: without one, the application does not start", async () => {
    await using temporary = temporaryLedger();
    const unlisted = buildApp({
      ledger: await temporary.open(),
      logger: pino({ level: "silent" }),
      extraRoutes: [(app) => app.get("/v1/unlisted", () => ({}))],
    });
    await expect(unlisted).rejects.toThrow("GET /v1/unlisted has no row in the table of routes");
  });
});

test("an unknown address is not told apart from others without a key, and is not found with one", async () => {
  expect((await keyed.ask(null, "/v1/nothing")).statusCode).toBe(401);
  const viewer = secrets.get("viewer own") ?? "";
  expect((await keyed.ask(viewer, "/v1/nothing")).statusCode).toBe(404);
});
