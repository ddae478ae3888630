import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { keyedApp } from "./keyed-app.ts";

const admin = { name: "ann", roles: ["admin"] };
const rates = { reads: 3, writes: 2, logins: 2, streams: 2, allStreams: 3 };

test("each key may read and write so often in a minute; beyond that it is told when to try again", async () => {
  await using keyed = await keyedApp([], { rates });
  const ann = await keyed.issue(admin);
  const eva = await keyed.issue({ name: "eva", roles: ["admin"] });
  const read = async (secret: string) => await keyed.ask(secret, "/v1/clusters");
  const write = async (secret: string) => await keyed.post(secret, "/v1/events", {});
  for (let i = 0; i < 3; i++) expect((await read(ann.secret)).statusCode).toBe(200);
  const refused = await read(ann.secret);
  expect([refused.statusCode, refused.json().code]).toEqual([429, "too-many-requests"]);
  expect(refused.headers["content-type"]).toContain("application/problem+json");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
  expect((await write(ann.secret)).statusCode).toBe(400);
  expect((await write(ann.secret)).statusCode).toBe(400);
  expect((await write(ann.secret)).statusCode).toBe(429);
  expect((await read(eva.secret)).statusCode).toBe(200);
});

test("without a key, or with wrong ones, each address is limited", async () => {
  await using keyed = await keyedApp([], { rates });
  await keyed.issue(admin);
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await keyed.ask(`x${i}`, "/v1/clusters")).statusCode);
  expect(statuses).toEqual([401, 401, 401, 429]);
  const other = await keyed.app.inject({ url: "/v1/clusters", remoteAddress: "192.0.2.7" });
  expect(other.statusCode).toBe(401);
  expect((await keyed.ask(null, "/livez")).statusCode).toBe(200);
});

test("an address may log in so often in a minute, whatever the key", async () => {
  await using keyed = await keyedApp([], { rates });
  const { secret } = await keyed.issue(admin);
  const statuses: number[] = [];
  for (const key of ["wrong", "wrong", secret]) {
    const answer = await keyed.ask(null, "/login", {
      method: "POST",
      headers: { host: "localhost", "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams({ key }).toString(),
    });
    statuses.push(answer.statusCode);
  }
  expect(statuses).toEqual([401, 401, 429]);
});

test("each key may have so many streams, and all keys together; one that ends makes room", async () => {
  await using keyed = await keyedApp([], { rates: { ...rates, reads: 100 } });
  const ann = await keyed.issue(admin);
  const eva = await keyed.issue({ name: "eva", roles: ["viewer"] });
  await keyed.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = keyed.app.server.address() as AddressInfo;
  const open = async (secret: string) =>
    await fetch(`http://127.0.0.1:${port}/v1/stream`, { headers: { "x-api-key": secret } });
  const first = await open(ann.secret);
  expect([first.status, (await open(ann.secret)).status]).toEqual([200, 200]);
  expect((await open(ann.secret)).status).toBe(429);
  expect((await open(eva.secret)).status).toBe(200);
  expect((await open(eva.secret)).status).toBe(429);
  await first.body?.cancel();
  await expect.poll(async () => (await open(eva.secret)).status).toBe(200);
});

test("whoever runs a ledger without keys on the own machine is not held back, but others are", async () => {
  await using keyed = await keyedApp([], { rates });
  for (let i = 0; i < 5; i++) expect((await keyed.ask(null, "/v1/clusters")).statusCode).toBe(200);
  const from = async () =>
    (await keyed.app.inject({ url: "/v1/clusters", remoteAddress: "192.0.2.7" })).statusCode;
  expect([await from(), await from(), await from(), await from()]).toEqual([200, 200, 200, 429]);
});
