/** Who may do what in a store that runs with TLS and users, once the ledger has started there. */
import type { EventStoreDBClient as Client } from "@eventstore/db-client";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { LeafStore } from "../../src/store/leaf-store.ts";
import { checkedEvents, part, positionOf } from "../contract/sample-events.ts";
import { makeCertificates, whyNoCertificates } from "./certificates.ts";
import { freshFolder, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import type { RunningServer } from "./server.ts";
import {
  sayWhySkipped,
  sharedServer,
  startServer,
  stopSharedServer,
  whyNoExecutable,
  whyNoServer,
} from "./server.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const why = whyNoExecutable ?? whyNoCertificates;
sayWhySkipped(why);
afterAll(stopSharedServer);

const password = "Ch4nge.it!";
let server: RunningServer;
let certificates: string;

/** The store's name for a user. */
function as(user: string, itsPassword = password): string {
  return server.url.replace("://", `://${user}:${encodeURIComponent(itsPassword)}@`);
}

const admin = (): string => as("admin", "changeit");

/** Makes a user by the server's own interface; a new server knows its administrator after some seconds only. */
async function makeUser(loginName: string, groups: readonly string[]): Promise<void> {
  const body = JSON.stringify({ loginName, fullName: loginName, password, groups });
  await until(async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const asked = request(
      `https://localhost:${server.port}/users/`,
      {
        method: "POST",
        auth: "admin:changeit",
        rejectUnauthorized: false,
        headers: { "content-type": "application/json" },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on("error", () => resolve(0));
    asked.end(body);
    const status = await promise;
    return status === 201 || status === 409;
  });
}

function clientOf(name: string): Client {
  const client = EventStoreDBClient.connectionString(name);
  onTestFinished(() => client.dispose());
  return client;
}

async function startedLedger(name: string) {
  const ledger = ledgerOn(name);
  const store: LeafStore = await ledger.open();
  return { ledger, store };
}

const harms: readonly [string, (client: Client, stream: string) => Promise<unknown>][] = [
  [
    "append",
    (client, stream) => client.appendToStream(stream, [jsonEvent({ type: "X", data: {} })]),
  ],
  ["delete", (client, stream) => client.deleteStream(stream)],
  ["tombstone", (client, stream) => client.tombstoneStream(stream)],
  ["truncate", (client, stream) => client.setStreamMetadata(stream, { truncateBefore: 1 })],
  ["give an age", (client, stream) => client.setStreamMetadata(stream, { maxAge: 1 })],
  [
    "give another access list",
    (client, stream) =>
      client.setStreamMetadata(stream, {
        acl: {
          readRoles: ["$all"],
          writeRoles: ["$all"],
          deleteRoles: ["$all"],
          metaReadRoles: ["$all"],
          metaWriteRoles: ["$all"],
        },
      }),
  ],
  [
    "change the default access list",
    (client) =>
      client.appendToStream("$settings", [jsonEvent({ type: "update-default-acl", data: {} })]),
  ],
];

describe.skipIf(why !== null)("a store with TLS and users", () => {
  beforeAll(async () => {
    certificates = mkdtempSync(join(tmpdir(), "fleetledger-certificates-"));
    makeCertificates(certificates);
    server = await startServer("memory", { certificates });
    await makeUser("stranger", []);
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(certificates, { recursive: true, force: true });
  });

  test("gets its default access list at the first start, and keeps it at later ones", async () => {
    const { ledger } = await startedLedger(admin());
    const said = ledger.said.filter((text) => text.includes("access list"));
    expect(said).toEqual([expect.stringContaining(": admin writes, administrators delete")]);
    const records = [];
    for await (const { event } of clientOf(admin()).readStream("$settings")) records.push(event);
    expect(records).toMatchObject([
      {
        type: "update-default-acl",
        data: {
          $userStreamAcl: { $r: ["$admins"], $w: ["$admins"], $d: "$admins", $mw: "$admins" },
        },
      },
    ]);
    const { ledger: later } = await startedLedger(admin());
    expect(later.said.filter((text) => text.includes("access list"))).toEqual([]);
  });

  test.each(harms)("does not let a user who is not an administrator %s", async (_, harm) => {
    const { ledger, store } = await startedLedger(admin());
    await positionOf(store, part("node-alpha:a", "no-stream", checkedEvents(3)));
    const stream = `${ledger.prefix}node-alpha:a`;
    for (const name of [as("stranger"), server.url]) {
      await expect(harm(clientOf(name), stream)).rejects.toMatchObject({ type: "access-denied" });
    }
    expect(statusOf(store)).toMatchObject({ mirrorState: "live", error: null });
    await positionOf(store, part("node-alpha:a", 2n, checkedEvents(1)));
  });

  test("refuses a ledger with a wrong password, in a message without it", async () => {
    const opening = ledgerOn(as("admin", "wr0ng")).open();
    await expect(opening).rejects.toMatchObject({ code: "store-unavailable" });
    await expect(opening).rejects.not.toMatchObject({
      message: expect.stringContaining("wr0ng") as unknown,
    });
  });

  test("with another default access list keeps it, and the ledger warns", async () => {
    const client = clientOf(admin());
    await client.appendToStream("$settings", [
      jsonEvent({ type: "update-default-acl", data: { $userStreamAcl: { $w: "$all" } } }),
    ]);
    const { ledger } = await startedLedger(admin());
    expect(ledger.said.join("\n")).toContain("already has a default access list");
  });
});

describe.skipIf(whyNoServer !== null)("a store without TLS", () => {
  test("makes the ledger warn at every start", async () => {
    const ledger = ledgerOn(await sharedServer());
    await ledger.open(freshFolder());
    await ledger.open(freshFolder());
    const warnings = ledger.said.filter((text) => text.includes("without TLS and users"));
    expect(warnings).toHaveLength(2);
  });
});
