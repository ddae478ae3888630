/** Maintenance of many nodes: announced, started and ended node by node, and refused inside no-fly zones. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { stableId } from "../../../src/events/fields/stable-id.ts";
import { hour, iso } from "../../projections/history.ts";
import { anybody } from "../situation.ts";
import { type NodeLedger, nodeLedger } from "./node-ledger.ts";

const all = { targets: {} };

/** Nodes a and b in rack r1, cc in rack r2. */
async function threeNodes(): Promise<NodeLedger> {
  const about = await nodeLedger();
  await about.commission("a", "b", "cc");
  return about;
}

async function zone(about: NodeLedger, scope?: object): Promise<void> {
  await about.state("NfzDeclared", 0, {
    nfz: "x",
    cluster: "c",
    occurrences: [{ from: iso(hour(1)), to: iso(hour(4)) }],
    inFlight: "finish",
    ...(scope === undefined ? {} : { scope }),
  });
  about.setClock(2);
}

function statuses(answer: object): unknown[] {
  const { results } = answer as { results: { node: string; status: number; code?: string }[] };
  return results.map(({ node, status, code }) =>
    code === undefined ? `${node} ${status}` : `${node} ${status} ${code}`,
  );
}

describe("announcing", () => {
  it("is recorded in the stream of each node under an id made of the command's and the node's", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    const answer = await about.maintain("announce", { ...all, rolloutId: "r" }, { id });
    expect(answer).toMatchObject({ maintenance: "m", cluster: "c", outcome: "appended" });
    expect(statuses(answer)).toEqual(["a 201", "b 201", "cc 201"]);
    expect((await about.eventsOf("b")).at(-1)).toMatchObject({
      type: "NodeMaintenanceAnnounced",
      id: stableId([id, "b"]),
      data: {
        node: "b",
        maintenanceId: "m",
        plannedFrom: iso(hour(4)),
        plannedTo: iso(hour(6)),
        rolloutId: "r",
      },
      decision: { command: "maintenance-announce" },
    });
  });

  it("is not refused inside a zone, may be done again, and leaves out what is no member", async () => {
    await using about = await threeNodes();
    await zone(about);
    const targets = { nodes: ["a", "zz"] };
    expect(statuses(await about.maintain("announce", { targets }))).toEqual([
      "a 201",
      "zz 200 not-a-member",
    ]);
    expect(statuses(await about.maintain("announce", { targets, to: 8 }))).toEqual([
      "a 201",
      "zz 200 not-a-member",
    ]);
  });

  it("is possible of maintenance that is open: that moves its end", async () => {
    await using about = await threeNodes();
    await about.maintain("start", { targets: { nodes: ["a"] } });
    about.setClock(1);
    const answer = await about.maintain("announce", { targets: { nodes: ["a"] }, to: 9 });
    expect(statuses(answer)).toEqual(["a 201"]);
  });
});

describe("starting", () => {
  it("without targets is for the nodes where it was announced, and is skipped where it has begun", async () => {
    await using about = await threeNodes();
    await about.maintain("announce", { targets: { racks: ["r1"] } });
    await about.maintain("start", { targets: { nodes: ["b"] } });
    expect(statuses(await about.maintain("start", {}))).toEqual(["a 201", "b 200 already-begun"]);
    expect(statuses(await about.maintain("start", all))).toEqual([
      "a 200 already-begun",
      "b 200 already-begun",
      "cc 201",
    ]);
  });

  it("is skipped where it has ended already: a maintenance id is used once on a node", async () => {
    await using about = await threeNodes();
    await about.maintain("start", { targets: { nodes: ["a"] } });
    about.setClock(1);
    await about.maintain("end", {});
    expect(statuses(await about.maintain("start", { targets: { nodes: ["a"] } }))).toEqual([
      "a 200 already-begun",
    ]);
  });

  it("of what was never announced, without targets, does nothing", async () => {
    await using about = await threeNodes();
    expect(await about.maintain("start", {})).toMatchObject({ outcome: "already", results: [] });
  });

  it("is refused on nodes in the scope of a zone in force, and the refusal is recorded", async () => {
    await using about = await threeNodes();
    await zone(about, { racks: ["r1"] });
    const answer = await about.maintain("start", { ...all, rolloutId: "r" });
    expect(statuses(answer)).toEqual(["a 409 nfz-in-force", "b 409 nfz-in-force", "cc 201"]);
    const [refused] = answer.results;
    const inForce = { nfz: "x", from: iso(hour(1)), to: iso(hour(4)), inFlight: "finish" };
    expect(refused?.nfzs).toEqual([{ ...inForce, scope: { racks: ["r1"] } }]);
    expect(refused?.event).toMatchObject({ type: "NodeMaintenanceRefused", stream: "node-c:a" });
    expect((await about.eventsOf("a")).at(-1)?.data).toEqual({
      cluster: "c",
      node: "a",
      maintenanceId: "m",
      nfzIds: ["x"],
      rolloutId: "r",
    });
  });

  it("that every node refuses is refused as a whole, with all of it in the problem", async () => {
    await using about = await threeNodes();
    await zone(about);
    const refused = await about.maintain("start", all);
    expect(refused).toMatchObject({
      code: "nfz-in-force",
      nfzs: [{ nfz: "x", scope: null }],
      nextStart: iso(hour(4)),
      at: iso(hour(2)),
    });
    expect(statuses(refused)).toHaveLength(3);
    about.setClock(4);
    expect(statuses(await about.maintain("start", all))).toEqual(["a 201", "b 201", "cc 201"]);
  });
});

describe("a zone in force lets maintenance start", () => {
  it("on a node that is down anyway", async () => {
    await using about = await threeNodes();
    const fault = { cluster: "c", node: "a", faultId: "f", category: "hardware" };
    await about.state("NodeFailed", 0, fault);
    await zone(about);
    expect(statuses(await about.maintain("start", { targets: { racks: ["r1"] } }))).toEqual([
      "a 201",
      "b 409 nfz-in-force",
    ]);
  });

  it("for a rollout in progress, on the nodes that it targets", async () => {
    await using about = await threeNodes();
    await about.state("RolloutSubmitted", 0, {
      rollout: "r",
      cluster: "c",
      targets: { racks: ["r1"] },
      updates: [{ component: "driver", version: "2" }],
      impact: { kind: "impactless" },
      urgency: "routine",
    });
    await zone(about);
    const start = () =>
      about.maintain("start", { targets: { nodes: ["a", "cc"] }, rolloutId: "r" });
    expect(await start()).toMatchObject({ code: "nfz-in-force" });
    await about.state("RolloutStarted", 1.9, { rollout: "r", cluster: "c" });
    expect(statuses(await start())).toEqual(["a 201", "cc 409 nfz-in-force"]);
  });

  it("by an override role that the caller has, with a reason, and then the start names the role", async () => {
    await using about = await threeNodes();
    await zone(about);
    const targets = { nodes: ["a"] };
    const operator = { ...anybody, roles: new Set(["operator"]) };
    const approver = { ...anybody, roles: new Set(["operator", "approver"]) };
    const held = [
      await about.maintain("start", { targets, role: "approver" }, { caller: operator }),
      await about.maintain("start", { targets, role: "operator" }, { caller: approver }),
      await about.maintain(
        "start",
        { targets, role: "approver" },
        { caller: approver, reason: undefined },
      ),
    ];
    expect(held.map(({ code }) => code)).toEqual(Array(3).fill("nfz-in-force"));
    const passed = await about.maintain(
      "start",
      { targets, role: "approver" },
      { caller: approver },
    );
    expect(statuses(passed)).toEqual(["a 201"]);
    expect((await about.eventsOf("a")).at(-1)).toMatchObject({
      type: "NodeMaintenanceStarted",
      data: { role: "approver" },
    });
  });
});

describe("ending", () => {
  it("without targets is for the nodes where it is open; elsewhere it is skipped and said", async () => {
    await using about = await threeNodes();
    await about.maintain("start", { targets: { racks: ["r1"] } });
    about.setClock(1);
    await about.maintain("end", { targets: { nodes: ["b"] } });
    expect(statuses(await about.maintain("end", {}))).toEqual(["a 201"]);
    expect(statuses(await about.maintain("end", all))).toEqual([
      "a 200 not-open",
      "b 200 not-open",
      "cc 200 not-open",
    ]);
  });

  it("is not refused inside a zone", async () => {
    await using about = await threeNodes();
    await about.maintain("start", all);
    await zone(about);
    expect(statuses(await about.maintain("end", {}))).toEqual(["a 201", "b 201", "cc 201"]);
  });
});

describe("a command that is sent again", () => {
  it("is answered by what was recorded: an end for the nodes that it ended, though nothing is open any more", async () => {
    await using about = await threeNodes();
    await about.maintain("start", all);
    about.setClock(1);
    const id = randomUUID();
    const first = await about.maintain("end", {}, { id });
    about.setClock(3);
    const again = await about.maintain("end", {}, { id });
    expect(statuses(again)).toEqual(["a 200", "b 200", "cc 200"]);
    expect(again.results.map(({ event }) => event)).toEqual(
      first.results.map(({ event }) => event),
    );
    expect(again.outcome).toBe("repeated");
  });

  it("a refusal keeps its status and names the zones as they were in force then", async () => {
    await using about = await threeNodes();
    await zone(about, { racks: ["r1"] });
    const id = randomUUID();
    const first = await about.maintain("start", all, { id });
    await about.state("NfzLifted", 2, { nfz: "x", cluster: "c" });
    about.setClock(3);
    const again = await about.maintain("start", all, { id });
    expect(statuses(again)).toEqual(["a 409 nfz-in-force", "b 409 nfz-in-force", "cc 200"]);
    expect(again.results.map(({ nfzs }) => nfzs)).toEqual(first.results.map(({ nfzs }) => nfzs));
  });

  it("as another command is a conflict", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    await about.maintain("start", all, { id });
    expect(await about.maintain("end", all, { id })).toMatchObject({ code: "id-conflict" });
  });
});

it.each([
  [{ targets: { nodes: ["n[0-10000]"] } }, "/targets is 10001 nodes, and at most 10000 are taken"],
  [{ targets: { skus: [] } }, "/targets/skus must name something"],
])("%j is refused for its form", async (asked, detail) => {
  await using about = await threeNodes();
  expect(await about.maintain("start", asked)).toMatchObject({
    code: "invalid-request",
    detail: expect.stringContaining(detail),
  });
});

it("what the decision refused is a violation if it is reported all the same, and what it let start is none", async () => {
  await using about = await threeNodes();
  await zone(about, { nodes: ["a", "b"] });
  await about.state("NodeFailed", 1, { cluster: "c", node: "b", faultId: "f", category: "human" });
  await about.maintain("start", all);
  const reported = { cluster: "c", node: "a", maintenanceId: "m" };
  const event = await about.state("NodeMaintenanceStarted", 2, reported);
  const { violationsAnswer } = await import("../../../src/answers/rollouts/violations.ts");
  const { violations } = await violationsAnswer(
    about.ledger,
    { sequence: about.ledger.sequence(), from: hour(0), to: hour(5) },
    { after: undefined, limit: 10 },
  );
  expect(violations).toMatchObject([
    { kind: "maintenance", node: "a", event, nfzs: ["x"], reported: true },
  ]);
});
