import { describe, expect, test } from "vitest";
import { at, taken } from "./taken.ts";

const config = { name: "k8s", kind: "kubernetes", cluster: "lab", node: "{metadata.name}" };

const condition = (type: string, status: string, time: string, reason = "") => ({
  type,
  status,
  reason,
  lastTransitionTime: at(time),
});

function node(conditions: readonly object[], spec: object = {}, name = "n1"): object {
  return {
    kind: "Node",
    metadata: { name, uid: `u-${name}`, creationTimestamp: at("00:00:00") },
    spec,
    status: { conditions },
  };
}

const bad = node([condition("Ready", "False", "10:00:00", "KubeletNotReady")]);
const good = node([condition("Ready", "True", "10:30:00", "KubeletReady")]);

describe("Ready", () => {
  test("that is false or unknown is a fault with its reason as code, until it is true", async () => {
    const unknown = node([condition("Ready", "Unknown", "10:10:00", "NodeStatusUnknown")]);
    const { told } = await taken(config, [bad, unknown, good]);
    expect(told).toEqual([
      'NodeFailed n1 10:00:00 unknown ["KubeletNotReady"]',
      'NodeFailed n1 10:10:00 unknown ["NodeStatusUnknown"]',
      "FactRetracted NodeFailed",
      "NodeReturned n1 10:30:00",
    ]);
  });

  test("that is unknown is a lost observation if the source says so", async () => {
    const unknown = node([condition("Ready", "Unknown", "10:10:00", "NodeStatusUnknown")]);
    const { told } = await taken({ ...config, readyUnknown: "observation" }, [unknown, good]);
    expect(told).toEqual([
      "NodeObservationLost n1 10:10:00 k8s",
      "NodeObservationRestored n1 10:30:00 k8s",
    ]);
  });

  test("that is false after it was unknown is a fault of a node that is observed again", async () => {
    const unknown = node([condition("Ready", "Unknown", "09:50:00", "NodeStatusUnknown")]);
    const { told, answers } = await taken({ ...config, readyUnknown: "observation" }, [
      unknown,
      bad,
      bad,
      good,
    ]);
    expect(told).toEqual([
      "NodeObservationLost n1 09:50:00 k8s",
      "NodeObservationRestored n1 10:00:00 k8s",
      'NodeFailed n1 10:00:00 unknown ["KubeletNotReady"]',
      "NodeReturned n1 10:30:00",
    ]);
    expect(answers.map(({ observations }) => observations)).toEqual([1, 1, 1, 1]);
  });

  test("that is good and ends nothing is no news, and not counted", async () => {
    const { answers } = await taken(config, [good, bad]);
    expect(answers).toMatchObject([
      { observations: 0, absorbed: 0, appended: 0 },
      { observations: 1, absorbed: 0, appended: 1 },
    ]);
  });
});

describe("other conditions", () => {
  test("are faults if they are known to be, and ignored otherwise", async () => {
    const { told, answers } = await taken(config, [
      node([
        condition("NetworkUnavailable", "True", "10:00:00"),
        condition("KernelDeadlock", "True", "10:01:00", "DockerHung"),
        condition("MemoryPressure", "True", "10:02:00"),
        condition("GpuXid", "True", "10:03:00"),
        condition("ReadonlyFilesystem", "Unknown", "10:04:00"),
      ]),
    ]);
    expect(told).toEqual(["NodeFailed n1 10:00:00 network", "NodeFailed n1 10:01:00 software"]);
    expect(answers).toMatchObject([{ observations: 4, ignored: 2 }]);
  });

  test("are what a rule on their members says, and end when they are false", async () => {
    const rules = [
      {
        match: { type: "Gpu*", reason: "Xid*" },
        category: "hardware",
        component: "gpu",
        codes: ["{reason}"],
      },
      { match: { type: "Ready" }, as: "ignore" },
    ];
    const { told } = await taken({ ...config, rules }, [
      node([
        condition("GpuXid", "True", "10:03:00", "Xid79"),
        condition("Ready", "False", "10:03:00"),
      ]),
      node([condition("GpuXid", "False", "10:09:00", "NoXid")]),
    ]);
    expect(told).toEqual([
      'NodeFailed n1 10:03:00 hardware gpu ["Xid79"]',
      "NodeReturned n1 10:09:00",
    ]);
  });
});

describe("a cordon", () => {
  const taint = { key: "node.kubernetes.io/unschedulable", timeAdded: at("10:00:00") };

  test("is maintenance from the time of its taint until it is seen gone", async () => {
    const { told, events } = await taken(config, [
      node([], { unschedulable: true, taints: [taint] }),
      node([], { unschedulable: true, taints: [taint] }),
      node([]),
    ]);
    expect(told).toEqual([
      "NodeMaintenanceStarted n1 10:00:00",
      "NodeMaintenanceEnded n1 2026-06-01T00:00:00.000Z",
    ]);
    expect(events[0]?.data).toMatchObject({ maintenanceId: "k8s:cordon@2026-03-02T10:00:00.000Z" });
  });

  test("without a taint begins when it is received, once while it lasts", async () => {
    const cordoned = node([], { unschedulable: true });
    const { told, answers } = await taken(config, [cordoned, cordoned]);
    expect(told).toEqual(["NodeMaintenanceStarted n1 2026-06-01T00:00:00.000Z"]);
    expect(answers[1]).toMatchObject({ observations: 1, absorbed: 1 });
  });

  test("may be a fault, or ignored", async () => {
    const cordoned = node([], { unschedulable: true, taints: [taint] });
    expect((await taken({ ...config, cordon: "fault" }, [cordoned])).told).toEqual([
      "NodeFailed n1 10:00:00 unknown",
    ]);
    expect((await taken({ ...config, cordon: "ignore" }, [cordoned])).told).toEqual([]);
  });
});

describe("a payload", () => {
  test("is a node, a list of nodes, or lines of a watch, in which bookmarks say nothing", async () => {
    const other = node([condition("Ready", "False", "10:00:00")], {}, "n2");
    const listed = { kind: "List", items: [bad, other] };
    const watched = [
      { type: "ADDED", object: bad },
      { type: "BOOKMARK", object: { kind: "Node", metadata: { resourceVersion: "9" } } },
      { type: "MODIFIED", object: good },
    ];
    expect((await taken(config, [listed])).told).toHaveLength(2);
    expect((await taken(config, [watched])).told).toEqual([
      'NodeFailed n1 10:00:00 unknown ["KubeletNotReady"]',
      "NodeReturned n1 10:30:00",
    ]);
  });

  test.each([
    [{ kind: "Pod" }],
    [{ kind: "List", items: [{ kind: "Pod" }] }],
    ["nodes"],
    [[{ type: "ADDED" }]],
  ])("%j is none", async (body) => {
    await expect(taken(config, [body])).rejects.toThrow(/the body is not a Node/);
  });
});

describe("a list", () => {
  test("with other things in it loses those alone; one of nothing but others is none", async () => {
    const pod = { kind: "Pod", metadata: { name: "p" } };
    const { answers, told } = await taken(config, [{ kind: "List", items: [pod, bad] }]);
    expect(told).toHaveLength(1);
    expect(answers).toMatchObject([{ observations: 2, refused: [{ path: "/items/0" }] }]);
    await expect(taken(config, [{ kind: "List", items: [pod] }])).rejects.toThrow(/not a Node/);
  });

  test("refuses a node whose name the ledger could not know once, with its membership", async () => {
    const named = (name: string) =>
      node(
        [condition("Ready", "False", "10:00:00"), condition("X", "False", "10:00:00")],
        {},
        name,
      );
    const items = [named("a b"), named("n".repeat(300)), named("n2")];
    const { answers, events } = await taken({ ...config, membership: true }, [
      { kind: "List", items },
    ]);
    expect(events.map(({ type }) => type)).toEqual(["NodeCommissioned", "NodeFailed"]);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual(["/items/0", "/items/1"]);
  });
});

describe("membership", () => {
  const events = [
    { type: "ADDED", object: node([]) },
    { type: "DELETED", object: node([condition("Ready", "Unknown", "10:00:00")]) },
  ];

  test("is the contract's: nodes that come and go change nothing", async () => {
    expect((await taken(config, [events])).told).toEqual([]);
  });

  test("follows the API if the source says so, once", async () => {
    const { told, answers } = await taken({ ...config, membership: true }, [events, events]);
    expect(told).toEqual([
      "NodeCommissioned n1 00:00:00",
      "NodeDecommissioned n1 2026-06-01T00:00:00.000Z",
    ]);
    expect(answers[1]).toMatchObject({ appended: 0, duplicates: 2 });
  });
});
