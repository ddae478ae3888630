import { describe, expect, test } from "vitest";
import { at, taken } from "./taken.ts";

const config = {
  name: "nv",
  kind: "nvsentinel",
  cluster: "{metadata.cluster}",
  node: "{nodeName}",
};

const entity = (entityType: string, entityValue: string) => ({ entityType, entityValue });

function health(time: string, more: object = {}): object {
  return {
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: "nvsentinel://c1/healthevents",
    type: "com.nvidia.nvsentinel.health.v1",
    data: {
      metadata: { cluster: "c1" },
      healthEvent: {
        checkName: "Xid",
        componentClass: "GPU",
        isFatal: true,
        isHealthy: false,
        errorCode: ["79"],
        nodeName: "n1",
        recommendedAction: 24,
        metadata: { rack: "r7" },
        entitiesImpacted: [entity("PCI", "0:1"), entity("GPU", "0")],
        generatedTimestamp: at(time),
        ...more,
      },
    },
  };
}

const healthy = { isFatal: false, isHealthy: true, errorCode: [] };

describe("a health event", () => {
  test("that is fatal begins a fault, and a healthy one of the same entity ends it", async () => {
    const { told } = await taken(config, [
      health("10:00:00"),
      health("10:10:00", { ...healthy, entitiesImpacted: [entity("GPU", "1")] }),
      health("10:20:00", healthy),
    ]);
    expect(told).toEqual([
      'NodeFailed n1 10:00:00 hardware gpu ["XID 79"]',
      "NodeReturned n1 10:20:00",
    ]);
  });

  test("of several entities is a fault of each, and one observation", async () => {
    const { answers, events } = await taken(config, [
      health("10:00:00", { entitiesImpacted: [entity("gpu", "0"), entity("gpu", "1")] }),
    ]);
    expect(events.map(({ data }) => (data as { faultId: string }).faultId)).toEqual([
      "nv:Xid/GPU=0@2026-03-02T10:00:00.000Z",
      "nv:Xid/GPU=1@2026-03-02T10:00:00.000Z",
    ]);
    expect(answers).toMatchObject([{ observations: 1, appended: 2 }]);
  });

  test("that is healthy and names no entity ends every series of its check on the node", async () => {
    const { told } = await taken(config, [
      health("10:00:00", { entitiesImpacted: [entity("GPU", "0"), entity("GPU", "1")] }),
      health("10:00:00", { checkName: "XidOther" }),
      health("10:20:00", { ...healthy, entitiesImpacted: [] }),
    ]);
    expect(told.filter((each) => each.startsWith("NodeReturned"))).toHaveLength(2);
  });

  test("that is healthy and names entities of other kinds ends what was told of such, and of no other", async () => {
    const other = [entity("SM", "3")];
    const { told } = await taken(config, [
      health("10:00:00"),
      health("10:05:00", { entitiesImpacted: other }),
      health("10:20:00", { ...healthy, entitiesImpacted: other }),
    ]);
    expect(told).toHaveLength(3);
    expect(told[2]).toBe("NodeReturned n1 10:20:00");
  });

  test("whose entities have no values is of its check alone", async () => {
    const { events } = await taken(config, [
      health("10:00:00", { entitiesImpacted: [{ entityType: "GPU" }, entity("GPU", "")] }),
    ]);
    expect(events.map(({ data }) => data)).toMatchObject([
      { faultId: "nv:Xid@2026-03-02T10:00:00.000Z" },
    ]);
  });

  test("is known by its codes, of which empty ones are left out", async () => {
    const { told } = await taken(config, [
      health("10:00:00", { errorCode: ["", 79, "XID_13", "ECC", null] }),
    ]);
    expect(told).toEqual(['NodeFailed n1 10:00:00 hardware gpu ["XID 79","XID 13","ECC"]']);
  });

  test("that cannot be taken is refused once, however many entities it names", async () => {
    const { answers } = await taken(config, [
      health("10:00:00", {
        generatedTimestamp: "2027-01-01T00:00:00Z",
        entitiesImpacted: [entity("GPU", "0"), entity("GPU", "1")],
      }),
    ]);
    expect(answers[0]).toMatchObject({ observations: 1, refused: [{ path: "/0" }] });
    expect(answers[0]?.refused).toHaveLength(1);
  });

  test("that is healthy and old ends what began by then, never a newer fault", async () => {
    const { told, answers } = await taken(config, [
      health("10:00:00"),
      health("09:00:00", healthy),
    ]);
    expect(told).toHaveLength(1);
    expect(answers[1]).toMatchObject({ observations: 1, absorbed: 1 });
  });

  test.each([
    [{ isFatal: false }],
    [{ processingStrategy: 2 }],
    [{ processingStrategy: "STORE_ONLY" }],
    [{ quarantineOverrides: { skip: true } }],
  ])("with %j is ignored", async (more) => {
    const { answers } = await taken(config, [health("10:00:00", more)]);
    expect(answers).toMatchObject([{ observations: 1, ignored: 1, appended: 0 }]);
  });

  test.each([
    [{ recommendedAction: "RESTART_APP" }, "software gpu"],
    [{ recommendedAction: 39 }, "software gpu"],
    [{ componentClass: "NIC" }, "network nic"],
    [{ componentClass: "NVSwitch" }, "network nvswitch"],
    [{ componentClass: "CPU" }, "hardware cpu"],
  ])("with %j is %s", async (more, what) => {
    const { told } = await taken(config, [health("10:00:00", more)]);
    expect(told).toEqual([`NodeFailed n1 10:00:00 ${what} ["XID 79"]`]);
  });

  test("is what a rule says of it, where there are rules", async () => {
    const rules = [{ match: { checkName: "Xid", errorCode: ["79", "95"] }, category: "facility" }];
    const { told, answers } = await taken({ ...config, rules }, [
      health("10:00:00", { errorCode: ["48", "79"] }),
      health("11:00:00", { errorCode: ["48"] }),
    ]);
    expect(told).toEqual(['NodeFailed n1 10:00:00 facility gpu ["XID 48","XID 79"]']);
    expect(answers[1]).toMatchObject({ ignored: 1 });
  });

  test("without a time, a check or a node is refused", async () => {
    const { answers } = await taken(config, [
      [
        health("10:00:00", { generatedTimestamp: undefined }),
        health("10:00:00", { checkName: "" }),
        health("10:00:00", { nodeName: "" }),
        { ...health("10:00:00"), id: "" },
        { ...health("10:00:00"), data: {} },
      ],
    ]);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual(["/0", "/1", "/2", "/3", "/4"]);
  });

  test("may come in binary mode", async () => {
    const { data } = health("10:00:00") as { data: object };
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "1",
      "ce-source": "nvsentinel://c1/healthevents",
      "ce-type": "com.nvidia.nvsentinel.health.v1",
    };
    const { told } = await taken(config, [data], { contentType: "application/json", headers });
    expect(told).toHaveLength(1);
  });

  test("that is no CloudEvent is not taken", async () => {
    await expect(taken(config, [{ healthEvent: {} }])).rejects.toThrow(/invalid CloudEvent/);
  });
});
