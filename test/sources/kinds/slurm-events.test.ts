import { describe, expect, test } from "vitest";
import { classOfState } from "../../../src/sources/slurm/node-state.ts";
import { at, day, taken } from "./taken.ts";

const config = {
  name: "slurm",
  kind: "slurm-events",
  cluster: "{Cluster}",
  node: "{NodeName}",
  zone: "UTC",
  reasons: [
    { match: ["*xid*", "*gpu*"], category: "hardware", component: "gpu" },
    { match: "*upgrade*", as: "maintenance" },
    { match: "test*", as: "ignore" },
  ],
};

const header = "Cluster|NodeName|TimeStart|TimeEnd|State|Reason|User";

function row(from: string, to: string, state: string, reason = "", node = "n1"): string {
  const local = (time: string) => (time === "Unknown" ? time : `${day}T${time}`);
  return `lab|${node}|${local(from)}|${local(to)}|${state}|${reason}|root(0)`;
}

const file = (...rows: readonly string[]) => [header, ...rows, ""].join("\n");

describe("a state of Slurm", () => {
  test.each([
    ["DOWN DOWN* FAIL INVAL ERROR DOWN+NOT_RESPONDING", "fault"],
    ["DRAIN DRAINED DRAIN* IDLE+DRAIN DOWN+DRAIN", "drain"],
    ["DRNG DRAINING FAILG FAILING ALLOCATED+DRAIN MIXED+DRAIN* IDLE+COMPLETING+DRAIN", "draining"],
    [
      "MAINT IDLE$ DOWN$ BOOT REBOOT IDLE@ IDLE^ DRAIN@ IDLE+MAINTENANCE REBOOT_ISSUED",
      "maintenance",
    ],
    [
      "IDLE IDLE* ALLOC MIX COMP RESV PLND PLANNED- BLOCK DOWN~ IDLE# IDLE! IDLE% POW_DN",
      "neither",
    ],
    ["POWERED_DOWN FUTR CLOUD UNK IDLE+CLOUD+POWERED_DOWN allocated+", "neither"],
    ["ONFIRE DOWN+ONFIRE DOWN? *", null],
  ])("%s: %s", (states, kind) => {
    expect(states.split(" ").map(classOfState)).toEqual(states.split(" ").map(() => kind));
  });
});

describe("rows of a node", () => {
  test("that touch and are of one class are one outage, whose cause is the first that is known", async () => {
    const { told, answers } = await taken(config, [
      file(
        row("10:00:00", "10:20:00", "DOWN*", "Not responding"),
        row("10:20:00", "11:00:00", "DRAIN", "XID 79 | gpu 3"),
      ),
    ]);
    expect(told).toEqual(["NodeFailed n1 10:00:00 hardware gpu", "NodeReturned n1 11:00:00"]);
    expect(answers).toMatchObject([{ observations: 2, appended: 2 }]);
  });

  test("that do not touch are two; where the class changes, one ends and the other begins", async () => {
    const { told } = await taken(config, [
      file(
        row("10:00:00", "10:20:00", "DOWN"),
        row("10:20:00", "11:00:00", "MAINT"),
        row("12:00:00", "Unknown", "DOWN"),
      ),
    ]);
    expect(told).toEqual([
      "NodeFailed n1 10:00:00 unknown",
      "NodeReturned n1 10:20:00",
      "NodeFailed n1 12:00:00 unknown",
      "NodeMaintenanceStarted n1 10:20:00",
      "NodeMaintenanceEnded n1 11:00:00",
    ]);
  });

  test("in a drain for maintenance are maintenance; a node that is down for it is down", async () => {
    const { told } = await taken(config, [
      file(
        row("10:00:00", "11:00:00", "DRAIN", "kernel upgrade"),
        row("10:00:00", "11:00:00", "DOWN", "kernel upgrade", "n2"),
      ),
    ]);
    expect(told.map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
      "NodeMaintenanceStarted n1",
      "NodeMaintenanceEnded n1",
      "NodeFailed n2",
      "NodeReturned n2",
    ]);
  });

  test("of draining nodes are out of service only if the source says so", async () => {
    const draining = file(row("10:00:00", "11:00:00", "DRNG", "gpu"));
    expect((await taken(config, [draining])).told).toEqual([]);
    expect((await taken({ ...config, draining: "out" }, [draining])).told).toHaveLength(2);
  });

  test("are ignored if they are in service, of the cluster, or by their reason", async () => {
    const { answers } = await taken(config, [
      file(
        row("10:00:00", "11:00:00", "IDLE~"),
        row("10:00:00", "Unknown", "", "Cluster Registered TRES", ""),
        row("10:00:00", "Unknown", "DRAIN", "testing"),
      ),
    ]);
    expect(answers).toMatchObject([{ observations: 3, ignored: 3, appended: 0 }]);
  });
});

describe("a later file", () => {
  const first = { exportedAt: Date.UTC(2026, 2, 3) };
  const second = { exportedAt: Date.UTC(2026, 2, 4) };

  /** Takes files in their order; each with when it was written. */
  async function takenInTurn(files: readonly [string, { exportedAt: number }][]) {
    const source = config;
    return await taken(
      source,
      files.map(([text]) => text),
      {},
      files.map(([, written]) => written),
    );
  }

  test("that knows the cause of a fault corrects it, as long as it was unknown", async () => {
    const { told } = await takenInTurn([
      [file(row("10:00:00", "Unknown", "DOWN*", "Not responding")), first],
      [file(row("10:00:00", "Unknown", "DOWN*", "XID 79")), second],
      [file(row("10:00:00", "Unknown", "DOWN*", "something else")), second],
    ]);
    expect(told).toEqual([
      "NodeFailed n1 10:00:00 unknown",
      "FactCorrected NodeFailed to hardware",
    ]);
  });

  test("in which a row lasts again retracts its return; an older file never does", async () => {
    const ended = file(row("10:00:00", "11:00:00", "DOWN"));
    const lasting = file(row("10:00:00", "Unknown", "DOWN"));
    const { told } = await takenInTurn([
      [ended, first],
      [lasting, second],
      [ended, first],
    ]);
    expect(told.slice(2)).toEqual(["FactRetracted NodeReturned"]);
    const { told: older } = await takenInTurn([
      [ended, second],
      [lasting, first],
    ]);
    expect(older).toHaveLength(2);
  });

  test("in which a row is of another class retracts what it was", async () => {
    const { told } = await takenInTurn([
      [file(row("10:00:00", "11:00:00", "DRAIN", "look at it")), first],
      [file(row("10:00:00", "11:00:00", "DRAIN", "kernel upgrade")), second],
    ]);
    expect(told.slice(2)).toEqual([
      "NodeMaintenanceStarted n1 10:00:00",
      "NodeMaintenanceEnded n1 11:00:00",
      "FactRetracted NodeFailed",
      "FactRetracted NodeReturned",
    ]);
  });

  test("that lacks later rows of an outage says nothing of them", async () => {
    const both = [row("10:00:00", "10:20:00", "DOWN"), row("10:20:00", "11:00:00", "DOWN")];
    const { told } = await takenInTurn([
      [file(...both), first],
      [file(...both.slice(0, 1)), second],
    ]);
    expect(told).toEqual(["NodeFailed n1 10:00:00 unknown", "NodeReturned n1 11:00:00"]);
  });

  test("says when it was written", async () => {
    const { events } = await takenInTurn([[file(row("10:00:00", "Unknown", "DOWN")), first]]);
    expect(events[0]?.attribution.correlationId).toBe("export:2026-03-03T00:00:00.000Z");
  });
});

describe("a table of sacctmgr", () => {
  test("may have other headings and bars at the ends of its lines", async () => {
    const lines = [
      "cluster|nodename|start|end|state|reason|user|",
      `lab|n1|${day}T10:00:00|None|DOWN|a | b|root|`,
    ];
    const reasons = [{ match: "a | b", category: "human" }];
    expect((await taken({ ...config, reasons }, [lines.join("\r\n")])).told).toEqual([
      "NodeFailed n1 10:00:00 human",
    ]);
  });

  test("may give seconds since the epoch", async () => {
    const seconds = Date.parse(at("10:00:00")) / 1_000;
    const { zone: _zone, ...rest } = config;
    const text = [header, `lab|n1|${seconds}|0|DOWN||`].join("\n");
    expect((await taken({ ...rest, timeFormat: "unix" }, [text])).told).toEqual([
      "NodeFailed n1 10:00:00 unknown",
    ]);
  });

  test("refuses a row that it cannot read, and no other", async () => {
    const { answers, told } = await taken(config, [
      file(
        row("10:00:00", "11:00:00", "ONFIRE"),
        "lab|n1|yesterday|Unknown|DOWN||",
        "lab|n1",
        row("10:00:00", "11:00:00", "DOWN"),
      ),
    ]);
    expect(told).toHaveLength(2);
    expect(answers[0]?.refused.map(({ path, detail }) => `${path} ${detail}`)).toEqual([
      '/rows/1 State: "ONFIRE" is not a state of a node that is known',
      '/rows/2 TimeStart: "yesterday" is not a local time such as 2026-03-02T10:00:00',
      "/rows/3 has 2 fields, but the header has 7",
    ]);
  });

  test("notes a local time that happens twice, which is the first of the two", async () => {
    const text = [header, "lab|n1|2025-11-02T01:30:00|Unknown|DOWN||"].join("\n");
    const { answers, told } = await taken({ ...config, zone: "America/Denver" }, [text]);
    expect(told).toEqual(["NodeFailed n1 2025-11-02T07:30:00.000Z unknown"]);
    expect(answers[0]?.notes).toEqual([
      {
        path: "/rows/1",
        detail:
          "the local time 2025-11-02T01:30:00 happens twice in America/Denver; taken as the first",
      },
    ]);
  });

  test.each([["Cluster|NodeName\nlab|n1"], [""], [{}]])("%j is none", async (body) => {
    await expect(taken(config, [body])).rejects.toThrow(/the body is not a table of/);
  });
});
