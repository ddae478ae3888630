import { expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import type { EmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { checkedEvent, failure, part } from "../../contract/sample-events.ts";
import { countedWork } from "../../counted-work.ts";
import { freshPath } from "./ledger-file.ts";

const nodes = ["alpha:n1", "alpha:n2", "alpha:n3", "beta:n1", "beta:n2", "beta:n3"];

async function opened(path: string): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore({ path, mode: "write", blockEvents: 8 });
  onTestFinished(() => store.close());
  return store;
}

async function filled(path: string, rounds: number): Promise<void> {
  const store = await opened(path);
  for (let round = 0; round < rounds; round++) {
    const expected = round === 0 ? "no-stream" : BigInt(round - 1);
    const parts = nodes.map((node) =>
      part(`node-${node}`, expected, [checkedEvent({ data: failure("n", `f${round}`) })]),
    );
    expect((await store.append(parts)).every(({ ok }) => ok)).toBe(true);
  }
  await store.close();
}

/** The work of each kind of request after so many rounds of appends. */
async function workAfter(rounds: number) {
  const path = freshPath();
  await filled(path, rounds);
  const store = await opened(path);
  const { sequence: after } = await store.head();
  const last = (await store.streamRevision("node-alpha:n1")) ?? 0n;
  await store.append([
    part("node-alpha:rare", "no-stream", [checkedEvent({ type: "NodeCommissioned" })]),
  ]);
  const one = part("node-alpha:n1", last, [checkedEvent()]);
  const page = { after: Math.floor(after / 2), limit: 5 };
  return {
    append: await countedWork(async () => void (await store.append([one]))),
    byId: await countedWork(async () => void (await store.findById(one.events[0]?.id ?? ""))),
    page: await countedWork(async () => void (await store.query({ ...page, cluster: "beta" }))),
    rare: await countedWork(
      async () => void (await store.query({ type: "NodeCommissioned", after: 0, limit: 5 })),
    ),
    close: await store.close(),
  };
}

test("an append, a look at an id and a page cost the same after a history four times as long; a rare type grows with blocks, not events", async () => {
  await workAfter(10);
  const short = await workAfter(40);
  const long = await workAfter(160);
  for (const kind of ["append", "byId", "page"] as const) {
    expect([kind, long[kind] / short[kind]]).toEqual([kind, expect.closeTo(1, 0)]);
    expect(long[kind] / short[kind]).toBeLessThan(1.3);
  }
  expect(long.rare / short.rare).toBeLessThan(4.4);
});
