/** Appends to KurrentDB whose answers are lost, or that meet what another instance has appended. */
import { describe, expect, test, vi } from "vitest";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { maxAppendsInFlight } from "../../../src/limits/kurrentdb.ts";
import {
  checkedEvent,
  checkedEvents,
  failure,
  outcomeOf,
  part,
  positionOf,
  refusalOf,
  streamEvents,
} from "../../contract/sample-events.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import type { AppendFault } from "./faults.ts";
import { deadlineExceeded, noLeaderKnown, notLeader, unavailable } from "./faults.ts";
import { aMoment, around, openOnStandIn } from "./on-stand-in.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";

/** Every attempt at an append to this stream asked for the same. */
function expectSameRequests(standIn: StandIn, stream: string): void {
  const seen = standIn.appendsTo(stream);
  const asked = seen.map(({ expected, ids }) => ({ expected, ids }));
  expect(asked).toEqual(asked.map(() => asked[0]));
}

// What is held here is waited for until it is let go, however slow the machine is.
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  mirrorWaitMs: 600_000,
}));

describe("an append whose outcome is unknown", () => {
  const ways: [string, AppendFault["answer"]][] = [
    ["is answered with UNAVAILABLE", unavailable],
    ["is answered with DEADLINE_EXCEEDED", deadlineExceeded],
    ["loses its connection", "cut"],
    ["is never answered", "silence"],
    ["meets a node that knows no leader", noLeaderKnown],
  ];

  test.each(ways)(
    "is sent again with the same ids at the same revision, and found, if it was stored and %s",
    async (_, answer) => {
      const { standIn, store, named } = await openOnStandIn();
      standIn.failAppends(named("node-alpha:s"), { stores: true, answer });
      const position = await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(3)));
      expect(position).toEqual({ firstRevision: 0n, sequences: [1, 2, 3], duplicate: false });
      expectSameRequests(standIn, named("node-alpha:s"));
      const verdicts = standIn.appendsTo(named("node-alpha:s")).map(({ verdict }) => verdict);
      expect(verdicts).toEqual(["stored", "original"]);
      expect(statusOf(store)).toMatchObject({ unknownOutcomesResolved: 1, appendsInFlight: 0 });
      expect(statusOf(store).retries).toBeGreaterThan(0);
    },
  );

  test.each(ways)(
    "is sent again with the same ids at the same revision, and stored once, if it was not stored and %s",
    async (_, answer) => {
      const { standIn, store, named } = await openOnStandIn();
      await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
      standIn.appends.length = 0;
      standIn.failAppends(named("node-alpha:s"), { stores: false, answer });
      const position = await positionOf(store, part("node-alpha:s", 0n, checkedEvents(2)));
      expect(position).toEqual({ firstRevision: 1n, sequences: [2, 3], duplicate: false });
      expectSameRequests(standIn, named("node-alpha:s"));
      expect(standIn.appendsTo(named("node-alpha:s")).map(({ verdict }) => verdict)).toEqual([
        null,
        "stored",
      ]);
      expect(statusOf(store)).toMatchObject({ unknownOutcomesResolved: 1, appendsInFlight: 0 });
    },
  );

  test("is repeated until its outcome is known, and counts once as resolved", async () => {
    const { standIn, store, named } = await openOnStandIn();
    standIn.failAppends(
      named("node-alpha:s"),
      { stores: false, answer: unavailable },
      { stores: true, answer: unavailable },
      { stores: true, answer: deadlineExceeded },
    );
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(2)));
    expectSameRequests(standIn, named("node-alpha:s"));
    expect(standIn.log.stream(named("node-alpha:s"))).toHaveLength(2);
    expect(statusOf(store)).toMatchObject({ retries: 3, unknownOutcomesResolved: 1 });
  });

  test("is found even if another instance has appended after it", async () => {
    const { standIn, store, named, appendElsewhere } = await openOnStandIn();
    const own = checkedEvents(2);
    const meanwhile = (): void => appendElsewhere("node-alpha:s", 1n, checkedEvents(2));
    standIn.failAppends(named("node-alpha:s"), { stores: true, answer: unavailable, meanwhile });
    expect(await positionOf(store, part("node-alpha:s", "no-stream", own))).toMatchObject({
      firstRevision: 0n,
    });
    expect(standIn.log.stream(named("node-alpha:s"))).toHaveLength(4);
  });

  test("is a conflict if it was not stored and another instance has used its revision", async () => {
    const { standIn, store, named, appendElsewhere } = await openOnStandIn();
    const theirs = checkedEvents(2);
    const meanwhile = (): void => appendElsewhere("node-alpha:s", "no-stream", theirs);
    standIn.failAppends(named("node-alpha:s"), { stores: false, answer: unavailable, meanwhile });
    const error = await refusalOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    expect(error).toMatchObject({ code: "wrong-expected-revision", extra: { actual: 1 } });
    expect(statusOf(store).unknownOutcomesResolved).toBe(1);
    // Who is told of the conflict can read what made it.
    const standing = (await streamEvents(store, "node-alpha:s")).map(({ id }) => id);
    expect(standing).toEqual(theirs.map(({ id }) => id));
  });
});

describe("an append that meets another instance's append before the mirror has it", () => {
  const input = (id: string, faultId: string) => ({
    id,
    type: "NodeFailed",
    schemaVersion: 1,
    occurredAt: "1970-01-01T00:00:01Z",
    data: failure("n1", faultId),
  });
  const stored = (faultId: string) => checkedEvent({ data: failure("n1", faultId) });

  /** A ledger whose mirror hears nothing until the append to this stream has been answered. */
  async function deafLedger(stream: string) {
    const standIn = await startStandIn();
    const on = around(standIn, ledgerOn(standIn.url));
    const store = on.ledger.name(freshFolder());
    const ledger = await openLedger({ store, mode: "write" });
    standIn.holdDeliveries(true);
    const hear = async (): Promise<void> => {
      await until(() => standIn.appendsTo(on.named(stream)).length > 0);
      await aMoment();
      standIn.holdDeliveries(false);
    };
    return { ...on, ledger, hear };
  }

  test("reads the events in between, and appends only the missing ones at a new revision", async () => {
    const { standIn, ledger, named, appendElsewhere, hear } = await deafLedger("node-alpha:n1");
    try {
      const [before, own] = [stored("f1"), stored("f2")];
      appendElsewhere("node-alpha:n1", "no-stream", [before, own]);
      const another = stored("f3");
      const [, [found, added]] = await Promise.all([
        hear(),
        ledger.submit([input(own.id, "f2"), input(another.id, "f3")]),
      ]);
      expect(found).toMatchObject({ status: "duplicate", revision: 1n });
      expect(added).toMatchObject({ status: "appended", revision: 2n });
      const ids = standIn.log.stream(named("node-alpha:n1")).map(({ id }) => id);
      expect(ids).toEqual([before, own, another].map(({ id }) => id));
    } finally {
      await ledger.close();
    }
  });

  test("is refused if its id has different content, even though the server acknowledged it", async () => {
    const { standIn, ledger, named, appendElsewhere, hear } = await deafLedger("node-alpha:n1");
    try {
      const theirs = stored("f1");
      appendElsewhere("node-alpha:n1", "no-stream", [theirs]);
      const [, [outcome]] = await Promise.all([
        hear(),
        ledger.submit([input(theirs.id, "another fault")]),
      ]);
      expect(outcome).toMatchObject({ status: "refused", error: { code: "id-conflict" } });
      const verdicts = standIn.appendsTo(named("node-alpha:n1")).map(({ verdict }) => verdict);
      expect(verdicts).toEqual(["original"]);
    } finally {
      await ledger.close();
    }
  });

  test("gets its conflict only once the conflicting events can be read", async () => {
    const { standIn, store, named, appendElsewhere } = await openOnStandIn();
    const theirs = checkedEvents(2);
    standIn.holdDeliveries(true);
    appendElsewhere("node-alpha:s", "no-stream", theirs);
    let isAnswered = false;
    const refusal = refusalOf(store, part("node-alpha:s", "no-stream", checkedEvents(1))).finally(
      () => {
        isAnswered = true;
      },
    );
    await until(() => standIn.appendsTo(named("node-alpha:s")).length > 0);
    await aMoment();
    expect(isAnswered).toBe(false);
    standIn.holdDeliveries(false);
    expect(await refusal).toMatchObject({ code: "wrong-expected-revision", extra: { actual: 1 } });
    expect(await streamEvents(store, "node-alpha:s")).toHaveLength(2);
  });

  test("is a duplicate if the content is the same", async () => {
    const { standIn, store, named, appendElsewhere } = await openOnStandIn();
    const events = checkedEvents(2);
    standIn.holdDeliveries(true);
    appendElsewhere("node-alpha:s", "no-stream", events);
    const outcome = outcomeOf(store, part("node-alpha:s", "no-stream", events));
    await until(() => standIn.appendsTo(named("node-alpha:s")).length > 0);
    standIn.holdDeliveries(false);
    expect(await outcome).toEqual({
      ok: true,
      position: { firstRevision: 0n, sequences: [1, 2], duplicate: true },
    });
  });
});

describe("an append to a node that is not the leader", () => {
  test("goes to the leader that the node names, with the same ids at the same revision", async () => {
    const { standIn, store, named } = await openOnStandIn();
    const leader = await startStandIn(standIn.log);
    const elsewhere = notLeader({ host: "127.0.0.1", port: leader.port });
    standIn.failAppends(named("node-alpha:s"), { stores: false, answer: elsewhere });
    const position = await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(2)));
    expect(position).toMatchObject({ firstRevision: 0n, sequences: [1, 2] });
    const [first] = standIn.appendsTo(named("node-alpha:s"));
    const [second] = leader.appendsTo(named("node-alpha:s"));
    expect(second).toEqual({ ...first, verdict: "stored" });
    expect(standIn.appendsTo(named("node-alpha:s"))).toHaveLength(1);
  });
});

describe("simultaneous appends to many streams", () => {
  test("are sent to the server up to the limit, and each is stored once", async () => {
    const { standIn, store, named } = await openOnStandIn();
    const count = 3 * maxAppendsInFlight;
    standIn.holdAppends((stream) => stream.startsWith(named("")));
    const parts = Array.from({ length: count }, (_, i) =>
      part(`node-alpha:s${i}`, "no-stream", checkedEvents(1)),
    );
    const outcomes = Promise.all([store.append(parts.slice(0, 50)), store.append(parts.slice(50))]);
    await until(() => standIn.heldAppends >= maxAppendsInFlight);
    await aMoment();
    expect(standIn.mostHeld).toBe(maxAppendsInFlight);
    expect(statusOf(store).appendsInFlight).toBe(count);
    standIn.releaseAppends();
    expect((await outcomes).flat().every(({ ok }) => ok)).toBe(true);
    for (let i = 0; i < count; i++)
      expect(standIn.log.stream(named(`node-alpha:s${i}`))).toHaveLength(1);
    expect((await store.head()).sequence).toBe(count);
  });
});
