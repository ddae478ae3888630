/** A ledger on a cluster whose leader changes: it finds the new one by itself. */
import { describe, expect, test } from "vitest";
import { checkedEvents, part, positionOf } from "../../contract/sample-events.ts";
import { leavesOf, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { startCluster } from "./cluster.ts";
import { around } from "./on-stand-in.ts";

async function ledgerOnCluster() {
  const cluster = await startCluster();
  const [first, second, third] = cluster.nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error("few");
  const on = around(first, ledgerOn(cluster.url));
  return { ...on, cluster, first, second, third, store: await on.ledger.open() };
}

describe("a ledger on a cluster", () => {
  test("appends to the leader, and to the next leader when the old one becomes a follower", async () => {
    const { cluster, first, second, third, store, named } = await ledgerOnCluster();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    expect(first.appendsTo(named("node-alpha:s"))).toMatchObject([{ verdict: "stored" }]);
    cluster.elect(second);
    const position = await positionOf(store, part("node-alpha:s", 0n, checkedEvents(2)));
    expect(position).toMatchObject({ firstRevision: 1n, sequences: [2, 3] });
    expect(second.appendsTo(named("node-alpha:s"))).toMatchObject([
      { expected: 0n, verdict: "stored" },
    ]);
    expect(third.appendsTo(named("node-alpha:s"))).toEqual([]);
  });

  test("retries while there is no leader, and appends once there is one", async () => {
    const { cluster, first, third, store, named } = await ledgerOnCluster();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    cluster.elect(null);
    const appending = positionOf(store, part("node-alpha:s", 0n, checkedEvents(2)));
    await until(() => first.appendsTo(named("node-alpha:s")).length > 2);
    cluster.elect(third);
    expect(await appending).toMatchObject({ firstRevision: 1n, sequences: [2, 3] });
    expect(third.appendsTo(named("node-alpha:s"))).toMatchObject([
      { expected: 0n, verdict: "stored" },
    ]);
    expect(statusOf(store).unknownOutcomesResolved).toBe(1);
  });

  test("finds an append that the leader stored before it died, and continues with the next leader", async () => {
    const { cluster, first, second, store, named } = await ledgerOnCluster();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(1)));
    const meanwhile = (): void => {
      void cluster.kill(first);
      cluster.elect(second);
    };
    first.failAppends(named("node-alpha:s"), { stores: true, answer: "silence", meanwhile });
    const position = await positionOf(store, part("node-alpha:s", 0n, checkedEvents(2)));
    expect(position).toMatchObject({ firstRevision: 1n, sequences: [2, 3] });
    expect(second.appendsTo(named("node-alpha:s"))).toMatchObject([
      { expected: 0n, verdict: "original" },
    ]);
    await positionOf(store, part("node-alpha:s", 2n, checkedEvents(1)));
    expect(await leavesOf(store)).toHaveLength(4);
    expect(statusOf(store)).toMatchObject({ unknownOutcomesResolved: 1 });
  });
});
