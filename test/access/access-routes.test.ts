import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { history } from "../http/app/small-app.ts";
import { keyedApp } from "./keyed-app.ts";

interface Issued {
  readonly key: string;
  readonly secret: string;
}

interface Listed {
  readonly keys: readonly Record<string, unknown>[];
}

const firstKey = { name: "ann", roles: ["admin"], reason: "the first" };
const day = 86_400_000;

describe("a ledger without keys", () => {
  test("is open, and takes its first key from its own machine", async () => {
    await using keyed = await keyedApp(history);
    expect((await keyed.ask(null, "/v1/clusters")).statusCode).toBe(200);
    const issued = await keyed.post(null, "/v1/access", firstKey);
    expect(issued.statusCode).toBe(201);
    expect((await keyed.ask(null, "/v1/clusters")).statusCode).toBe(401);
    const { secret } = issued.json<Issued>();
    expect((await keyed.ask(secret, "/v1/clusters")).statusCode).toBe(200);
  });

  test("takes no first key from elsewhere, also where it is open to all", async () => {
    await using keyed = await keyedApp(history);
    const answer = await keyed.app.inject({
      method: "POST",
      url: "/v1/access",
      payload: firstKey,
      remoteAddress: "192.0.2.7",
    });
    expect([answer.statusCode, answer.json().code]).toEqual([403, "role-needed"]);
    expect((await keyed.ask(null, "/v1/clusters")).statusCode).toBe(200);
  });

  test("does not become open again when all its keys are revoked", async () => {
    await using keyed = await keyedApp();
    const { key, secret } = await keyed.issue(firstKey);
    await keyed.post(secret, `/v1/access/${key}/revoke`, {});
    for (const each of [null, secret]) {
      expect((await keyed.ask(each, "/v1/clusters")).statusCode).toBe(401);
    }
    expect((await keyed.post(null, "/v1/access", { ...firstKey, name: "eva" })).statusCode).toBe(
      401,
    );
  });
});

describe("a key", () => {
  test("opens nothing from the answer to its revocation on", async () => {
    await using keyed = await keyedApp();
    const admin = await keyed.issue(firstKey);
    const viewer = await keyed.issue({ name: "wall", roles: ["viewer"] });
    expect((await keyed.ask(viewer.secret, "/v1/clusters")).statusCode).toBe(200);
    await keyed.post(admin.secret, `/v1/access/${viewer.key}/revoke`, { reason: "it was lost" });
    expect((await keyed.ask(viewer.secret, "/v1/clusters")).statusCode).toBe(401);
  });

  test("that is revoked from an instant on, or expires, opens nothing from then on", async () => {
    await using keyed = await keyedApp();
    const admin = await keyed.issue(firstKey);
    const wall = await keyed.issue({ name: "wall", roles: ["viewer"] });
    const guest = await keyed.issue({
      name: "guest",
      roles: ["viewer"],
      expiresAt: Date.parse("2026-04-16T12:00:00Z"),
    });
    const at = "2026-04-17T12:00:00Z";
    await keyed.post(admin.secret, `/v1/access/${wall.key}/revoke`, { at });
    const states = async () => [
      (await keyed.ask(wall.secret, "/v1/clusters")).statusCode,
      (await keyed.ask(guest.secret, "/v1/clusters")).statusCode,
    ];
    expect(await states()).toEqual([200, 200]);
    keyed.advance(day);
    expect(await states()).toEqual([200, 401]);
    keyed.advance(day);
    expect(await states()).toEqual([401, 401]);
  });

  test("of a name that another key has, or had, is refused", async () => {
    await using keyed = await keyedApp();
    const { secret } = await keyed.issue(firstKey);
    const { key } = await keyed.issue({ name: "wall", roles: ["viewer"] });
    await keyed.post(secret, `/v1/access/${key}/revoke`, {});
    const answer = await keyed.post(secret, "/v1/access", { name: "wall", roles: ["viewer"] });
    expect([answer.statusCode, answer.json().code]).toEqual([409, "key-refused"]);
  });

  test.each([
    [{ name: "env", roles: ["admin"] }, "/name"],
    [{ name: "fleetledger", roles: ["admin"] }, "/name"],
    [{ name: "schedule", roles: ["admin"] }, "/name"],
    [{ name: "Ann", roles: ["admin"] }, "/name"],
    [{ name: "", roles: ["admin"] }, "/name"],
    [{ name: "ann", roles: [] }, "/roles"],
    [{ name: "ann", roles: ["Admin"] }, "/roles/0"],
    [{ name: "ann", roles: ["source:A b"] }, "/roles/0"],
    [{ name: "ann", roles: ["admin"], clusters: [] }, "/clusters"],
    [{ name: "ann", roles: ["admin"], expiresAt: "tomorrow" }, "/expiresAt"],
  ])("cannot be issued as %j: the answer names %s", async (payload, path) => {
    await using keyed = await keyedApp();
    const answer = await keyed.post(null, "/v1/access", payload);
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
  });

  test("that is sent for again with the same Idempotency-Key is refused: it is shown once", async () => {
    await using keyed = await keyedApp();
    const { secret } = await keyed.issue(firstKey);
    const { key } = await keyed.issue({ name: "wall", roles: ["viewer"] });
    const headers = { "idempotency-key": "k" };
    const send = (url: string, payload: object, id: string) =>
      keyed.ask(secret, url, { method: "POST", payload, headers: { "idempotency-key": id } });
    for (const [url, payload] of [
      ["/v1/access", { name: "eva", roles: ["viewer"] }],
      [`/v1/access/${key}/rotate`, {}],
    ] as const) {
      expect((await send(url, payload, `${headers["idempotency-key"]} ${url}`)).statusCode).toBe(
        201,
      );
      expect((await send(url, payload, `${headers["idempotency-key"]} ${url}`)).statusCode).toBe(
        409,
      );
    }
    const revoke = `/v1/access/${key}/revoke`;
    expect((await send(revoke, {}, "r")).statusCode).toBe(201);
    expect((await send(revoke, {}, "r")).statusCode).toBe(200);
  });
});

test("a rotation gives a second key of the same name, and ends the first after the overlap", async () => {
  await using keyed = await keyedApp();
  const admin = await keyed.issue(firstKey);
  const before = await keyed.issue({ name: "slurm", roles: ["reporter"], clusters: ["aurora"] });
  const rotated = await keyed.post(admin.secret, `/v1/access/${before.key}/rotate`, {
    overlapMs: day,
  });
  const after = rotated.json<Issued>();
  const listed = (await keyed.ask(admin.secret, "/v1/access")).json<Listed>().keys;
  expect(listed.slice(1)).toMatchObject([
    { key: before.key, name: "slurm", state: "in-force", endsAt: "2026-04-16T12:00:00.000Z" },
    { key: after.key, name: "slurm", state: "in-force", endsAt: null, clusters: ["aurora"] },
  ]);
  const past = await keyed.ask(admin.secret, "/v1/access?at=2026-04-15T11:00:00Z");
  expect(past.json()).toEqual({ keys: [] });
  const later = await keyed.ask(admin.secret, "/v1/access?at=2026-04-16T12:00:00Z");
  expect(later.json<Listed>().keys.map(({ key }) => key)).toEqual([admin.key, after.key]);
  const opens = async (secret: string) =>
    (await keyed.ask(secret, "/openapi.json")).statusCode === 200;
  expect([await opens(before.secret), await opens(after.secret)]).toEqual([true, true]);
  keyed.advance(day);
  expect([await opens(before.secret), await opens(after.secret)]).toEqual([false, true]);
});

test("the list says who issued and who revoked each key, and never a secret", async () => {
  await using keyed = await keyedApp();
  const first = (
    await keyed.post(null, "/v1/access", { ...firstKey, actor: "eva" })
  ).json<Issued>();
  const wall = (
    await keyed.post(first.secret, "/v1/access", { name: "wall", roles: ["viewer"] })
  ).json<Issued>();
  await keyed.post(first.secret, `/v1/access/${wall.key}/revoke`, {
    actor: "ann/bob",
    reason: "it was lost",
  });
  const answer = await keyed.ask(first.secret, "/v1/access");
  expect(answer.json<Listed>().keys).toMatchObject([
    { name: "ann", state: "in-force", issuedBy: "eva", reason: "the first", clusters: ["*"] },
    {
      name: "wall",
      state: "revoked",
      issuedBy: "ann",
      revokedBy: "ann/bob",
      reason: "it was lost",
    },
  ]);
  for (const { secret } of [first, wall]) expect(answer.body).not.toContain(secret.slice(15, 58));
});

test("what is in a ledger of a key is its hash alone", async () => {
  await using keyed = await keyedApp();
  const { secret } = await keyed.issue(firstKey);
  const events = await keyed.ledger.store.query({ after: 0, limit: 10 });
  expect(events).toMatchObject([{ type: "KeyIssued", stream: "ledger-keys" }]);
  expect(JSON.stringify(events, (_key, value) => String(value))).not.toContain(
    secret.slice(15, 58),
  );
});

test("the stream of a key ends with the key, and one without a key when the first is issued", async () => {
  await using keyed = await keyedApp(history);
  await keyed.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = keyed.app.server.address() as AddressInfo;
  const stream = async (headers: Record<string, string>) => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/stream`, { headers });
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    await reader?.read();
    const readOn = async (): Promise<string> => {
      try {
        while ((await reader?.read())?.done === false);
        return "ended";
      } catch {
        return "cut";
      }
    };
    return { over: readOn() };
  };
  const anonymous = await stream({});
  const admin = await keyed.issue(firstKey);
  expect(await anonymous.over).toBe("cut");
  const wall = await keyed.issue({ name: "wall", roles: ["viewer"] });
  const walls = await stream({ "x-api-key": wall.secret });
  const admins = await stream({ "x-api-key": admin.secret });
  await keyed.post(admin.secret, `/v1/access/${wall.key}/revoke`, {});
  expect(await walls.over).toBe("cut");
  expect(await Promise.race([admins.over, Promise.resolve("goes on")])).toBe("goes on");
  await keyed.post(admin.secret, `/v1/access/${admin.key}/revoke`, {});
  expect(await admins.over).toBe("cut");
});

test("keys that another process issues and revokes hold here too, and after a restart", async () => {
  await using keyed = await keyedApp();
  const { secret } = await keyed.issue(firstKey);
  const { KeyRing } = await import("../../src/access/key-ring.ts");
  const ring = await KeyRing.open(keyed.ledger);
  expect(ring.find(secret)?.name).toBe("ann");
  const wall = await keyed.issue({ name: "wall", roles: ["viewer"] });
  expect(ring.find(wall.secret)?.name).toBe("wall");
  ring.close();
});
