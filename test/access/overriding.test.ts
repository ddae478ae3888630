/** Who may override, and what a key of other clusters may not even find. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { history } from "../http/app/small-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

let keyed: KeyedApp;
const secrets = new Map<string, string>();
beforeAll(async () => {
  keyed = await keyedApp(history);
  for (const [name, role, clusters] of [
    ["admin", "admin", "*"],
    ["operator-of-beta", "operator", "beta*"],
    ["approver-of-beta", "approver", "beta*"],
  ] as const)
    secrets.set(name, (await keyed.issue({ name, roles: [role], clusters: [clusters] })).secret);
});
afterAll(() => keyed[Symbol.asyncDispose]());

const as = (name: string): string => secrets.get(name) ?? "";
const codeOf = (answer: { statusCode: number; json: () => { code?: string } }) =>
  `${answer.statusCode} ${answer.json().code ?? ""}`.trim();

describe("an override", () => {
  const body = { reason: "a fix", role: "sre-lead", expiresAt: "2026-04-15T18:00:00Z" };
  const ask = async (name: string, more: readonly string[]) => {
    const { secret } = await keyed.issue({ name, roles: more });
    return await keyed.post(secret, "/v1/rollouts/r1/overrides", body);
  };

  test("needs the role approver, and the refusal is not recorded", async () => {
    const before = (await keyed.ledger.store.head()).sequence;
    expect(codeOf(await ask("lead-only", ["operator", "sre-lead"]))).toBe("403 role-needed");
    // The key alone was recorded.
    expect((await keyed.ledger.store.head()).sequence).toBe(before + 1);
  });

  test("needs the role that it names, which the policy must allow", async () => {
    await keyed.post(as("admin"), "/v1/events", {
      type: "RolloutPolicySet",
      id: randomUUID(),
      occurredAt: "2026-03-01T00:00:00Z",
      data: { cluster: "alpha", overrideRoles: ["sre-lead"], overrideMaxMs: 86_400_000 },
      reason: "x",
    });
    expect(codeOf(await ask("approver-only", ["approver"]))).toBe("403 role-needed");
    const granted = await ask("lead", ["approver", "sre-lead"]);
    expect(granted.json()).toMatchObject({ outcome: expect.stringMatching(/appended|already/) });
  });
});

test("a key of other clusters finds no rollout and no zone to command", async () => {
  const [hidden, missing] = [
    await keyed.post(as("operator-of-beta"), "/v1/rollouts/r1/start", { reason: "x" }),
    await keyed.post(as("operator-of-beta"), "/v1/rollouts/none/start", { reason: "x" }),
  ];
  expect([hidden.statusCode, missing.statusCode]).toEqual([404, 404]);
  const lift = await keyed.post(as("approver-of-beta"), "/v1/nfz/freeze/lift", { reason: "x" });
  expect(lift.statusCode).toBe(404);
});
