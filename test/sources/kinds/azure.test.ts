import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { parseNotBefore } from "../../../src/sources/azure/not-before.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { eventsOf, sourceOf } from "../payloads/deliveries.ts";
import { at, taken } from "./taken.ts";

const config = {
  name: "az",
  kind: "azure-scheduled-events",
  cluster: "west",
  node: "{resource}",
};

interface Told {
  readonly id?: string;
  readonly type?: string;
  readonly status?: string;
  readonly notBefore?: string;
  readonly seconds?: number;
  readonly source?: string;
  readonly on?: readonly string[];
}

function event(told: Told): object {
  const {
    id = "E1",
    type = "Reboot",
    status = "Scheduled",
    seconds = -1,
    source = "Platform",
  } = told;
  return {
    EventId: id,
    EventType: type,
    EventStatus: status,
    Resources: told.on ?? ["vm1"],
    NotBefore: status === "Scheduled" ? at(told.notBefore ?? "10:15:00") : "",
    EventSource: source,
    DurationInSeconds: seconds,
  };
}

const document = (time: string, events: readonly object[], agent = "vm1") => ({
  agent,
  observedAt: at(time),
  document: { DocumentIncarnation: 1, Events: events },
});

const scheduled = document("10:00:00", [event({})]);
const begun = document("10:16:00", [event({ status: "Started" })]);
const gone = document("10:22:00", []);

describe("a reboot that Azure announces", () => {
  test("is announced maintenance of ten minutes, which ends when it is gone from the document", async () => {
    const { told } = await taken(config, [scheduled, begun, gone, gone]);
    expect(told).toEqual([
      "NodeMaintenanceAnnounced vm1 10:00:00 for 10:15:00 to 10:25:00",
      "NodeMaintenanceStarted vm1 10:16:00",
      "NodeMaintenanceEnded vm1 10:22:00",
    ]);
  });

  test("is announced again if its time changes, and once for each time", async () => {
    const later = document("10:05:00", [event({ notBefore: "10:45:00" })]);
    const { told } = await taken(config, [scheduled, later, scheduled, later]);
    expect(told).toEqual([
      "NodeMaintenanceAnnounced vm1 10:00:00 for 10:15:00 to 10:25:00",
      "NodeMaintenanceAnnounced vm1 10:05:00 for 10:45:00 to 10:55:00",
    ]);
  });

  test("is taken back if it goes before it has begun, and comes back if it begins after all", async () => {
    const { told } = await taken(config, [scheduled, document("10:10:00", []), begun]);
    expect(told.slice(1)).toEqual([
      "FactRetracted NodeMaintenanceAnnounced",
      "FactRetracted FactRetracted",
      "NodeMaintenanceStarted vm1 10:16:00",
    ]);
  });

  test("that begins after all brings back every announcement that seemed to be cancelled", async () => {
    const moved = document("10:05:00", [event({ notBefore: "10:16:00" })]);
    const { told } = await taken(config, [scheduled, moved, document("10:10:00", []), begun]);
    expect(told.slice(2)).toEqual([
      "FactRetracted NodeMaintenanceAnnounced",
      "FactRetracted NodeMaintenanceAnnounced",
      "FactRetracted FactRetracted",
      "FactRetracted FactRetracted",
      "NodeMaintenanceStarted vm1 10:16:00",
    ]);
  });

  test("is not ended by a document that is older than its start", async () => {
    const { told, answers } = await taken(config, [begun, document("10:05:00", [])]);
    expect(told).toHaveLength(1);
    expect(answers[1]).toMatchObject({ observations: 0, appended: 0, absorbed: 0 });
  });

  test("is ended by the agent that told its start, or by the node's own, and by no other", async () => {
    const told = document("10:16:00", [event({ status: "Started", on: ["vm1", "vm2"] })]);
    const { events } = await taken(config, [
      told,
      document("10:20:00", [], "vm2"),
      document("10:30:00", [], "vm3"),
    ]);
    const ended = events.filter(({ type }) => type === "NodeReturned");
    expect(ended.map(({ data }) => (data as { node: string }).node)).toEqual(["vm2"]);
  });
});

describe("a reboot by the platform that was never announced", () => {
  test("is a fault of the host until it is gone", async () => {
    const { told } = await taken(config, [begun, gone]);
    expect(told).toEqual(["NodeFailed vm1 10:16:00 hardware host", "NodeReturned vm1 10:22:00"]);
  });

  test("turns to maintenance if its announcement comes late", async () => {
    const { told } = await taken(config, [begun, gone, scheduled]);
    expect(told.slice(2)).toEqual([
      "FactRetracted NodeFailed",
      "FactRetracted NodeReturned",
      "NodeMaintenanceAnnounced vm1 10:00:00 for 10:15:00 to 10:25:00",
      "NodeMaintenanceStarted vm1 10:16:00",
      "NodeMaintenanceEnded vm1 10:22:00",
    ]);
  });

  test("is maintenance if a user asked for it, or if it is a freeze", async () => {
    const { told } = await taken(config, [
      document("10:16:00", [
        event({ status: "Started", source: "User" }),
        event({ id: "E2", status: "Started", type: "Freeze", seconds: 5 }),
      ]),
    ]);
    expect(told).toEqual([
      "NodeMaintenanceStarted vm1 10:16:00",
      "NodeMaintenanceStarted vm1 10:16:00",
      "NodeMaintenanceEnded vm1 10:16:05",
    ]);
  });
});

describe("a freeze of stated length", () => {
  /** Two documents that list it as started, with the clock just after each. */
  async function frozenFor(seconds: number, second: string): Promise<string[]> {
    const freeze = [event({ type: "Freeze", seconds, status: "Started" })];
    await using temporary = temporaryLedger();
    const clock = { nowMs: () => Date.parse(at("10:16:01")) };
    const ledger = await temporary.open({ clock: { nowMs: () => clock.nowMs() } });
    const source = sourceOf(config);
    await takePayload(ledger, source, document("10:16:00", freeze), { actor: "key" });
    clock.nowMs = () => Date.parse(at(second)) + 1_000;
    await takePayload(ledger, source, document(second, freeze), { actor: "key" });
    await takePayload(ledger, source, document(second, freeze), { actor: "key" });
    return (await eventsOf(ledger)).map(
      ({ type, occurredAt }) => `${type} ${formatInstant(occurredAt).slice(11, 19)}`,
    );
  }

  test("ends after it, also where that was too far ahead to be stated at its start", async () => {
    const start = "NodeMaintenanceStarted 10:16:00";
    expect(await frozenFor(600, "10:20:00")).toEqual([start]);
    expect(await frozenFor(600, "10:22:00")).toEqual([start, "NodeMaintenanceEnded 10:26:00"]);
    expect(await frozenFor(30, "10:22:00")).toEqual([start, "NodeMaintenanceEnded 10:16:30"]);
  });
});

describe("an event of Azure", () => {
  test("without impact, of another type, or that cannot be read is counted for each of its machines", async () => {
    const { answers, told } = await taken(config, [
      document("10:00:00", [
        event({ seconds: 0, on: ["vm1", "vm2"] }),
        event({ id: "E2", type: "Preempt" }),
        { ...event({ id: "E3" }), NotBefore: "soon" },
        event({ id: "E4", status: "Paused" }),
        event({ id: "E5", on: ["a b"] }),
      ]),
    ]);
    expect(told).toEqual([]);
    expect(answers).toMatchObject([{ observations: 6, ignored: 3 }]);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual([
      "/document/Events/2/Resources/0",
      "/document/Events/3/Resources/0",
      "/document/Events/4/Resources/0",
    ]);
  });

  test.each([{ status: "Paused" }, { notBefore: "soon" }, { seconds: 1e308 }])(
    "that cannot be read any more (%j) is not gone: it is still in the document",
    async (change) => {
      const { told, answers } = await taken(config, [
        scheduled,
        document("10:05:00", [event(change)]),
      ]);
      expect(told).toHaveLength(1);
      expect(answers[1]).toMatchObject({ observations: 1, appended: 0, refused: [{}] });
    },
  );

  test.each([
    ["a length beyond all numbers", { seconds: 1e308 }],
    ["a length of ages", { seconds: 1e12 }],
    ["a long id", { id: "e".repeat(300) }],
    ["an id that is no text", { id: "\ud800" }],
  ])("with %s is refused alone, and its machine's other events are taken", async (_, odd) => {
    const { told, answers } = await taken(config, [
      document("10:00:00", [event(odd), event({ id: "E2" })]),
    ]);
    expect(told).toHaveLength(1);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual(["/document/Events/0/Resources/0"]);
  });

  test("may last for parts of a second", async () => {
    const { told } = await taken(config, [
      document("10:00:00", [event({ seconds: 1.1 }), event({ id: "E2", seconds: 0.0001 })]),
    ]);
    expect(told).toEqual([
      "NodeMaintenanceAnnounced vm1 10:00:00 for 10:15:00 to 10:15:01.100",
      "NodeMaintenanceAnnounced vm1 10:00:00 for 10:15:00 to 10:15:00.001",
    ]);
  });

  test("that names no machines, or is none, is refused as one observation", async () => {
    const { Resources: _Resources, ...nameless } = event({}) as { Resources: unknown };
    const { answers } = await taken(config, [document("10:00:00", [nameless, 3 as never])]);
    expect(answers).toMatchObject([{ observations: 2, appended: 0 }]);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual([
      "/document/Events/0",
      "/document/Events/1",
    ]);
  });

  test("that a document lists twice, or for a machine twice, is counted each time and told once", async () => {
    const freeze = event({ type: "Freeze", seconds: 5, status: "Started", on: ["vm1", "vm1"] });
    const { answers, told } = await taken(config, [document("10:16:00", [freeze, freeze])]);
    expect(told).toHaveLength(2);
    expect(answers).toMatchObject([{ observations: 4, absorbed: 3, appended: 2, refused: [] }]);
  });

  test("that takes a machine away is a decommissioning, with membership", async () => {
    const preempted = document("10:16:00", [event({ type: "Preempt", status: "Started" })]);
    const { told } = await taken({ ...config, membership: true }, [preempted, preempted]);
    expect(told).toEqual(["NodeDecommissioned vm1 10:16:00"]);
  });

  test.each([
    ["Scheduled", []],
    ["Canceled", []],
    ["Completed", ["NodeDecommissioned vm1 10:16:00"]],
  ])("that would take a machine away and is %s gives %j", async (status, expected) => {
    const asked = document("10:00:00", [event({ type: "Preempt" })]);
    const later = document("10:16:00", [event({ type: "Preempt", status })]);
    const { told } = await taken({ ...config, membership: true }, [asked, later, gone]);
    expect(told).toEqual(expected);
  });

  test.each([
    ["Canceled", scheduled, []],
    ["Cancelled", begun, ["NodeMaintenanceEnded vm1 10:20:00"]],
    ["Completed", begun, ["NodeMaintenanceEnded vm1 10:20:00"]],
  ])("that is listed as %s counts as gone", async (status, before, expected) => {
    const over = document("10:20:00", [event({ status })]);
    const listed = await taken(config, [scheduled, before, over]);
    const missing = await taken(config, [scheduled, before, document("10:20:00", [])]);
    expect(listed.told).toEqual(missing.told);
    expect(listed.told.filter((text) => text.includes("Ended"))).toEqual(expected);
  });

  test("has a NotBefore by RFC 1123, whose weekday is not looked at, or by RFC 3339", () => {
    const instant = Date.UTC(2026, 3, 11, 22, 26, 58);
    expect(parseNotBefore("Mon, 11 Apr 2026 22:26:58 GMT")).toBe(instant);
    expect(parseNotBefore("2026-04-11T22:26:58Z")).toBe(instant);
    expect(parseNotBefore("Mon, 31 Feb 2026 22:26:58 GMT")).toBeNull();
    expect(parseNotBefore("")).toBeNull();
  });

  test.each([
    [{}],
    [{ agent: "vm1", observedAt: "now", document: { Events: [] } }],
    [document("10:00:00", []).document],
    [document("10:00:00", [], "v".repeat(300))],
  ])("%j is no document of an agent", async (body) => {
    await expect(taken(config, [body])).rejects.toThrow(/Azure Scheduled Events/);
  });
});
