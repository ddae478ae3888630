import { describe, expect, test } from "vitest";
import { at, taken } from "./taken.ts";

const config = {
  name: "am",
  kind: "alertmanager",
  cluster: "alpha",
  node: "{labels.instance}",
  stripPort: true,
  rules: [
    { match: { alertname: "Watchdog" }, as: "heartbeat" },
    { match: { alertname: "NodeUnderRepair" }, as: "maintenance" },
    { match: { alertname: "ExporterDown" }, as: "observation" },
    {
      match: { alertname: ["GpuXid", "GpuEcc*"], severity: "critical" },
      category: "hardware",
      component: "{labels.part|gpu}",
      codes: ["XID {labels.xid}", "{labels.code}"],
    },
  ],
};

interface Alert {
  readonly labels?: object;
  readonly from?: string;
  readonly to?: string;
  readonly fingerprint?: string;
}

function alert({ labels = {}, from = "10:00:00", to, fingerprint = "f1" }: Alert): object {
  return {
    status: to === undefined ? "firing" : "resolved",
    labels: {
      alertname: "GpuXid",
      severity: "critical",
      instance: "n1:9400",
      xid: "79",
      ...labels,
    },
    startsAt: at(from),
    endsAt: to === undefined ? "0001-01-01T00:00:00Z" : at(to),
    fingerprint,
  };
}

const group = (...alerts: readonly object[]) => ({ version: "4", groupKey: "{}:{}", alerts });

describe("an alert", () => {
  test("is a fault with what the first rule that fits says; codes that come out empty are left out", async () => {
    const { told } = await taken(config, [group(alert({ labels: { part: "hbm" } }))]);
    expect(told).toEqual(['NodeFailed n1 10:00:00 hardware hbm ["XID 79"]']);
  });

  test("is ignored if no rule fits: every member of a rule has to", async () => {
    const { answers, told } = await taken(config, [
      group(alert({ labels: { severity: "warning" } })),
    ]);
    expect(told).toEqual([]);
    expect(answers).toMatchObject([{ observations: 1, ignored: 1, absorbed: 0 }]);
  });

  test("that comes resolved, its firing lost, is a whole fault", async () => {
    const { told } = await taken(config, [group(alert({ to: "11:00:00" }))]);
    expect(told).toEqual([
      'NodeFailed n1 10:00:00 hardware gpu ["XID 79"]',
      "NodeReturned n1 11:00:00",
    ]);
  });

  test("may be maintenance or a lost observation by its rule", async () => {
    const { told } = await taken(config, [
      group(
        alert({ labels: { alertname: "NodeUnderRepair" }, to: "11:00:00" }),
        alert({ labels: { alertname: "ExporterDown" }, fingerprint: "f2", to: "12:00:00" }),
      ),
    ]);
    expect(told).toEqual([
      "NodeMaintenanceStarted n1 10:00:00",
      "NodeMaintenanceEnded n1 11:00:00",
      "NodeObservationLost n1 10:00:00 am",
      "NodeObservationRestored n1 12:00:00 am",
    ]);
  });

  test("that is a heartbeat gives no event", async () => {
    const { answers, told } = await taken(config, [
      group(alert({ labels: { alertname: "Watchdog" } })),
    ]);
    expect(told).toEqual([]);
    expect(answers).toMatchObject([{ observations: 1, absorbed: 1, ignored: 0 }]);
  });

  test("without a status is resolved if it has an end that has passed", async () => {
    const { status: _status, ...bare } = alert({ to: "11:00:00" }) as { status: string };
    const future = { ...bare, fingerprint: "f2", endsAt: "2026-07-01T00:00:00Z" };
    const { told } = await taken(config, [group(bare, future)]);
    expect(told.filter((each) => each.startsWith("NodeReturned"))).toEqual([
      "NodeReturned n1 11:00:00",
    ]);
  });

  test("that ends before it begins, names no node or has no start refuses itself, not the group", async () => {
    const { answers, told } = await taken(config, [
      group(
        alert({ to: "09:00:00" }),
        alert({ labels: { instance: "" } }),
        alert({ labels: { instance: "a b" } }),
        { ...alert({}), startsAt: "yesterday" },
        { ...alert({}), startsAt: "2027-01-01T00:00:00Z" },
        alert({ fingerprint: "f9" }),
      ),
    ]);
    expect(told).toHaveLength(1);
    expect(answers[0]?.refused.map(({ path, detail }) => `${path} ${detail}`)).toEqual([
      "/alerts/0 ends at 2026-03-02T09:00:00.000Z, before it begins (2026-03-02T10:00:00.000Z)",
      "/alerts/1 names no node",
      expect.stringMatching(/^\/alerts\/2 \/node a node's name must be printable ASCII/),
      "/alerts/3 /startsAt must be an RFC 3339 instant",
      expect.stringMatching(/^\/alerts\/4 .*more than 5 minutes ahead/),
    ]);
  });
});

describe("an alert that no Alertmanager sends", () => {
  test.each([
    ["another status", { status: "suppressed" }],
    ["a status in capitals", { status: "RESOLVED", endsAt: at("11:00:00") }],
    ["a fingerprint that is no text", { fingerprint: "\ud800" }],
  ])("with %s is refused alone, and its node's other alerts are taken", async (_, odd) => {
    const other = alert({ fingerprint: "f2" });
    const { answers, told } = await taken(config, [group({ ...alert({}), ...odd }, other)]);
    expect(told).toHaveLength(1);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual(["/alerts/0"]);
  });

  test.each([1.5, -1, "3", 1e300])("in a group with %j left out leaves none out", async (count) => {
    const { answers } = await taken(config, [{ ...group(alert({})), truncatedAlerts: count }]);
    expect(answers).toMatchObject([{ appended: 1, truncated: 0 }]);
  });
});

describe("a group of alerts", () => {
  test("says in its events who tells it: source, key and group", async () => {
    const { events } = await taken(config, [group(alert({}))]);
    expect(events[0]?.attribution).toEqual({
      source: "alertmanager:am",
      actor: "key",
      correlationId: "{}:{}",
      causationId: "am:f1@2026-03-02T10:00:00.000Z",
    });
  });

  test("with a long key is correlated by the key's hash", async () => {
    const long = { ...group(alert({})), groupKey: "g".repeat(300) };
    const { events } = await taken(config, [long]);
    expect(events[0]?.attribution.correlationId).toMatch(/^[0-9a-f]{32}$/);
  });

  test("with a long series is named by the series' hash", async () => {
    const { events } = await taken(config, [group(alert({ fingerprint: "f".repeat(161) }))]);
    expect(events[0]?.data).toMatchObject({ faultId: expect.stringMatching(/^am:[0-9a-f]{32}@/) });
  });

  test("may have any text as a series, and is known again by it", async () => {
    const odd = group(alert({ fingerprint: "a@b:c@" }));
    const { answers } = await taken(config, [odd, odd]);
    expect(answers).toMatchObject([{ appended: 1 }, { appended: 0, absorbed: 1 }]);
  });

  test.each([[{ version: "4" }], [[]], ["alerts"], [{ version: "5", alerts: [] }]])(
    "%j is none",
    async (body) => {
      await expect(taken(config, [body])).rejects.toThrow(/Alertmanager, version 4/);
    },
  );
});

describe("several tellings of one outage", () => {
  const fire = (from: string) => group(alert({ from }));
  const resolve = (from: string, to: string) => group(alert({ from, to }));

  test("correct its start and its end, and a merged fault is retracted with its return", async () => {
    const { told } = await taken(config, [
      resolve("10:00:00", "10:30:00"),
      resolve("11:00:00", "11:30:00"),
      resolve("10:15:00", "11:15:00"),
    ]);
    expect(told.slice(4)).toEqual([
      "FactCorrected NodeReturned to 11:30:00",
      "FactRetracted NodeFailed",
      "FactRetracted NodeReturned",
      'NodeFailed n1 10:15:00 hardware gpu ["XID 79"]',
      "FactRetracted NodeFailed",
      "NodeReturned n1 11:15:00",
      "FactRetracted NodeReturned",
    ]);
  });

  test("bring back what a later telling parts again", async () => {
    const { told, answers } = await taken(config, [
      fire("10:00:00"),
      fire("11:00:00"),
      resolve("10:00:00", "10:30:00"),
    ]);
    expect(told).toEqual([
      'NodeFailed n1 10:00:00 hardware gpu ["XID 79"]',
      'NodeFailed n1 11:00:00 hardware gpu ["XID 79"]',
      "FactRetracted NodeFailed",
      "NodeReturned n1 10:30:00",
      "FactRetracted FactRetracted",
    ]);
    expect(answers.map(({ appended }) => appended)).toEqual([1, 2, 2]);
  });
});
