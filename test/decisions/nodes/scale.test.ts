/** Scale requests: decided and recorded node by node, and answered again by what was recorded. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { replaced } from "../../../src/access/scope/replaced.ts";
import type { Deciding } from "../../../src/decisions/command/deciding.ts";
import { stableId } from "../../../src/events/fields/stable-id.ts";
import { hour, iso } from "../../projections/history.ts";
import { anybody } from "../situation.ts";
import { type NodeLedger, nodeLedger } from "./node-ledger.ts";

async function threeNodes(): Promise<NodeLedger> {
  const about = await nodeLedger();
  await about.commission("a", "b", "cc");
  await about.state("NodeFailed", 0, {
    cluster: "c",
    node: "b",
    faultId: "f",
    category: "hardware",
  });
  about.setClock(2);
  return about;
}

describe("a scale request", () => {
  it("is answered node by node, by name, and each answer is an event of its node that names the request", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    const answer = await about.scale({ nodes: ["cc", "b", "a"] }, { id });
    expect(answer).toMatchObject({
      request: id,
      cluster: "c",
      allowed: false,
      outcome: "appended",
      at: iso(hour(2)),
      nodes: [
        { node: "a", allowed: true, reasons: [], until: null },
        { node: "b", allowed: false, reasons: ["down"], until: null },
        { node: "cc", allowed: true, reasons: [], until: null },
      ],
    });
    const [denied] = (await about.eventsOf("b")).slice(-1);
    expect(denied).toMatchObject({
      type: "NodeScaleDenied",
      id: stableId([id, "b"]),
      data: { cluster: "c", node: "b", request: id, reasons: ["down"] },
      decision: { command: "scale", request: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((await about.eventsOf("a")).at(-1)).toMatchObject({
      type: "NodeScaleAllowed",
      data: { request: id },
    });
    expect(answer.asOf.sequence).toBe(about.ledger.sequence());
  });

  it("is allowed if every node is", async () => {
    await using about = await threeNodes();
    expect(await about.scale({ nodes: ["a", "cc"] })).toMatchObject({ allowed: true });
  });

  it("for racks and SKUs is for their members; without any kind for all of them", async () => {
    await using about = await threeNodes();
    const named = async (targets: object): Promise<string[]> =>
      (await about.scale({ targets })).nodes.map(({ node }) => node);
    expect(await named({ racks: ["r1"] })).toEqual(["a", "b"]);
    expect(await named({ racks: ["r1"], nodes: ["b", "cc"] })).toEqual(["b"]);
    expect(await named({})).toEqual(["a", "b", "cc"]);
  });

  it("does not record a node that no fact names: there it is not-a-member", async () => {
    await using about = await threeNodes();
    const { nodes } = await about.scale({ nodes: ["a", "nobody"] });
    expect(nodes.at(-1)).toEqual({
      node: "nobody",
      allowed: false,
      reasons: ["not-a-member"],
      until: null,
      event: null,
    });
    expect(await about.eventsOf("nobody")).toEqual([]);
  });

  it("is decided at t, 1 ms after a fact of the node that is ahead of the clock", async () => {
    await using about = await threeNodes();
    await about.state("NodeObservationLost", 2 + 4 / 60, { cluster: "c", node: "a" });
    const { nodes, at } = await about.scale({ nodes: ["a", "cc"] });
    expect(nodes.map(({ reasons }) => reasons)).toEqual([["unobserved"], []]);
    expect(at).toBe(iso(hour(2 + 4 / 60) + 1));
  });

  it("knows what is imminent by the policy in force", async () => {
    await using about = await threeNodes();
    await about.maintain("announce", { targets: { nodes: ["a"] }, from: 4, to: 6 });
    expect((await about.scale({ nodes: ["a"] })).nodes[0]).toMatchObject({ allowed: true });
    about.setClock(3);
    const held = { allowed: false, reasons: ["maintenance-imminent"], until: iso(hour(6)) };
    expect((await about.scale({ nodes: ["a"] })).nodes[0]).toMatchObject(held);
  });

  it.each([
    [{ nodes: ["n[0-5000]"] }, "/nodes is 5001 nodes, and at most 5000 are taken"],
    [{ targets: { racks: [] } }, "/targets/racks must name something"],
  ])("of %j is refused for its form", async (body, detail) => {
    await using about = await threeNodes();
    expect(await about.scale(body)).toMatchObject({
      code: "invalid-request",
      detail: expect.stringContaining(detail),
    });
  });

  it("about a cluster that is not there, or that the caller may not see, is not found", async () => {
    await using about = await threeNodes();
    const elsewhere = { ...anybody, clusters: new Set(["other"]) };
    const refused = [
      await about.scale({ cluster: "nowhere", nodes: ["a"] }),
      await about.scale({ nodes: ["a"] }, { caller: elsewhere }),
    ];
    expect(refused.map(({ code }) => code)).toEqual(["not-found", "not-found"]);
  });
});

describe("a scale request that is sent again", () => {
  it("is answered as at first, whatever has happened since", async () => {
    await using about = await threeNodes();
    await about.maintain("announce", { targets: { nodes: ["a"] }, from: 2.5, to: 6 });
    const id = randomUUID();
    const first = await about.scale({ nodes: ["a", "b", "cc"] }, { id });
    await about.maintain("announce", { targets: { nodes: ["a"] }, from: 2.5, to: 9 });
    await about.state("NodeReturned", 2, { cluster: "c", node: "b", faultIds: ["f"] });
    await about.state("NodeDecommissioned", 2, { cluster: "c", node: "cc" });
    about.setClock(9);
    expect(await about.scale({ nodes: ["a", "b", "cc"] }, { id })).toEqual({
      ...first,
      outcome: "repeated",
      at: first.at,
    });
  });

  it("for targets is answered for the nodes that they stood for then", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    const first = await about.scale({ targets: { racks: ["r1"] } }, { id });
    await about.state("NodeDecommissioned", 2, { cluster: "c", node: "b" });
    about.setClock(3);
    const { nodes } = await about.scale({ targets: { racks: ["r1"] } }, { id });
    expect(nodes).toEqual(first.nodes);
  });

  it("decides the nodes that have no record, as after a request that was cut off half-way", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    const stopping = stoppingAfter(about.deciding, 1);
    await expect(
      about.scale({ nodes: ["a", "b", "cc"] }, { id, deciding: stopping }),
    ).rejects.toThrow("killed");
    const recorded = await Promise.all(["a", "b", "cc"].map((node) => about.eventsOf(node)));
    expect(recorded.map((events) => events.at(-1)?.type)).toEqual([
      "NodeScaleAllowed",
      "NodeFailed",
      "NodeCommissioned",
    ]);
    await about.state("NodeFailed", 2, {
      cluster: "c",
      node: "a",
      faultId: "g",
      category: "hardware",
    });
    const answer = await about.scale({ nodes: ["a", "b", "cc"] }, { id });
    expect(answer.outcome).toBe("appended");
    expect(answer.nodes.map(({ allowed }) => allowed)).toEqual([true, false, true]);
    expect(
      (await about.eventsOf("a")).filter(({ type }) => type === "NodeScaleAllowed"),
    ).toHaveLength(1);
  });

  it("with another body, or by an id that something else has, is refused as a conflict", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    await about.scale({ nodes: ["a"] }, { id });
    expect(await about.scale({ nodes: ["a", "b"] }, { id })).toMatchObject({ code: "id-conflict" });
    const elsewhere = { ...anybody, clusters: new Set(["other"]) };
    const unseen = await about.scale({ nodes: ["a"] }, { id, caller: elsewhere });
    expect(unseen).toMatchObject({ code: "id-conflict" });
  });
});

describe("while others change the nodes", () => {
  it("a node is decided anew by what they changed", async () => {
    await using about = await threeNodes();
    const failing = meddling(about, ["a"], 1);
    const { nodes } = await about.scale({ nodes: ["a", "cc"] }, { deciding: failing });
    expect(nodes.map(({ reasons }) => reasons)).toEqual([["down"], []]);
  });

  it("gives up after ten attempts, and what it recorded by then stays", async () => {
    await using about = await threeNodes();
    const id = randomUUID();
    const always = meddling(about, ["a"], Infinity);
    const refused = await about.scale({ nodes: ["a", "cc"] }, { id, deciding: always });
    expect(refused).toMatchObject({ code: "overloaded" });
    expect((await about.eventsOf("a")).filter(({ type }) => type === "NodeFailed")).toHaveLength(
      10,
    );
    expect((await about.eventsOf("cc")).at(-1)?.type).toBe("NodeScaleAllowed");
    const answer = await about.scale({ nodes: ["a", "cc"] }, { id });
    expect(answer.nodes.map(({ allowed }) => allowed)).toEqual([false, true]);
  });
});

/** As if the process ended after it has appended about so many nodes. */
function stoppingAfter(deciding: Deciding, nodes: number): Deciding {
  const { ledger } = deciding;
  const submitDecided: typeof ledger.submitDecided = async (streams, make) => {
    await ledger.submitDecided(streams, async (P) => {
      const { inputs, revisions } = await make(P);
      return { inputs: inputs.slice(0, nodes), ...(revisions === undefined ? {} : { revisions }) };
    });
    throw new Error("killed");
  };
  return { ...deciding, ledger: replaced(ledger, { submitDecided }) };
}

/** Another process fails the nodes between the moment at which they are read and the append, so many times. */
function meddling(about: NodeLedger, nodes: readonly string[], times: number): Deciding {
  const { deciding } = about;
  let left = times;
  const submitDecided: typeof deciding.ledger.submitDecided = async (streams, make) => {
    const made = await make(about.ledger.sequence());
    if (left-- > 0)
      for (const node of nodes) {
        const data = { cluster: "c", node, faultId: `f${left}`, category: "software" };
        await about.state("NodeFailed", 2, data);
      }
    return await deciding.ledger.submitDecided(streams, async () => made);
  };
  const ledger = replaced(deciding.ledger, { submitDecided });
  return { ...deciding, ledger };
}
