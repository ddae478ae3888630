/** A store that answers, but slowly: no sender waits for it longer than for one that does not answer at all. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { checkedEvents, part, positionOf } from "../../contract/sample-events.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { around, openOnStandIn } from "./on-stand-in.ts";
import { startStandIn } from "./stand-in.ts";

// Patience ends where a test says so; an attempt that has begun is waited for as long as it takes.
const limits = vi.hoisted(() => ({ patienceMs: 600_000 }));
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  get appendPatienceMs() {
    return limits.patienceMs;
  },
  storeCallMs: 600_000,
  mirrorWaitMs: 600_000,
}));

/** What `send` sends has little patience, and it is over when this resolves. */
async function sentWithLittlePatience<T>(send: () => T): Promise<{ readonly outcome: T }> {
  const { patienceMs } = limits;
  limits.patienceMs = 100;
  const outcome = send();
  await pause(limits.patienceMs + 1);
  limits.patienceMs = patienceMs;
  return { outcome };
}

test("an append that waits too long behind another one of its stream is refused with Retry-After and not sent", async () => {
  const { standIn, store, named } = await openOnStandIn();
  standIn.holdAppends((stream) => stream.startsWith(named("")));
  const first = positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
  await until(() => standIn.heldAppends === 1);
  const second = await sentWithLittlePatience(() =>
    store.append([part("node-alpha:s", 0n, checkedEvents(1))]),
  );
  standIn.releaseAppends();
  expect((await first).firstRevision).toBe(0n);
  expect(await second.outcome).toMatchObject([{ ok: false, error: { code: "overloaded" } }]);
  expect(standIn.appendsTo(named("node-alpha:s"))).toHaveLength(1);
  await positionOf(store, part("node-alpha:s", 0n, checkedEvents(1)));
});

test("a list that waits too long for its turn is refused with Retry-After, and later lists are appended", async () => {
  const standIn = await startStandIn();
  const on = around(standIn, ledgerOn(standIn.url));
  const ledger = await openLedger({ store: on.ledger.name(freshFolder()), mode: "write" });
  onTestFinished(() => ledger.close());
  standIn.holdAppends((stream) => stream.startsWith(on.named("")));
  const ofNode = (node: string) => anEvent({ data: { cluster: "alpha", node } });
  const first = ledger.submit([ofNode("n1")]);
  await until(() => standIn.heldAppends === 1);
  const list = [ofNode("n2"), ofNode("n3")];
  const second = await sentWithLittlePatience(() => ledger.submit(list));
  standIn.releaseAppends();
  expect(await first).toMatchObject([{ status: "appended" }]);
  const late = { status: "refused", error: { code: "overloaded" } };
  expect(await second.outcome).toMatchObject([late, late]);
  expect(standIn.appendsTo(on.named("node-alpha:n2"))).toHaveLength(0);
  expect(await ledger.submit(list)).toMatchObject([{ status: "appended" }, { status: "appended" }]);
  expect(statusOf(ledger.store).appendsInFlight).toBe(0);
});
