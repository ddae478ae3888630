import type { AddressInfo } from "node:net";
import { createServer } from "node:http2";
import type { Http2Server } from "node:http2";
import { EventStoreDBClient } from "@eventstore/db-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { declineCompression } from "../../../src/store/kurrentdb/client/uncompressed.ts";

let server: Http2Server;
let client: EventStoreDBClient;
let asked: unknown[];

/** Refuses every call, and notes what its answer might have been packed with. */
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.headers["grpc-accept-encoding"]);
    response.writeHead(200, { "content-type": "application/grpc", "grpc-status": "13" }).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
});

afterEach(async () => {
  await client.dispose();
  server.close();
});

async function readOnce(): Promise<void> {
  const read = async () => {
    for await (const event of client.readAll({ maxCount: 1 })) expect(event).toBeUndefined();
  };
  await expect(read()).rejects.toThrow("INTERNAL");
}

test("a client that is not changed lets the server compress every answer", async () => {
  await readOnce();
  expect(asked).toEqual(["identity,deflate,gzip"]);
});

test("a client that declines compression says that it accepts only plain answers", async () => {
  expect(declineCompression(client)).toBe(true);
  await readOnce();
  expect(asked).toEqual(["identity"]);
});

test("credentials with a call do not change that", async () => {
  declineCompression(client);
  const credentials = { username: "u", password: "p" };
  const append = client.appendToStream("s", [], { credentials, expectedRevision: "any" });
  await expect(append).rejects.toThrow("INTERNAL");
  expect(asked).toEqual(["identity"]);
});

test("a client of another shape is left unchanged", () => {
  const other = { callArguments: "none" };
  expect(declineCompression(other)).toBe(false);
  expect(declineCompression({})).toBe(false);
  expect(other).toEqual({ callArguments: "none" });
});
