/** A key of one cluster and the co-tests of others: it sees none, records none, and learns nothing from them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

const driver = { component: "driver", version: "2" };
const firmware = { component: "firmware", version: "7" };
const bios = { component: "bios", version: "3" };
const secret = { component: "unannounced-nic", version: "1" };

const member = (cluster: string) =>
  anEvent({
    type: "NodeCommissioned",
    occurredAt: "2026-04-01T00:00:00Z",
    data: { cluster, node: "n1" },
  });
const submitted = (cluster: string, rollout: string, updates: object[]) =>
  anEvent({
    type: "RolloutSubmitted",
    occurredAt: "2026-04-02T00:00:00Z",
    data: { cluster, rollout, updates, impact: { kind: "impactless" }, urgency: "routine" },
  });
const result = (type: string, coTest: string, updates: object[], more: object = {}) =>
  anEvent({ type, occurredAt: "2026-04-03T00:00:00Z", data: { coTest, updates, ...more } });

const events = [
  ...["alpha", "beta"].map(member),
  submitted("alpha", "a-driver", [driver]),
  submitted("alpha", "a-firmware", [firmware]),
  submitted("alpha", "a-bios", [bios]),
  submitted("beta", "b-driver", [driver]),
  submitted("beta", "b-nic", [secret]),
  result("CoTestPassed", "shared", [driver, firmware], { cluster: "beta" }),
  result("CoTestFailed", "shared", [driver, secret], { cluster: "beta" }),
  result("CoTestPassed", "everywhere", [driver, bios]),
];

let keyed: KeyedApp;
let alpha: string;
let auditor: string;

beforeAll(async () => {
  keyed = await keyedApp(events);
  const roles = ["viewer", "operator", "reporter"] as const;
  alpha = (await keyed.issue({ name: "ann", roles: [...roles], clusters: ["alpha"] })).secret;
  auditor = (await keyed.issue({ name: "aud", roles: ["auditor"], clusters: ["alpha"] })).secret;
});
afterAll(async () => keyed[Symbol.asyncDispose]());

const json = async (url: string) => (await keyed.ask(alpha, url)).json<Record<string, unknown>>();

describe("to a key of one cluster", () => {
  test.each([
    "/v1/co-test/coverage?cluster=beta",
    "/v1/co-test/next?cluster=beta",
    "/v1/rollouts/release-plan?cluster=beta",
    "/v1/impact/families?cluster=beta",
    "/v1/nfz/cost?cluster=beta&period=2026-03",
    "/v1/rollouts/b-nic",
    "/v1/rollouts/b-nic/impact",
    "/v1/nodes/beta/n1/pending-updates",
    "/v1/nodes/beta/n1/schedulable",
    "/v1/maintenance/overdue?cluster=beta",
    "/v1/scale-holds?cluster=beta",
  ])("%s is not there", async (url) => {
    const { statusCode, body } = await keyed.ask(alpha, url);
    expect(statusCode).toBe(404);
    expect(body).not.toContain("unannounced");
  });

  test("results of another cluster count nothing, and those of no cluster do", async () => {
    expect(await json("/v1/co-test/coverage?cluster=alpha")).toMatchObject({
      passed: 1,
      failed: 0,
      never: 2,
      conflict: 0,
      pairs: [
        { rollouts: ["a-bios", "a-driver"], status: "passed" },
        { rollouts: ["a-bios", "a-firmware"], status: "never" },
        { rollouts: ["a-driver", "a-firmware"], status: "never" },
      ],
    });
  });

  test.each([
    "/v1/events?limit=1000",
    "/v1/events?type=CoTestFailed",
    "/v1/events?format=csv",
    "/v1/events?type=CoTestPassed",
    "/v1/find?q=shared",
    "/v1/find?q=nic",
    "/v1/rollouts",
    "/v1/impact/families?cluster=alpha",
    "/v1/co-test/next?cluster=alpha",
    "/v1/rollouts/release-plan?cluster=alpha",
  ])("%s names no co-test, update or rollout of another", async (url) => {
    const { statusCode, body } = await keyed.ask(alpha, url);
    expect(`${statusCode} ${body}`).not.toMatch(/nic|beta|b-driver/);
  });

  test("a result of no cluster is an event for auditors alone", async () => {
    const url = "/v1/events?type=CoTestPassed";
    expect(await json(url)).toMatchObject({ events: [] });
    const { body } = await keyed.ask(auditor, url);
    expect(body).toContain("everywhere");
    expect(body).not.toContain("shared");
  });
});

describe("with a key of one cluster", () => {
  const record = async (body: object) =>
    await keyed.post(alpha, "/v1/co-tests", { coTest: "mine", outcome: "passed", ...body });

  test.each([
    ["for another cluster", { cluster: "beta", updates: [driver, firmware] }],
    ["for all clusters", { updates: [driver, firmware] }],
    ["of the rollouts of another", { cluster: "alpha", rollouts: ["a-driver", "b-nic"] }],
  ])("no result is recorded %s, and the answer names no update", async (_name, body) => {
    const before = (await json("/v1/events?limit=1000"))["events"];
    const { statusCode, body: answer } = await record(body);
    expect([403, 404]).toContain(statusCode);
    expect(answer).not.toContain("unannounced");
    expect((await json("/v1/events?limit=1000"))["events"]).toEqual(before);
  });

  test("one of its own cluster is, also under an id that another cluster uses", async () => {
    const own = { coTest: "shared", outcome: "passed", cluster: "alpha" };
    const answer = await keyed.post(alpha, "/v1/co-tests", {
      ...own,
      rollouts: ["a-driver", "a-firmware"],
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.body).not.toContain("nic");
    // What was recorded this very millisecond is seen from the next one on.
    keyed.advance(1);
    expect(await json("/v1/co-test/coverage?cluster=alpha")).toMatchObject({ passed: 2, never: 1 });
    const { body } = await keyed.ask(alpha, "/v1/events?type=CoTestPassed");
    expect(body).toContain("cotest-shared");
    expect(body).not.toMatch(/nic|beta/);
  });
});
