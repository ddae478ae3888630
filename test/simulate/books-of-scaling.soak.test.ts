import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { formatInstant } from "../../projections/time/instant.ts";
import type { DecisionView } from "../../projections/view.ts";
import { answerOf, type ScalingBook, scalingOf } from "../../src/simulate/books/scaling.ts";
import { decideScale } from "../../src/decisions/nodes/scale-decider.ts";
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import { buildApp } from "../../src/http/app.ts";
import type {
  ClusterTruth,
  Interval,
  ScaleRequestTruth,
} from "../../src/simulate/setting/history.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { soakRuns } from "../random-runs.ts";
import { Replay } from "./deciding.ts";
import { seenIn } from "./deciding-nodes.ts";
import type { Simulation } from "./raw-events.ts";

const scaleTypes: ReadonlySet<EventType> = new Set<EventType>([
  "NodeScaleAllowed",
  "NodeScaleDenied",
]);

/** What the facts of a window say was recorded. */
function recordedIn(view: DecisionView, { from, to }: Interval) {
  const facts = view
    .names("node")
    .flatMap((node) => view.factsOfTypes("node", node, scaleTypes))
    .filter(({ occurredAt }) => from <= occurredAt && occurredAt < to);
  const requests = new Set(facts.map(({ data }) => (data as DataOf<"NodeScaleAllowed">).request));
  const denied = facts.filter(({ type }) => type === "NodeScaleDenied");
  const reasons = denied.flatMap(({ data }) => (data as DataOf<"NodeScaleDenied">).reasons ?? []);
  return {
    requests: requests.size,
    nodesAllowed: facts.length - denied.length,
    nodesDenied: denied.length,
    byReason: Object.fromEntries(
      [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [reason, all.length]),
    ),
  };
}

/** What the decider answers about the nodes of each request, by the facts before it. */
function answeredAnew(replay: Replay, { cluster, scaleRequests }: ClusterTruth) {
  return scaleRequests.map(({ id, at, nodes }) => {
    const events = new Set(nodes.map(({ event }) => event));
    const first = replay.raw.findIndex((event) => events.has(event.id));
    const view = replay.view(cluster, first);
    const answered = nodes.map(({ node }) => {
      const { reasons, until } = decideScale(cluster, id, seenIn(view, node, at)).found;
      const end = until === null ? null : formatInstant(until);
      return { node, allowed: reasons.length === 0, reasons, until: end };
    });
    const allowed = answered.every((each) => each.allowed);
    return { request: id, at: formatInstant(at), allowed, nodes: answered };
  });
}

/** All time, and its halves, so that something lies at either side of a window. */
function windowsOf({ fromMs: from, endMs: to }: Simulation): Interval[] {
  const middle = Math.floor((from + to) / 2);
  return [
    { from, to },
    { from, to: middle },
    { from: middle, to },
  ];
}

/** What the two have counted, to show that there was something to compare. */
const counted = new Map<string, number>();

function count({ nodesAllowed, byReason }: ScalingBook): void {
  for (const [name, more] of Object.entries({ allowed: nodesAllowed, ...byReason }))
    counted.set(name, (counted.get(name) ?? 0) + more);
}

function compare(simulation: Simulation): void {
  const replay = new Replay(simulation);
  for (const truth of simulation.history.clusters) {
    const where = `${truth.cluster}, seed ${simulation.seed}`;
    const view = replay.view(truth.cluster, replay.raw.length);
    for (const window of windowsOf(simulation)) {
      const { requestsAllowed: _, ...recorded } = scalingOf(truth, window);
      expect(recordedIn(view, window), where).toEqual(recorded);
    }
    expect(answeredAnew(replay, truth), where).toEqual(truth.scaleRequests.map(answerOf));
    const [all] = windowsOf(simulation);
    if (all !== undefined) count(scalingOf(truth, all));
  }
}

/** Requests for nodes that are named and known: each of them has a record. */
function recordedWhole({ history, requests }: Simulation): ScaleRequestTruth[] {
  const asked = [...requests.values()].filter(({ body = {} }) => "nodes" in body);
  const ids = new Set(asked.map(({ id }) => id));
  return history.clusters
    .flatMap(({ scaleRequests }) => scaleRequests)
    .filter(({ id, nodes }) => ids.has(id) && nodes.every(({ event }) => event !== null));
}

/** What a ledger with all of the simulation in it says when requests are sent again. */
async function sentAgain({ events, requests }: Simulation, ids: readonly string[]) {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  for (const each of await ledger.submit(events, { preserveTimestamps: true }))
    if (each.status === "refused") throw each.error;
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }) });
  const answers: unknown[] = [];
  for (const { path: url, id = "", actor, body } of requests.values()) {
    if (!ids.includes(id)) continue;
    const answer = await app.inject({ method: "POST", url, payload: { ...body, id, actor } });
    answers.push([answer.statusCode, answer.json()]);
  }
  await app.close();
  return answers;
}

const reasons = ["not-a-member", "down", "under-maintenance", "unobserved", "maintenance-imminent"];

describe("the simulator's books about scale requests", () => {
  for (const [scenario, days, whole, sample, kinds] of [
    ["quiet", 20, 390, 6, ["allowed"]],
    ["stormy", 5, 600, 10, ["allowed", ...reasons]],
    ["supercomputer", 4, 10, 1, ["allowed", "down"]],
  ] as const) {
    const runs = soakRuns(whole, sample);
    it(`have the records of the facts and the answers of the decider, on ${runs} seeds of "${scenario}"`, () => {
      counted.clear();
      for (let seed = 1; seed <= runs; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        compare(simulate({ scenario, days, seed, endMs }));
      }
      expect([...counted.keys()]).toEqual(expect.arrayContaining([...kinds]));
    });
  }

  const runs = soakRuns(20, 2);
  it(`have what a ledger answers when a request is sent again, on ${runs} seeds of "stormy"`, async () => {
    for (let seed = 1; seed <= runs; seed++) {
      const simulation = simulate({ scenario: "stormy", days: 5, seed });
      const recorded = recordedWhole(simulation);
      const ids = recorded.map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(5);
      const answers = recorded.map((each) => [200, answerOf(each)]);
      expect(await sentAgain(simulation, ids), `seed ${seed}`).toMatchObject(answers);
    }
  });
});
