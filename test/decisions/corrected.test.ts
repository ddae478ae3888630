/** That a correction of a decision is no decision, and that one command appends all of its events or none. */
import { expect, test } from "vitest";
import { stableId } from "../../src/events/fields/stable-id.ts";
import { realApp } from "../http/app/real-app.ts";

const id = (n: number) => `00000000-0000-4000-8000-0000000000${String(10 + n)}`;
const said = { actor: "ann", reason: "due" };
const submission = (rollout: string) => ({
  ...said,
  rollout,
  cluster: "alpha",
  updates: [{ component: "driver", version: "7" }],
  impact: { kind: "impactless" },
  urgency: "routine",
});

async function asked() {
  const real = await realApp();
  const post = async (url: string, payload: object) => {
    const { statusCode, body } = await real.app.inject({ method: "POST", url, payload });
    await real.ledger.waitFor((await real.ledger.store.head()).sequence, 600_000);
    return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
  };
  return { real, post };
}

test("an override that was moved to another rollout by a correction does not let it start", async () => {
  const { real, post } = await asked();
  for (const rollout of ["k1", "k2"]) await post("/v1/rollouts", submission(rollout));
  const override = { ...said, role: "approver", expiresAt: "2026-04-15T13:00:00Z", id: id(1) };
  expect((await post("/v1/rollouts/k1/overrides", override)).status).toBe(201);
  const data = {
    rollout: "k2",
    cluster: "alpha",
    role: "approver",
    nfzIds: ["freeze"],
    expiresAt: "2036-04-15T13:00:00Z",
  };
  await post(`/v1/events/${id(1)}/corrections`, { ...said, data });
  expect((await post("/v1/rollouts/k2/start", said)).status).toBe(409);
  await real.close();
});

test("an override that nobody corrected lets its rollout start", async () => {
  const { real, post } = await asked();
  await post("/v1/rollouts", submission("k1"));
  const override = { ...said, role: "approver", expiresAt: "2026-04-15T13:00:00Z" };
  expect((await post("/v1/rollouts/k1/overrides", override)).status).toBe(201);
  expect((await post("/v1/rollouts/k1/start", said)).status).toBe(201);
  await real.close();
});

test("a declaration over two clusters is refused whole where the id of its second event is taken", async () => {
  const { real, post } = await asked();
  const own = id(2);
  const fact = (cluster: string, eventId: string) => ({
    id: eventId,
    type: "ClusterRegistered",
    occurredAt: "2026-04-01T00:00:00Z",
    data: { cluster },
  });
  await post("/v1/events", fact("beta", id(3)));
  await post("/v1/events", fact("nu", stableId([own, "1"])));
  const declaration = {
    ...said,
    nfz: "half",
    clusters: ["alpha", "beta"],
    inFlight: "pause",
    occurrences: [{ from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }],
  };
  const refused = await post("/v1/nfz", { ...declaration, id: own });
  expect([refused.status, refused.body["code"]]).toEqual([409, "id-conflict"]);
  const found = await real.app.inject({ method: "GET", url: "/v1/nfz/half" });
  expect(found.statusCode).toBe(404);
  expect((await post("/v1/nfz", { ...declaration, id: id(4) })).status).toBe(201);
  await real.close();
});

test("a 200 names the event that made it so, also one that a correction moved there", async () => {
  const { real, post } = await asked();
  const started = {
    id: id(5),
    type: "RolloutStarted",
    occurredAt: "2026-04-15T11:00:00Z",
    data: { rollout: "there", cluster: "alpha" },
  };
  await post("/v1/events", started);
  await post("/v1/rollouts", submission("here"));
  const data = { rollout: "here", cluster: "alpha" };
  await post(`/v1/events/${id(5)}/corrections`, { ...said, data });
  const answer = await post("/v1/rollouts/here/start", said);
  expect([answer.status, answer.body]).toMatchObject([200, { event: { id: id(5) } }]);
  await real.close();
});

test.each([".", ".."])(
  "no rollout and no zone may be named %s, which addresses leave out",
  async (name) => {
    const { real, post } = await asked();
    expect((await post("/v1/rollouts", submission(name))).status).toBe(400);
    const zone = { ...said, nfz: name, clusters: "all", inFlight: "pause" };
    const occurrences = [{ to: "2026-05-02T00:00:00Z" }];
    expect((await post("/v1/nfz", { ...zone, occurrences })).status).toBe(400);
    await real.close();
  },
);
