/** What each key may state: types by role, clusters by scope, and who is named. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventType } from "../../src/events/catalogue.ts";
import { eventTypes, definitionOf } from "../../src/events/catalogue.ts";
import { exampleOf } from "../events/events-page.ts";
import { anEvent } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

let keyed: KeyedApp;
const secrets = new Map<string, string>();
const roles = ["reporter", "operator", "approver", "admin"];
beforeAll(async () => {
  keyed = await keyedApp(history);
  for (const role of roles) {
    const of = async (name: string, clusters: readonly string[]) =>
      secrets.set(name, (await keyed.issue({ name, roles: [role], clusters })).secret);
    await of(role, ["*"]);
    await of(`${role}-of-beta`, ["beta*"]);
  }
});
afterAll(() => keyed[Symbol.asyncDispose]());

const as = (name: string): string => secrets.get(name) ?? "";
const fact = (more: object = {}) => anEvent({ occurredAt: "2026-03-10T00:00:00Z", ...more });
const codeOf = (answer: { statusCode: number; json: () => { code?: string } }) =>
  `${answer.statusCode} ${answer.json().code ?? ""}`.trim();

describe("the type of a fact decides which role may state it", () => {
  /** As docs/access.md has it. */
  const byRole: Readonly<Record<string, (type: EventType) => boolean>> = {
    reporter: (type) => !isDecidedBySome(type),
    operator: (type) =>
      !isDecidedBySome(type) || ["NfzDeclared", "NfzExtended", "NfzResolved"].includes(type),
    approver: (type) =>
      /^(NfzShortened|NfzLifted|NfzCancelled|RolloutOverrideGranted|RolloutOverrideRevoked)$/.test(
        type,
      ),
    admin: () => true,
  };
  const isDecidedBySome = (type: EventType) => /^(Nfz|RolloutOverride)|PolicySet$/.test(type);
  const stated = eventTypes.filter(
    (type) => !["system", "correction"].includes(definitionOf(type).entity),
  );

  test.each(roles)("%s", async (role) => {
    const wrong: string[] = [];
    for (const type of stated) {
      const event = { ...exampleOf(type), id: randomUUID(), actor: role };
      const answer = await keyed.post(as(role), "/v1/events", event);
      const may = byRole[role]?.(type) === true;
      const isRefused = answer.json().code === "role-needed";
      if (isRefused === may || answer.statusCode === 500) wrong.push(`${type} ${codeOf(answer)}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("the actor of what is stated", () => {
  test("is the key's name where none is given", async () => {
    const event = fact();
    await keyed.post(as("reporter"), "/v1/events", event);
    expect(await keyed.ledger.store.findById(String(event["id"]))).toMatchObject({
      attribution: { actor: "reporter" },
    });
  });

  test.each([
    ["reporter", 201],
    ["reporter/slurmctld", 201],
    ["reporters", 403],
    ["operator", 403],
    ["reporter ", 403],
  ])("may be %j: %i", async (actor, status) => {
    const answer = await keyed.post(as("reporter"), "/v1/events", fact({ actor }));
    const refusal = { code: "actor-refused", errors: [{ path: "/actor" }] };
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(status === 403 ? refusal : {});
  });

  test.each([
    ["/v1/rollouts/r1/cancel", "operator", { reason: "x" }],
    ["/v1/nfz/freeze/lift", "approver", { reason: "x" }],
    ["/v1/reports", "approver", { cluster: "alpha", period: "2026-03" }],
    ["/v1/clock", "admin", { reason: "x" }],
    ["/v1/access", "admin", { name: "eva", roles: ["viewer"] }],
    [`/v1/events/${String(history[3]?.["id"])}/retraction`, "operator", { reason: "x" }],
  ])("of %s is the key's too", async (url, name, body) => {
    const answer = await keyed.post(as(name), url, { ...body, actor: "somebody" });
    expect(codeOf(answer)).toBe("403 actor-refused");
  });

  test("of a decision and a report is the key's name where none is given", async () => {
    const nfz = {
      nfz: "own",
      clusters: ["alpha"],
      reason: "x",
      inFlight: "finish",
      occurrences: [{ from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }],
    };
    const declared = (await keyed.post(as("operator"), "/v1/nfz", nfz)).json<{
      clusters: { event: { id: string } }[];
    }>();
    const [first] = await keyed.ledger.store.query({
      stream: "nfz-own",
      after: 0,
      limit: 1,
    });
    expect(declared).toMatchObject({ outcome: "appended" });
    expect(first?.attribution.actor).toBe("operator");
    await keyed.post(as("approver"), "/v1/reports", { cluster: "alpha", period: "2026-03" });
    const [report] = await keyed.ledger.store.query({ type: "ReportIssued", after: 0, limit: 1 });
    expect(report?.attribution.actor).toBe("approver");
  });
});

describe("a correction", () => {
  const url = (id: unknown) => `/v1/events/${String(id)}/retraction`;

  test("of its own facts is a reporter's, of others' it is not", async () => {
    const own = fact({ actor: "reporter/a" });
    await keyed.post(as("reporter"), "/v1/events", own);
    const others = fact();
    await keyed.post(as("operator"), "/v1/events", others);
    const retract = (id: unknown) => keyed.post(as("reporter"), url(id), { reason: "a slip" });
    expect((await retract(own["id"])).statusCode).toBe(201);
    expect(codeOf(await retract(others["id"]))).toBe("403 role-needed");
  });

  test("of a type that a role may not state is refused", async () => {
    const lifted = await keyed.post(as("admin"), "/v1/events", {
      ...exampleOf("NfzLifted"),
      id: randomUUID(),
      actor: "admin",
    });
    const { id } = lifted.json<{ id: string }>();
    expect(codeOf(await keyed.post(as("operator"), url(id), { reason: "x" }))).toBe(
      "403 role-needed",
    );
    expect((await keyed.post(as("approver"), url(id), { reason: "x" })).statusCode).toBe(201);
  });
});

describe("a key of some clusters", () => {
  test("states facts of these alone: another one is refused, because facts make clusters", async () => {
    const beta = fact({ data: { cluster: "beta-1", node: "n1" } });
    const answers = [
      await keyed.post(as("reporter-of-beta"), "/v1/events", beta),
      await keyed.post(as("reporter-of-beta"), "/v1/events", fact()),
      await keyed.post(
        as("reporter-of-beta"),
        "/v1/events",
        fact({ data: { cluster: "new", node: "n1" } }),
      ),
    ];
    expect(answers.map(codeOf)).toEqual(["201", "403 role-needed", "403 role-needed"]);
  });

  test("states nothing that is of no cluster", async () => {
    const coTest = { ...exampleOf("CoTestPassed"), id: randomUUID(), actor: undefined };
    const refused = await keyed.post(as("operator-of-beta"), "/v1/events", coTest);
    expect(codeOf(refused)).toBe("403 role-needed");
    expect((await keyed.post(as("operator"), "/v1/events", coTest)).statusCode).toBe(201);
  });

  test("finds no fact of another to correct, as if there were none", async () => {
    const foreign = String(history[3]?.["id"]);
    const none = randomUUID();
    const [hidden, missing] = await Promise.all(
      [foreign, none].map((id) =>
        keyed.post(as("operator-of-beta"), `/v1/events/${id}/retraction`, { reason: "x" }),
      ),
    );
    expect(hidden?.statusCode).toBe(422);
    const without = (body: string | undefined, id: string) =>
      String(body)
        .replaceAll(id, "ID")
        .replace(/urn:request:[\w-]+/, "");
    expect(without(hidden?.body, foreign)).toBe(without(missing?.body, none));
  });

  test("moves no fact of its own to another", async () => {
    const own = fact({ data: { cluster: "beta-1", node: "n7" } });
    await keyed.post(as("operator-of-beta"), "/v1/events", own);
    const moved = await keyed.post(
      as("operator-of-beta"),
      `/v1/events/${String(own["id"])}/corrections`,
      { reason: "x", data: { cluster: "alpha", node: "n7" } },
    );
    expect(codeOf(moved)).toBe("403 role-needed");
  });

  test("is told that an id is taken there", async () => {
    const taken = String(history[3]?.["id"]);
    const event = fact({ id: taken, data: { cluster: "beta-1", node: "n1" } });
    expect(codeOf(await keyed.post(as("operator-of-beta"), "/v1/events", event))).toBe(
      "409 id-conflict",
    );
    const rollout = {
      rollout: "r1",
      cluster: "beta-1",
      updates: [{ component: "driver", version: "2" }],
      impact: { kind: "impactless" },
      urgency: "routine",
      id: taken,
      reason: "x",
    };
    expect(codeOf(await keyed.post(as("operator-of-beta"), "/v1/rollouts", rollout))).toBe(
      "409 id-conflict",
    );
    const [before] = await keyed.ledger.store.query({ type: "ReportIssued", after: 0, limit: 1 });
    const { report = "" } = (before?.data ?? {}) as { report?: string };
    await keyed.post(as("admin"), "/v1/events", {
      ...exampleOf("SlaPolicySet"),
      id: randomUUID(),
      actor: "admin",
      data: { ...(exampleOf("SlaPolicySet")["data"] as object), cluster: "beta-1" },
    });
    const issued = await keyed.post(as("approver-of-beta"), "/v1/reports", {
      report,
      cluster: "beta-1",
      period: "2026-03",
    });
    expect(codeOf(issued)).toBe("409 id-conflict");
  });
});

test("a list answers element by element, and a stream's other events go with a refused one", async () => {
  const list = [
    fact({ data: { cluster: "beta-1", node: "x1" } }),
    fact(),
    fact({ actor: "somebody", data: { cluster: "beta-1", node: "x2" } }),
    fact({ data: { cluster: "beta-1", node: "x2" } }),
  ];
  const answer = await keyed.post(as("reporter-of-beta"), "/v1/events", list);
  expect(answer.statusCode).toBe(207);
  expect(answer.json()).toMatchObject({
    appended: 1,
    refused: 3,
    results: [
      { status: "appended" },
      { status: "refused", httpStatus: 403, error: { code: "role-needed" } },
      { status: "refused", httpStatus: 403, error: { code: "actor-refused" } },
      { status: "refused", httpStatus: 409, error: { code: "part-refused" } },
    ],
  });
});

test("lines of NDJSON are refused line by line", async () => {
  const lines = [fact({ data: { cluster: "beta-1", node: "y1" } }), fact()];
  const answer = await keyed.ask(as("reporter-of-beta"), "/v1/events", {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", accept: "application/json" },
    payload: lines.map((each) => JSON.stringify(each)).join("\n"),
  });
  expect(answer.json()).toMatchObject({
    appended: 1,
    refused: 1,
    results: [
      { line: 1, status: "appended" },
      { line: 2, error: { code: "role-needed" } },
    ],
  });
});
