/** What a Kubernetes API server asks, and how it is answered. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type AdmissionAnswer,
  isReviewFault,
  readReview,
} from "../../../src/decisions/nodes/admission-review.ts";
import { admit } from "../../../src/decisions/nodes/admission.ts";
import { stableId } from "../../../src/events/fields/stable-id.ts";
import { anybody } from "../situation.ts";
import { type NodeLedger, nodeLedger } from "./node-ledger.ts";
import { binding, nodeUpdate, pod, review } from "./reviews.ts";

const exempt = new Set(["kube-system"]);
const at = (cluster: string) => ({ cluster, path: "/query/cluster" });

async function ask(about: NodeLedger, body: object): Promise<AdmissionAnswer["response"]> {
  const read = readReview(body, exempt);
  if (isReviewFault(read)) throw new Error(`${read.path} ${read.message}`);
  return (await admit(about.deciding, anybody, at("c"), read)).response;
}

/** Node a is down, b is free. */
async function twoNodes(): Promise<NodeLedger> {
  const about = await nodeLedger();
  await about.commission("a", "b");
  await about.state("NodeFailed", 0, {
    cluster: "c",
    node: "a",
    faultId: "f",
    category: "hardware",
  });
  about.setClock(1);
  return about;
}

async function denials(about: NodeLedger, node = "a"): Promise<number> {
  return (await about.eventsOf(node)).filter(({ type }) => type === "NodeScaleDenied").length;
}

describe("a binding of a pod to a node, and a pod that names its node,", () => {
  it.each([
    ["binding", (node: string) => binding(node)],
    ["pod", (node: string) => pod({ nodeName: node })],
  ])(
    "as a %s, is denied if the node is not schedulable, and the denial recorded",
    async (_kind, made) => {
      await using about = await twoNodes();
      const uid = randomUUID();
      expect(await ask(about, review(made("a"), { uid }))).toEqual({
        uid,
        allowed: false,
        status: {
          code: 403,
          reason: "Forbidden",
          message: "fleetledger: node a is not schedulable: down",
        },
      });
      expect((await about.eventsOf("a")).at(-1)).toMatchObject({
        type: "NodeScaleDenied",
        id: stableId([uid, "a"]),
        data: { cluster: "c", node: "a", request: uid, reasons: ["down"] },
        decision: { command: "admission", sequence: expect.any(Number) },
      });
      expect((await about.eventsOf("a")).at(-1)?.decision).not.toHaveProperty("request");
      expect(await ask(about, review(made("b")))).toMatchObject({ allowed: true });
      expect((await about.eventsOf("b")).map(({ type }) => type)).toEqual(["NodeCommissioned"]);
    },
  );

  it("is denied in a dry run too, and nothing is recorded", async () => {
    await using about = await twoNodes();
    expect(await ask(about, review(binding("a"), { dryRun: true }))).toMatchObject({
      allowed: false,
    });
    expect(await denials(about)).toBe(0);
  });

  it("is allowed with a warning if no fact names the node", async () => {
    await using about = await twoNodes();
    for (const node of ["zz", "not a name"]) {
      const answer = await ask(about, review(binding(node)));
      expect(answer).toMatchObject({ allowed: true, warnings: [expect.stringContaining(node)] });
    }
  });

  it("sent again, is answered by its record, and recorded once", async () => {
    await using about = await twoNodes();
    const sent = review(binding("a"));
    const first = await ask(about, sent);
    await about.state("NodeReturned", 1, { cluster: "c", node: "a", faultIds: ["f"] });
    about.setClock(2);
    expect(await ask(about, sent)).toEqual(first);
    expect(await denials(about)).toBe(1);
    expect(await ask(about, review(binding("a")))).toMatchObject({ allowed: true });
  });
});

describe("allowed without a look are", () => {
  it.each([
    ["pods of a DaemonSet", pod({ nodeName: "a", owner: "DaemonSet" })],
    ["mirror pods", pod({ nodeName: "a", mirror: true })],
    ["pods that name no node", pod({})],
    ["pods in an exempt namespace", pod({ nodeName: "a", namespace: "kube-system" })],
    ["bindings in an exempt namespace", binding("a", "kube-system")],
    ["updates of a pod", { ...pod({ nodeName: "a" }), operation: "UPDATE" }],
    ["other subresources of a pod", { ...binding("a"), subResource: "eviction" }],
    ["nodes that become unschedulable", nodeUpdate("a", false, true)],
    ["nodes that stay unschedulable", nodeUpdate("a", true, true)],
    ["the status of a node", { ...nodeUpdate("a", true, false), subResource: "status" }],
    [
      "pods of another group",
      { ...binding("a"), resource: { group: "x.io", version: "v1", resource: "pods" } },
    ],
  ])("%s", async (_what, request) => {
    await using about = await twoNodes();
    const answer = await ask(about, review(request));
    expect(answer).toEqual({ uid: expect.any(String), allowed: true });
    expect(await denials(about)).toBe(0);
  });

  it("but not pods of a ReplicaSet, nor a binding of whatever pod", async () => {
    await using about = await twoNodes();
    const owned = pod({ nodeName: "a", owner: "ReplicaSet" });
    expect(await ask(about, review(owned))).toMatchObject({ allowed: false });
    expect(await ask(about, review(binding("a", "default")))).toMatchObject({ allowed: false });
  });
});

describe("a node that is made schedulable again", () => {
  it("is denied while it is down", async () => {
    await using about = await twoNodes();
    expect(await ask(about, review(nodeUpdate("a", true, false)))).toMatchObject({
      allowed: false,
      status: { message: expect.stringContaining("down") },
    });
  });

  it("is allowed if only its own cordon speaks against it, whether that counts as maintenance or as a fault", async () => {
    await using about = await twoNodes();
    const id = "k8s:cordon@2026-03-01T00:00:00.000Z";
    const uncordon = () => ask(about, review(nodeUpdate("b", true, false)));
    const about_b = { cluster: "c", node: "b" };
    await about.state("NodeMaintenanceStarted", 0.5, { ...about_b, maintenanceId: id });
    await about.state("NodeFailed", 0.5, { ...about_b, faultId: id, category: "human" });
    expect(await uncordon()).toMatchObject({ allowed: true });
    expect(await ask(about, review(binding("b")))).toMatchObject({ allowed: false });
    await about.state("NodeMaintenanceStarted", 0.6, { ...about_b, maintenanceId: "swap" });
    expect(await uncordon()).toMatchObject({
      allowed: false,
      status: { message: "fleetledger: node b is not schedulable: under-maintenance" },
    });
  });
});

it.each([
  [[], ""],
  [{}, "/apiVersion"],
  [{ ...review(binding("a")), apiVersion: "admission.k8s.io/v1beta1" }, "/apiVersion"],
  [{ ...review(binding("a")), kind: "Review" }, "/kind"],
  [{ ...review(binding("a")), request: null }, "/request"],
  [review(binding("a"), { uid: "" }), "/request/uid"],
  [review({ ...binding("a"), operation: 3 }), "/request/operation"],
  [review({ ...binding("a"), resource: {} }), "/request/resource/resource"],
])("a body that is no review is a fault of form (%#)", (body, path) => {
  expect(readReview(body, exempt)).toMatchObject({ path });
});

it("about a cluster that is not there, or not the key's, it is not found", async () => {
  await using about = await twoNodes();
  const read = readReview(review(binding("a")), exempt);
  if (isReviewFault(read)) throw new Error(read.message);
  const elsewhere = { ...anybody, clusters: new Set(["other"]) };
  await expect(admit(about.deciding, anybody, at("nowhere"), read)).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(admit(about.deciding, elsewhere, at("c"), read)).rejects.toMatchObject({
    code: "not-found",
  });
});
