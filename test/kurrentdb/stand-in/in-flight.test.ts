/** Appends that follow each other while the mirror has not yet seen what the server has taken. */
import { expect, test, vi } from "vitest";
import { checkedEvent, checkedEvents, failure, part } from "../../contract/sample-events.ts";
import { statusOf, until } from "../ledger-on-server.ts";
import { unavailable } from "./faults.ts";
import { aMoment, openOnStandIn } from "./on-stand-in.ts";

// What is held here is waited for until it is let go, however slow the machine is.
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  mirrorWaitMs: 600_000,
}));

/** Resolves with the outcomes, and tells whether it has. */
function watched<T>(work: Promise<T>): { readonly work: Promise<T>; readonly isDone: boolean } {
  let isDone = false;
  const watchedWork = work.finally(() => {
    isDone = true;
  });
  return {
    work: watchedWork,
    get isDone() {
      return isDone;
    },
  };
}

test("ordered parts are sent one after another without waiting for the mirror, and answered once it has them", async () => {
  const { standIn, store, named } = await openOnStandIn();
  standIn.holdDeliveries(true);
  const parts = [
    part("node-alpha:a", "no-stream", checkedEvents(2)),
    part("node-alpha:b", "no-stream", checkedEvents(1)),
    part("node-alpha:a", 1n, checkedEvents(2)),
    part("node-alpha:b", 0n, checkedEvents(1)),
  ];
  const appending = watched(store.append(parts, { inOrder: true }));
  await until(() => statusOf(store).mirrorLagEvents === parts.length);
  expect(appending.isDone).toBe(false);
  const streams = standIn.appends.map(({ stream }) => stream);
  expect(streams.filter((stream) => stream.startsWith(named("")))).toEqual(
    ["a", "b", "a", "b"].map((node) => named(`node-alpha:${node}`)),
  );
  standIn.holdDeliveries(false);
  const places = (await appending.work).map((outcome) => outcome.ok && outcome.position);
  expect(places).toEqual([
    { firstRevision: 0n, sequences: [1, 2], duplicate: false },
    { firstRevision: 0n, sequences: [3], duplicate: false },
    { firstRevision: 2n, sequences: [4, 5], duplicate: false },
    { firstRevision: 1n, sequences: [6], duplicate: false },
  ]);
  expect(statusOf(store).mirrorLagEvents).toBe(0);
});

test("a part with an unknown outcome holds back the parts after it", async () => {
  const { standIn, store, named } = await openOnStandIn();
  standIn.failAppends(named("node-alpha:a"), { stores: false, answer: unavailable });
  const parts = [
    part("node-alpha:a", "no-stream", checkedEvents(1)),
    part("node-alpha:b", "no-stream", checkedEvents(1)),
  ];
  const outcomes = await store.append(parts, { inOrder: true });
  const sequences = outcomes.map((outcome) => outcome.ok && outcome.position.sequences);
  expect(sequences).toEqual([[1], [2]]);
  expect(standIn.appendsTo(named("node-alpha:a"))).toHaveLength(2);
});

test("an id in flight is not sent again, neither at a later revision nor to another stream", async () => {
  const { standIn, store, named } = await openOnStandIn();
  const events = [checkedEvent({ data: failure("n1", "f1") })];
  standIn.holdDeliveries(true);
  const first = store.append([part("node-alpha:s", "no-stream", events)]);
  await until(() => standIn.log.stream(named("node-alpha:s")).length === 1);
  const again = watched(
    Promise.all([
      store.append([part("node-alpha:s", "no-stream", events)]),
      store.append([part("node-alpha:s", 0n, events)]),
      store.append([part("node-alpha:t", "no-stream", events)]),
    ]),
  );
  await aMoment();
  expect(again.isDone).toBe(false);
  standIn.holdDeliveries(false);
  const position = { firstRevision: 0n, sequences: [1] };
  expect(await first).toEqual([{ ok: true, position: { ...position, duplicate: false } }]);
  const [same, later, elsewhere] = (await again.work).flat();
  expect(same).toEqual({ ok: true, position: { ...position, duplicate: true } });
  expect(later).toMatchObject({ ok: false, error: { code: "id-conflict" } });
  expect(elsewhere).toMatchObject({ ok: false, error: { code: "id-conflict" } });
  expect(standIn.log.stream(named("node-alpha:s"))).toHaveLength(1);
  expect(standIn.log.stream(named("node-alpha:t"))).toHaveLength(0);
});

test("a closing store answers for parts that the server accepted but the mirror has not seen", async () => {
  const { standIn, store, named } = await openOnStandIn();
  standIn.holdDeliveries(true);
  const appending = store.append([part("node-alpha:s", "no-stream", checkedEvents(1))]);
  await until(() => standIn.log.stream(named("node-alpha:s")).length === 1);
  const closing = store.close();
  standIn.holdDeliveries(false);
  await closing;
  const [outcome] = await appending;
  expect(outcome).toMatchObject({ ok: true, position: { sequences: [1] } });
});
