/** A decision as KurrentDB holds it: what it was made from stands in its metadata, and goes wherever the ledger goes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EventStoreDBClient, NO_STREAM, jsonEvent } from "@eventstore/db-client";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { copyLedger } from "../../src/copies/copy-ledger.ts";
import { openStore } from "../../src/ledger/open-store.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { newKey } from "../../src/tree/signed-note.ts";
import { run } from "../cli/run.ts";
import { decidingInstance, joinNodes, refusedWith } from "./deciding-instance.ts";
import { freshFolder, leavesOf, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

async function rawClient(): Promise<EventStoreDBClient> {
  const client = EventStoreDBClient.connectionString(await sharedServer());
  onTestFinished(() => client.dispose());
  return client;
}

/** A refused and a covered start; gives the name of the store and the tree's texts. */
async function ledgerWithDecisions() {
  const on = ledgerOn(await sharedServer());
  const name = on.name(freshFolder());
  const instance = await decidingInstance(name, "none");
  await joinNodes(instance.ledger, ["n1"]);
  await instance.submit("r1", "n1");
  await instance.declare("z1", "n1", "pause");
  expect(await refusedWith("nfz-in-force", instance.start("r1"))).toBeNull();
  await instance.lift("z1");
  await instance.start("r1");
  await instance.ledger.close();
  return { on, name };
}

describe.skipIf(whyNoServer !== null)("a decision in KurrentDB", () => {
  test("says in its metadata, of form 2, what it was made from; a fact is of form 1", async () => {
    const { on } = await ledgerWithDecisions();
    const client = await rawClient();
    const events = [];
    for (const stream of ["node-alpha:n1", "rollout-r1"])
      for await (const { event } of client.readStream(`${on.prefix}${stream}`)) events.push(event);
    expect(events.map((event) => [event?.type, event?.metadata])).toEqual([
      ["NodeCommissioned", expect.objectContaining({ fleetledger: 1 })],
      ["RolloutSubmitted", form2("submit", 1)],
      ["RolloutBlocked", form2("start", 3)],
      ["RolloutStarted", form2("start", 5)],
    ]);
    expect(events[0]?.metadata).not.toHaveProperty("decision");
  });

  test("is exported as fleetledger bundle 2, restored to the same ledger in a file, and copied back", async () => {
    const { on, name } = await ledgerWithDecisions();
    const folder = freshFolder();
    const [bundle, secret, key] = ["b", "secret", "key"].map((each) => join(folder, each));
    const made = newKey("ledger.example");
    writeFileSync(secret ?? "", `${made.secret}\n`);
    writeFileSync(key ?? "", `${made.verifier}\n`);
    const exported = ["export", bundle ?? "", "--bundle", "--key", secret ?? "", "--store", name];
    expect(await run(...exported)).toMatchObject({ code: 0 });
    expect(readFileSync(bundle ?? "", "utf8")).toMatch(/^fleetledger bundle 2\n/);
    const whole = await leavesOf(await on.open());
    const file = `sqlite:${join(folder, "restored.sqlite")}`;
    const restored = ["restore", bundle ?? "", "--store", file, "--key", key ?? ""];
    expect(await run(...restored)).toMatchObject({ code: 0 });
    const inFile = leafStore(await openStore(file, "read"));
    const again = await ledgerOn(await sharedServer()).open();
    await copyLedger(inFile, again, () => undefined);
    expect(await leavesOf(inFile)).toEqual(whole);
    expect(await leavesOf(again)).toEqual(whole);
    await inFile.close();
  });

  const about = { cluster: "alpha", rollout: "r1" };
  const started = (metadata: object) =>
    jsonEvent({ type: "RolloutStarted", data: about, metadata: { ...times, ...metadata } });
  test.each([
    [
      "in metadata of form 1",
      started({ fleetledger: 1, decision: { command: "start", sequence: 1 } }),
    ],
    ["left out of metadata of form 2", started({ fleetledger: 2 })],
    [
      "with a member more",
      started({ fleetledger: 2, decision: { command: "start", sequence: 1, by: "x" } }),
    ],
    ["of no sequence", started({ fleetledger: 2, decision: { command: "start" } })],
    [
      "with a request that is no hash",
      started({ fleetledger: 2, decision: { command: "start", sequence: 1, request: "x" } }),
    ],
  ])("that is made up, %s, stops the mirror, which says where", async (_, event) => {
    const { error, position, head } = await met("rollout-r1", event);
    expect([error, head]).toEqual([expect.stringContaining(`position ${position}`), 0]);
  });

  test("that is made up, of a type that is never decided, stops the mirror, which says where", async () => {
    const data = { cluster: "alpha", node: "n1", faultId: "f1", category: "hardware" };
    const metadata = { ...times, fleetledger: 2, decision: { command: "start", sequence: 1 } };
    const event = jsonEvent({ type: "NodeFailed", data, metadata });
    const { error, head } = await met("node-alpha:n1", event);
    expect([error, head]).toEqual([expect.stringContaining("NodeFailed with a decision"), 0]);
  });
});

const times = {
  schemaVersion: 1,
  occurredAt: "2026-03-01T00:00:00.000Z",
  recordedAt: "2026-03-01T00:00:00.000Z",
};

function form2(command: string, sequence: number): unknown {
  const request = expect.stringMatching(/^[0-9a-f]{64}$/);
  return expect.objectContaining({ fleetledger: 2, decision: { command, sequence, request } });
}

/** What a mirror says of an event that somebody wrote past the ledger, and how far it has come. */
async function met(stream: string, event: ReturnType<typeof jsonEvent>) {
  const on = ledgerOn(await sharedServer());
  const store = await on.open();
  const client = await rawClient();
  const { position } = await client.appendToStream(`${on.prefix}${stream}`, [event], {
    expectedRevision: NO_STREAM,
  });
  await until(() => statusOf(store).mirrorState === "stopped");
  const { sequence: head } = await store.head();
  return { error: statusOf(store).error, position: position?.commit, head };
}
