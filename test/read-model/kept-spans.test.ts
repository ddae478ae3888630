/** For which positions an answer is kept: those at which its window sees the same. */
import { describe, expect, test } from "vitest";
import { asPolicy } from "../../projections/figures/exclusions/policy.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import type { SlaDocument } from "../../projections/document/catalogue.ts";
import type { ClusterView } from "../../projections/view.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { termsOf } from "../../src/reports/figures.ts";
import { oneStep } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { dayMs, History, hour, iso } from "../projections/history.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { take } from "./take.ts";

const day = 24;
/** The last two days of February: exclusions look at the whole month. */
const period = `${iso(hour(-2 * day))}/${iso(hour(0))}`;
const zone = "UTC";

const { eventId: _none, ...terms } = { ...asPolicy(null), monthlyAllowanceNodeHours: 100 };

/** A node `a`, a member since before these days. */
function twoDays(): History {
  const history = new History();
  history.add("SlaPolicySet", -1_000, terms);
  history.add("NodeCommissioned", -100, { node: "a" });
  return history;
}

/** Asks for the document of these days as of positions; `made` counts how many were computed. */
function askingOf(history: History) {
  const model = new LiveModel();
  take(model, history.events as readonly unknown[] as StoredEvent[]);
  const counted = { made: 0 };
  const ask = async (P: number) =>
    await model.keptAnswer("c", P, {
      key: "document",
      terms: (view) => termsOf(view, { period, zone }),
      make: (view) =>
        oneStep(() => {
          const document = slaDocument(view, { period, zone }, firstZones);
          // It begins anew each time that it lacked what is not folded yet.
          counted.made++;
          return document;
        }),
      bytesOf: () => 1_000,
    });
  return { ask, counted };
}

/** Documents of these days, as of positions of which each is asked for in this order, and how many were computed. */
async function documentsAt(history: History, positions: readonly number[]) {
  const { ask, counted } = askingOf(history);
  const documents: SlaDocument[] = [];
  for (const P of positions) {
    const answer = await ask(P);
    const plain = plainClusterViewAt(history.events, "c", P);
    const wanted = slaDocument(plain, { period, zone }, firstZones);
    expect({ ...answer, asOf: null }).toEqual({ ...wanted, asOf: null });
    documents.push(answer);
  }
  return { made: counted.made, documents };
}

describe("a document of two days that are over is made once", () => {
  test("for the positions before and after the end of an outage that lasted longer", async () => {
    const history = twoDays();
    history.add("NodeFailed", -day, { node: "a", faultId: "f", category: "hardware" });
    history.reach(day);
    const open = history.events.length;
    history.add("NodeRepairStarted", 2 * day, { node: "a", faultId: "f", phase: "repair" });
    history.add("NodeReturned", 3 * day, { node: "a", faultIds: ["f"] });
    const { made, documents } = await documentsAt(history, [open, open + 1, open + 2]);
    expect(made).toBe(1);
    expect(documents[0]?.mttr.open).toHaveLength(1);
  });

  test("whatever else befalls a node later that was down at their end", async () => {
    const history = twoDays();
    history.add("NodeFailed", -day, { node: "a", faultId: "f", category: "hardware" });
    history.reach(day);
    const first = history.events.length;
    history.add("NodeMaintenanceStarted", 2 * day, { node: "a", maintenanceId: "m" });
    history.add("NodeFailed", 3 * day, { node: "a", faultId: "g", category: "hardware" });
    history.add("NodeObservationLost", 4 * day, { node: "a", observer: "scraper" });
    history.add("NodeObservationRestored", 5 * day, { node: "a", observer: "scraper" });
    history.add("NodeObservationRestored", 6 * day, { node: "a", observer: "scraper" });
    history.add("NodeDecommissioned", 7 * day, { node: "a" });
    const positions = [0, 6, 1, 5, 2, 4, 3].map((more) => first + more);
    expect(await documentsAt(history, positions)).toMatchObject({ made: 1 });
  });

  test("for two positions between which something was stated and taken back", async () => {
    const history = twoDays();
    history.reach(day);
    const before = history.events.length;
    const late = { recordedAt: hour(day) };
    const id = history.add(
      "NodeFailed",
      -day,
      { node: "a", faultId: "f", category: "unknown" },
      late,
    );
    history.add("FactRetracted", day, { eventId: id });
    const after = history.events.length;
    const { made, documents } = await documentsAt(history, [before, after, before + 1, after]);
    expect(made).toBe(2);
    expect(documents.map(({ mttr }) => mttr.faultsOpened)).toEqual([0, 0, 1, 0]);
  });
});

describe("a document of two days that are over is right as of a position between two others", () => {
  test("as of which a node was a member that turned out to have been gone long before", async () => {
    const history = twoDays();
    history.reach(day);
    const before = history.events.length;
    const late = { recordedAt: hour(day) };
    history.add("NodeCommissioned", -100 * day, { node: "b" }, late);
    history.add("NodeDecommissioned", -90 * day, { node: "b" }, late);
    const { documents } = await documentsAt(history, [before, before + 2, before + 1]);
    const memberDays = documents.map(({ nis }) => nis.memberNodeMs / dayMs);
    expect(memberDays).toEqual([2, 2, 4]);
  });

  test("as of which a job ran that turned out to have ended long before", async () => {
    const history = twoDays();
    history.reach(day);
    const before = history.events.length;
    const late = { recordedAt: hour(day) };
    history.add("JobStarted", -100 * day, { job: "j", nodes: ["a"] }, late);
    history.add("JobFinished", -90 * day, { job: "j", outcome: "completed" }, late);
    const { documents } = await documentsAt(history, [before, before + 2, before + 1]);
    const runningDays = documents.map(({ jobUptime }) => jobUptime.runningNodeMs / dayMs);
    expect(runningDays).toEqual([0, 0, 2]);
  });

  test("as of which the cluster was not known", async () => {
    const history = new History();
    const id = history.add("NodeCommissioned", day, { node: "a" });
    history.reach(day);
    history.add("FactRetracted", day, { eventId: id });
    history.reach(day);
    history.add("NodeCommissioned", day, { node: "b" });
    history.reach(2 * day);
    const { ask, counted } = askingOf(history);
    await ask(2);
    await ask(6);
    await expect(ask(4)).rejects.toMatchObject({ code: "unknown-cluster" });
    expect(counted.made).toBe(1);
  });
});

test("a document states the length of an outage that began after its days, if a job blamed it in them", async () => {
  const history = twoDays();
  history.add("JobStarted", -4 * day, { job: "j", nodes: ["a"] });
  history.add("NodeMaintenanceStarted", -2 * day, { node: "a", maintenanceId: "m" });
  const cause = { kind: "fault", node: "a", faultId: "f" } as const;
  history.add("JobInterrupted", -day, { job: "j", cause });
  history.add("JobFinished", 1 - day, { job: "j", outcome: "cancelled" });
  history.add("NodeFailed", 2 * day, { node: "a", faultId: "f", category: "hardware" });
  history.add("NodeMaintenanceEnded", 3 * day, { node: "a", maintenanceId: "m" });
  history.add("NodeReturned", 10 * day, { node: "a", faultIds: ["f"] });
  history.reach(11 * day);
  const { documents } = await documentsAt(history, [history.events.length]);
  expect(documents[0]?.jobUptime.outages[0]?.outageNodeMs).toBe(8 * dayMs);
});

describe("a document of two days that are over is made again", () => {
  test("when an outage ends that interrupted a job in them: it states how long that lasted", async () => {
    const history = twoDays();
    history.add("JobStarted", 1 - 2 * day, { job: "j", nodes: ["a"] });
    history.add("NodeFailed", -day, { node: "a", faultId: "f", category: "hardware" });
    const cause = { kind: "fault", node: "a", faultId: "f" } as const;
    history.add("JobInterrupted", -day, { job: "j", cause });
    history.add("JobFinished", 1 - day, { job: "j", outcome: "cancelled" });
    history.reach(day);
    const open = history.events.length;
    history.add("NodeReturned", 3 * day, { node: "a", faultIds: ["f"] });
    history.reach(4 * day);
    const last = history.events.length;
    const { made, documents } = await documentsAt(history, [open, last, open + 1, open]);
    expect(made).toBe(2);
    const lengths = documents.map(({ jobUptime }) => jobUptime.outages[0]?.outageNodeMs);
    expect(lengths).toEqual([null, 4 * dayMs, 4 * dayMs, null]);
  });

  test("when a maintenance ends that is excluded from them: it states the event", async () => {
    const history = twoDays();
    const plan = { plannedFrom: iso(hour(-day)), plannedTo: iso(hour(day)) };
    const told = { recordedAt: hour(-200) };
    history.add("NodeMaintenanceAnnounced", -200, { node: "a", maintenanceId: "m", ...plan }, told);
    history.add("NodeMaintenanceStarted", -day, { node: "a", maintenanceId: "m" });
    history.reach(0.5 * day);
    const open = history.events.length;
    const end = history.add("NodeMaintenanceEnded", day, { node: "a", maintenanceId: "m" });
    const { made, documents } = await documentsAt(history, [open, open + 1]);
    expect(made).toBe(2);
    const named = documents.map(({ nis }) => nis.exclusions[0]?.eventIds.includes(end));
    expect(named).toEqual([false, true]);
  });
});

describe("an answer of a window that goes on", () => {
  /** At which of the positions it was made, asked for in this order. */
  async function madeAt(
    positions: readonly number[],
    endOf: (view: ClusterView) => number = () => hour(100),
  ): Promise<readonly number[]> {
    const model = new LiveModel();
    const history = twoDays();
    for (const hours of [1, 2, 3, 4, 5]) history.add("NodeObservationLost", hours, { node: "a" });
    history.reach(101);
    take(model, history.events as readonly unknown[] as StoredEvent[]);
    const seen: number[] = [];
    for (const P of positions)
      await model.keptAnswer<string>("c", P, {
        key: "nodes",
        terms: () => "",
        make: (view) =>
          oneStep(() => {
            const nodes = [...view.within({ from: hour(0), to: endOf(view) }).entities("node")];
            // It begins anew each time that it lacked what is not folded yet.
            seen.push(P);
            return `${P}: ${nodes.length}`;
          }),
        bytesOf: () => 1_000,
      });
    return seen;
  }

  test("is made once for a position, however many were made before", async () => {
    expect(await madeAt([3, 3, 4, 4, 5, 5, 6, 6])).toEqual([3, 4, 5, 6]);
  });

  test("is replaced by the next where its window ends with ledger time", async () => {
    const untilNow = ({ headRecordedAt }: ClusterView) => headRecordedAt ?? 0;
    expect(await madeAt([3, 4, 5, 3], untilNow)).toEqual([3, 4, 5, 3]);
  });

  test("is kept no longer than until one is made that lasts", async () => {
    expect(await madeAt([7, 8, 8, 7])).toEqual([7, 8, 7]);
  });
});
