import { describe, expect, it } from "vitest";
import { livingFleet } from "./living-fleet.ts";

const stormy = { scenario: "stormy", seed: 3, days: 3, daysAhead: 3 };
const hourMs = 3_600_000;

describe("a simulated fleet that goes on", () => {
  it("leaves a rollout that the ledger holds, for a no-fly zone that somebody declared, to people", async () => {
    await using fleet = await livingFleet(stormy);
    const { app, simulation, ledger, feed, steps, presentMs, told } = fleet;
    const asking = simulation.history.clusters.filter(({ asksLedger }) => asksLedger);
    const clusters = asking.map(({ cluster }) => cluster);
    const occurrences = [{ to: new Date(presentMs + 100 * 24 * hourMs).toISOString() }];
    const body = {
      nfz: "of-a-visitor",
      clusters,
      inFlight: "pause",
      occurrences,
      actor: "eva",
      reason: "a visit",
    };
    const declared = await app.inject({ method: "POST", url: "/v1/nfz", payload: body });
    expect(declared.statusCode, declared.body).toBe(201);
    feed.start(steps);
    await feed.done();
    expect(told.at(-1)).toBe("over");
    expect(told.filter((each) => each.startsWith("skipped"))).toEqual([]);
    const held = told.flatMap(
      (each) => /^left start at .*\/(.+)\/start: RolloutBlocked instead/.exec(each)?.[1] ?? [],
    );
    expect(held.length).toBeGreaterThan(0);
    for (const rollout of held) {
      const asked = [];
      for await (const event of ledger.store.readStream(`rollout-${rollout}`))
        if (event.attribution.decision?.request !== undefined) asked.push(event);
      expect(asked.at(-1)).toMatchObject({
        type: "RolloutBlocked",
        data: { nfzIds: expect.arrayContaining(["of-a-visitor"]) },
      });
    }
  });

  it("withholds the maintenance that such a rollout would have done", async () => {
    await using fleet = await livingFleet({ ...stormy, daysAhead: 1 });
    const { feed, ledger } = fleet;
    const rolloutId = "squall-u99";
    const node = { cluster: "squall", node: "gpu0001", maintenanceId: "squall-u99-r01", rolloutId };
    const atMs = fleet.presentMs + 1;
    const occurredAt = new Date(atMs).toISOString();
    const [started, ended] = ["NodeMaintenanceStarted", "NodeMaintenanceEnded"].map((type) => ({
      id: crypto.randomUUID(),
      type,
      occurredAt,
      data: node,
    }));
    if (started === undefined || ended === undefined) throw new Error("there are two");
    const start = { command: "start", path: `/v1/rollouts/${rolloutId}/start`, actor: "eva" };
    const about = { cluster: "squall", name: rolloutId, events: 1 };
    const id = crypto.randomUUID();
    const asked = { id, sentId: id, request: start, type: "RolloutStarted" };
    feed.start([
      { kind: "request", atMs, ...asked, rollout: about },
      { kind: "facts", atMs, events: [started] },
      { kind: "facts", atMs, events: [ended] },
    ]);
    await feed.done();
    expect(fleet.told).toEqual([
      `left the rest of rollout ${rolloutId}: it has 0 events, not 1`,
      "over",
    ]);
    expect(await ledger.store.findByIds([started.id, ended.id])).toEqual([]);
  });

  it("skips a fact that the ledger refuses, says so, and goes on", async () => {
    await using fleet = await livingFleet({ ...stormy, daysAhead: 1 });
    const { steps, feed, ledger, told } = fleet;
    const facts = steps.flatMap((step) => (step.kind === "facts" ? step.events : []));
    const [first, second] = facts;
    if (first === undefined || second === undefined) throw new Error("there are facts");
    const occurredAt = new Date(fleet.presentMs).toISOString();
    const data = { cluster: "squall", name: "of a visitor" };
    const other = { id: first.id, type: "ClusterRegistered", occurredAt, data };
    expect(await ledger.submit([other])).toMatchObject([{ status: "appended" }]);
    feed.start(steps);
    await feed.done();
    expect(told[0]).toMatch(`skipped event ${first.id}: `);
    expect(await ledger.store.findById(second.id)).not.toBeNull();
    expect(told.at(-1)).toBe("over");
  });

  it("stops at once, also while it waits for what comes next", async () => {
    await using fleet = await livingFleet({ ...stormy, daysAhead: 1, speed: 1 });
    const { feed, steps, ledger, told } = fleet;
    const { sequence } = await ledger.store.head();
    feed.start(steps.map((step) => ({ ...step, atMs: step.atMs + hourMs })));
    await feed.stop();
    expect((await ledger.store.head()).sequence).toBe(sequence);
    expect(told).toEqual([]);
  });
});
