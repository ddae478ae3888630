/** A store that does not answer, or that has no leader: senders are told to come back, and soon. */
import { status } from "@grpc/grpc-js";
import { pino } from "pino";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { buildApp } from "../../../src/http/app.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { checkedEvents, outcomeOf, part } from "../../contract/sample-events.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import type { Failure } from "./faults.ts";
import { consumerTooSlow, noLeaderKnown, notLeader, unavailable } from "./faults.ts";
import { aMoment, around, openOnStandIn } from "./on-stand-in.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";

/** Less patience than in earnest, so that the end of it is soon seen; where none is to be seen, so much that no delay brings it. */
const [little, endless] = [
  { callMs: 500, patienceMs: 1_200 },
  { callMs: 600_000, patienceMs: 600_000 },
];
const limits = vi.hoisted(() => ({ callMs: 0, patienceMs: 0 }));
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  get storeCallMs() {
    return limits.callMs;
  },
  get appendPatienceMs() {
    return limits.patienceMs;
  },
}));
beforeEach(() => void Object.assign(limits, little));

/** So many that it takes minutes if each waits for the one before it. */
const many = 200;
/** So many that it takes minutes if those of all streams wait for their turn as long as it takes. */
const manyStreams = 3_000;
const tooLongMs = 60_000;

async function apiOnStandIn() {
  const standIn = await startStandIn();
  const on = around(standIn, ledgerOn(standIn.url));
  const ledger = await openLedger({ store: on.ledger.name(freshFolder()), mode: "write" });
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }) });
  onTestFinished(async () => {
    await app.close();
    await ledger.close();
  });
  const post = (payload: unknown) =>
    app.inject({ method: "POST", url: "/v1/events", payload: payload as object });
  return { ...on, ledger, app, post };
}

describe("a ledger whose store has no leader", () => {
  test.each<[string, (standIn: StandIn) => Promise<Failure>]>([
    ["names itself", async ({ port }) => notLeader({ host: "127.0.0.1", port })],
    ["knows none", async () => noLeaderKnown],
    [
      "names one that is none either",
      async (standIn) => {
        const other = await startStandIn(standIn.log);
        other.leaderFailure = notLeader({ host: "127.0.0.1", port: standIn.port });
        return notLeader({ host: "127.0.0.1", port: other.port });
      },
    ],
  ])(
    "answers 503 with Retry-After when the node %s, and accepts the same event once there is one",
    async (_, failureOf) => {
      const { standIn, post } = await apiOnStandIn();
      standIn.leaderFailure = await failureOf(standIn);
      const event = anEvent();
      const turnedAway = await post(event);
      expect(turnedAway.statusCode).toBe(503);
      expect(turnedAway.json()).toMatchObject({ code: "store-unavailable" });
      expect(Number(turnedAway.headers["retry-after"])).toBeGreaterThan(0);
      const listed = await post([event, anEvent({ data: { cluster: "alpha", node: "other" } })]);
      expect(listed.statusCode).toBe(503);
      expect(listed.json()).toMatchObject({ code: "store-unavailable" });
      expect(Number(listed.headers["retry-after"])).toBeGreaterThan(0);
      expect(standIn.leaderRefusals).toBeGreaterThan(1);
      standIn.leaderFailure = null;
      await until(async () => (await post(event)).statusCode < 300);
      const ids = standIn.log.events.map(({ id }) => id).filter((id) => id === event["id"]);
      expect(ids).toHaveLength(1);
    },
  );
});

describe("a ledger whose store does not answer", () => {
  test(
    "tells every sender to retry, including those that wait behind others",
    async () => {
      const { standIn, store, named } = await openOnStandIn();
      standIn.holdAppends((stream) => stream.startsWith(named("")));
      const parts = [
        ...Array.from({ length: many }, () =>
          part("node-alpha:one", "no-stream", checkedEvents(1)),
        ),
        ...Array.from({ length: manyStreams }, (_, i) =>
          part(`node-alpha:s${i}`, "no-stream", checkedEvents(1)),
        ),
      ];
      const outcomes = await store.append(parts);
      expect(outcomes.filter(({ ok }) => ok)).toEqual([]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ error: { code: "store-unavailable" } });
      }
      expect(statusOf(store).appendsInFlight).toBe(0);
      expect(standIn.log.stream(named("node-alpha:one"))).toEqual([]);
    },
    tooLongMs,
  );

  test(
    "tells the sender of a long ordered list to retry after the first unanswered append",
    async () => {
      const { standIn, store, named } = await openOnStandIn();
      const parts = Array.from({ length: many }, (_, i) =>
        part(`node-alpha:s${i}`, "no-stream", checkedEvents(1)),
      );
      standIn.holdAppends(
        (stream) => stream.startsWith(named("")) && stream !== named("node-alpha:s0"),
      );
      const outcomes = await store.append(parts, { inOrder: true });
      expect(outcomes.map(({ ok }) => ok)).toEqual(parts.map((_, i) => i === 0));
      const streams = standIn.log.events.map(({ stream }) => stream);
      expect(streams.filter((stream) => stream.startsWith(named("")))).toEqual([
        named("node-alpha:s0"),
      ]);
    },
    tooLongMs,
  );

  test(
    "tells senders that wait for their turn as soon as the first one is told",
    async () => {
      const { standIn, ledger, named } = await apiOnStandIn();
      standIn.holdAppends((stream) => stream.startsWith(named("")));
      // Each would have a turn of its own.
      const waiting = Array.from({ length: many }, () =>
        ledger.submitSystemAtHead(async () => ({
          id: crypto.randomUUID(),
          type: "ZoneTableAdopted",
          occurredAt: "2026-01-01T00:00:00Z",
          data: { tzdata: "2026f" },
        })),
      );
      const outcomes = [...(await Promise.all(waiting)), ...(await ledger.submit([anEvent()]))];
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: "refused", error: { code: "store-unavailable" } });
      }
      standIn.releaseAppends();
      await until(async () => (await ledger.submit([anEvent()]))[0]?.status === "appended");
    },
    tooLongMs,
  );

  test(
    "can be stopped by its server while many appends wait",
    async () => {
      const { standIn, ledger, named } = await apiOnStandIn();
      standIn.holdAppends((stream) => stream.startsWith(named("")));
      const waiting = Array.from({ length: many }, () => ledger.submit([anEvent()]));
      await until(() => standIn.heldAppends > 0);
      ledger.stopTrying();
      const tried = standIn.appends.length;
      const statuses = (await Promise.all(waiting)).map(([outcome]) => outcome?.status);
      expect(new Set(statuses)).toEqual(new Set(["refused"]));
      // The lease of this instance is renewed meanwhile; of its events nothing is tried again.
      const after = standIn.appends
        .slice(tried)
        .filter(({ stream }) => stream.startsWith(named("")));
      expect(after).toEqual([]);
    },
    tooLongMs,
  );

  test(
    "can be closed, and answers every append in flight",
    async () => {
      const { standIn, store, named } = await openOnStandIn();
      standIn.holdAppends((stream) => stream.startsWith(named("")));
      const outcomes = Promise.all([
        ...Array.from({ length: many }, () =>
          store.append([part("node-alpha:one", "no-stream", checkedEvents(1))]),
        ),
        ...Array.from({ length: many }, (_, i) =>
          store.append([part(`node-alpha:s${i}`, "no-stream", checkedEvents(1))]),
        ),
      ]);
      await until(() => standIn.heldAppends > 0);
      await store.close();
      for (const outcome of (await outcomes).flat()) {
        expect(outcome).toMatchObject({ ok: false, error: { code: "store-unavailable" } });
      }
      const seen = standIn.appends.length;
      await aMoment();
      expect(standIn.appends.length).toBe(seen);
    },
    tooLongMs,
  );

  test("retries nothing once it is closing", async () => {
    const { standIn, store, named } = await openOnStandIn();
    const faults = Array.from({ length: 100 }, () => ({ stores: false, answer: unavailable }));
    standIn.failAppends(named("node-alpha:s"), ...faults);
    const outcome = outcomeOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    await until(() => standIn.appendsTo(named("node-alpha:s")).length > 0);
    const tried = standIn.appendsTo(named("node-alpha:s")).length;
    await store.close();
    expect(await outcome).toMatchObject({ ok: false, error: { code: "store-unavailable" } });
    // One may have been on its way.
    expect(standIn.appendsTo(named("node-alpha:s")).length).toBeLessThanOrEqual(tried + 1);
  });

  test(
    "can be closed while nothing at all is answered",
    async () => {
      const { standIn, store } = await openOnStandIn();
      standIn.holdAppends(() => true);
      standIn.holdReads(() => true);
      await aMoment();
      await store.close();
      expect(statusOf(store).appendsInFlight).toBe(0);
    },
    tooLongMs,
  );
});

test("the refusal of one stream's append does not refuse appends to others", async () => {
  Object.assign(limits, endless);
  const { standIn, ledger, named } = await apiOnStandIn();
  const denied = {
    code: status.PERMISSION_DENIED,
    details: "Access Denied",
    metadata: { exception: "access-denied" },
  };
  standIn.failAppends(named("node-alpha:bad"), { stores: false, answer: denied });
  const bad = anEvent({ data: { cluster: "alpha", node: "bad" } });
  const [refused, own] = await Promise.all([
    ledger.submit([bad]),
    ledger.submitSystemAtHead(async () => ({
      id: crypto.randomUUID(),
      type: "ZoneTableAdopted",
      occurredAt: "2026-01-01T00:00:00Z",
      data: { tzdata: "2026f" },
    })),
  ]);
  expect(refused).toMatchObject([{ status: "refused", error: { code: "store-unavailable" } }]);
  expect(own.status).toBe("appended");
});

describe("the status for operators", () => {
  test("counts reconnects, retries and unknown outcomes that were resolved", async () => {
    Object.assign(limits, endless);
    const { standIn, app, post, named } = await apiOnStandIn();
    const metrics = async () => {
      const { body } = await app.inject("/metrics");
      const value = (name: string) =>
        Number(new RegExp(`^fleetledger_${name} (\\S+)$`, "m").exec(body)?.[1]);
      return {
        reconnects: value("store_reconnects"),
        retries: value("store_append_retries"),
        resolved: value("store_unknown_outcomes_resolved"),
        inFlight: value("store_appends_in_flight"),
      };
    };
    expect(await metrics()).toMatchObject({ reconnects: 0, retries: 0, resolved: 0 });
    const event = anEvent({ data: { cluster: "alpha", node: "n1" } });
    standIn.failAppends(
      named("node-alpha:n1"),
      { stores: false, answer: unavailable },
      { stores: true, answer: unavailable },
    );
    expect((await post(event)).statusCode).toBeLessThan(300);
    expect(await metrics()).toMatchObject({ retries: 2, resolved: 1 });
    const { reconnects } = await metrics();
    const begun = standIn.subscriptions.length;
    standIn.abortSubscriptions(consumerTooSlow);
    await until(() => standIn.subscriptions.length > begun);
    await until(async () => (await metrics()).reconnects > reconnects);
    expect((await metrics()).reconnects).toBe(reconnects + 1);
  });
});
