import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { history } from "../http/app/small-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

const html = { accept: "text/html", host: "localhost" };

/** Sends the form of the login page. */
async function logIn(keyed: KeyedApp, key: string, to = "/", headers: Record<string, string> = {}) {
  return await keyed.ask(null, "/login", {
    method: "POST",
    headers: { ...html, "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: new URLSearchParams({ key, to }).toString(),
  });
}

function cookieOf(answer: { readonly headers: object }): string {
  const header = String((answer.headers as Record<string, unknown>)["set-cookie"]);
  return header.split(";", 1)[0] ?? "";
}

const admin = { name: "ann", roles: ["admin"] };

describe("a browser without a session", () => {
  test("is sent to the login, and from there to the page that it asked for", async () => {
    await using keyed = await keyedApp(history);
    const { secret } = await keyed.issue(admin);
    const asked = await keyed.ask(null, "/clusters/alpha?period=2026-03", { headers: html });
    expect([asked.statusCode, asked.headers.location]).toEqual([
      302,
      "/login?to=%2Fclusters%2Falpha%3Fperiod%3D2026-03",
    ]);
    const page = await keyed.ask(null, String(asked.headers.location), { headers: html });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('name="to" value="/clusters/alpha?period=2026-03"');
    const answer = await logIn(keyed, secret, "/clusters/alpha?period=2026-03");
    expect([answer.statusCode, answer.headers.location]).toEqual([
      303,
      "/clusters/alpha?period=2026-03",
    ]);
    const cookie = cookieOf(answer);
    const shown = await keyed.ask(null, "/clusters/alpha", { headers: { ...html, cookie } });
    expect(shown.statusCode).toBe(200);
  });

  test("is not sent there where a program asks, or for anything but a page", async () => {
    await using keyed = await keyedApp(history);
    await keyed.issue(admin);
    for (const accept of ["*/*", "application/json", "text/event-stream"]) {
      const answer = await keyed.ask(null, "/v1/clusters", { headers: { ...html, accept } });
      expect(answer.statusCode).toBe(401);
    }
    const post = await keyed.ask(null, "/v1/events", {
      method: "POST",
      headers: html,
      payload: {},
    });
    expect(post.statusCode).toBe(401);
  });

  test("with a wrong key gets the form again, with 401 and without a cookie", async () => {
    await using keyed = await keyedApp();
    const { secret } = await keyed.issue(admin);
    for (const wrong of ["", "x", `${secret.slice(0, -1)}!`, secret.toUpperCase()]) {
      const answer = await logIn(keyed, wrong, "/reports");
      expect(answer.statusCode).toBe(401);
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(answer.body).toContain("This key is wrong, or no longer holds.");
      expect(answer.body).toContain('name="to" value="/reports"');
    }
  });
});

describe("the page that a login leads to", () => {
  test.each([
    ["/", "/"],
    ["/audit?x=1&y=2", "/audit?x=1&y=2"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["https://evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["audit", "/"],
    ["", "/"],
    ["/a\r\nset-cookie: x=1", "/"],
    ["/ä", "/"],
    [`/${"x".repeat(3_000)}`, "/"],
  ])("for %j is %j: always one of this ledger", async (to, leads) => {
    await using keyed = await keyedApp();
    const { secret } = await keyed.issue(admin);
    const answer = await logIn(keyed, secret, to);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, leads]);
  });
});

describe("the cookie of a session", () => {
  test("on the machine itself is fl, for this site alone and out of reach of scripts", async () => {
    await using keyed = await keyedApp();
    const { secret, key } = await keyed.issue(admin);
    const answer = await logIn(keyed, secret);
    expect(answer.headers["set-cookie"]).toMatch(
      new RegExp(
        `^fl=${key}\\.[0-9a-z]+\\.[\\w-]{22}\\.[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200$`,
      ),
    );
    expect(String(answer.headers["set-cookie"])).not.toContain(secret.slice(15, 58));
  });

  test("behind TLS is __Host-fl, and secure", async () => {
    await using keyed = await keyedApp(history, {
      publicUrl: "https://ledger.example",
      allowedHosts: ["ledger.example"],
    });
    const { secret } = await keyed.issue(admin);
    const answer = await logIn(keyed, secret, "/", { host: "ledger.example" });
    expect(answer.headers["set-cookie"]).toMatch(
      /^__Host-fl=[\w.-]+; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200; Secure$/,
    );
    const headers = { ...html, host: "ledger.example", cookie: cookieOf(answer) };
    expect((await keyed.ask(null, "/", { headers })).statusCode).toBe(200);
    const plain = { ...headers, cookie: headers.cookie.replace("__Host-fl", "fl") };
    expect((await keyed.ask(null, "/", { headers: plain })).statusCode).toBe(302);
  });

  test("is not given where it can be overheard, and the page says why", async () => {
    await using keyed = await keyedApp([], { allowedHosts: ["ledger.example"] });
    const { secret } = await keyed.issue(admin);
    const answer = await logIn(keyed, secret, "/", { host: "ledger.example" });
    expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([403, undefined]);
    expect(answer.body).toContain("--public-url");
    const asked = await keyed.ask(null, "/", { headers: { ...html, host: "ledger.example" } });
    expect(asked.statusCode).toBe(401);
  });

  test("says what the key may do, and the events by it are the key's", async () => {
    await using keyed = await keyedApp(history);
    await keyed.issue(admin);
    const { secret } = await keyed.issue({ name: "eva", roles: ["viewer", "reporter"] });
    const cookie = cookieOf(await logIn(keyed, secret));
    const own = { host: "localhost", cookie, "sec-fetch-site": "same-origin" };
    const said = await keyed.ask(null, "/v1/events", {
      method: "POST",
      headers: own,
      payload: {
        id: "6f1d2c3b-0000-4000-8000-0000000000aa",
        type: "NodeCommissioned",
        occurredAt: "2026-04-01T00:00:00Z",
        data: { cluster: "alpha", node: "n9" },
      },
    });
    expect(said.statusCode).toBe(201);
    const event = await keyed.ask(secret, "/v1/events/6f1d2c3b-0000-4000-8000-0000000000aa");
    expect(event.json()).toMatchObject({ actor: "eva" });
    expect((await keyed.ask(null, "/v1/access", { headers: own })).statusCode).toBe(403);
  });

  test("writes only for a page of the ledger itself", async () => {
    await using keyed = await keyedApp(history);
    const { secret } = await keyed.issue(admin);
    const cookie = cookieOf(await logIn(keyed, secret));
    const post = async (headers: Record<string, string>) =>
      (
        await keyed.ask(null, "/v1/events", {
          method: "POST",
          headers: { host: "localhost:3000", cookie, ...headers },
          payload: {},
        })
      ).statusCode;
    const origin = "http://localhost:3000";
    expect({
      nothing: await post({}),
      crossSite: await post({ "sec-fetch-site": "cross-site" }),
      sameSite: await post({ "sec-fetch-site": "same-site", origin }),
      none: await post({ "sec-fetch-site": "none" }),
      otherOrigin: await post({ origin: "http://evil.example" }),
      noOrigin: await post({ origin: "null" }),
    }).toEqual({
      nothing: 403,
      crossSite: 403,
      sameSite: 403,
      none: 403,
      otherOrigin: 403,
      noOrigin: 403,
    });
    // What is let in is refused for its body.
    expect(await post({ "sec-fetch-site": "same-origin" })).toBe(400);
    expect(await post({ origin })).toBe(400);
  });

  test("that was altered, or signed by another secret, is none", async () => {
    await using keyed = await keyedApp(history);
    const { secret, key } = await keyed.issue(admin);
    const other = await keyed.issue({ name: "wall", roles: ["viewer"] });
    const cookie = cookieOf(await logIn(keyed, secret));
    const statusOf = async (text: string) =>
      (await keyed.ask(null, "/v1/clusters", { headers: { host: "localhost", cookie: text } }))
        .statusCode;
    expect(await statusOf(cookie)).toBe(200);
    expect(await statusOf(`theme=dark; ${cookie}; other=1`)).toBe(200);
    const [text = "", expiry = ""] = cookie.split(".");
    for (const altered of [
      cookie.replace(key, other.key),
      cookie.replace(key, "env"),
      cookie.replace(`.${expiry}.`, ".zzzzzzzzz."),
      `${text}.${expiry}`,
      cookie.slice(0, -1),
      "fl=",
    ]) {
      expect(await statusOf(altered), altered).toBe(401);
    }
    await using another = await keyedApp(history);
    await another.issue(admin);
    const headers = { host: "localhost", cookie };
    expect((await another.ask(null, "/v1/clusters", { headers })).statusCode).toBe(401);
  });
});

describe("a session ends", () => {
  test("after 12 hours", async () => {
    await using keyed = await keyedApp(history);
    const { secret } = await keyed.issue(admin);
    const cookie = cookieOf(await logIn(keyed, secret));
    const status = async () =>
      (await keyed.ask(null, "/v1/clusters", { headers: { host: "localhost", cookie } }))
        .statusCode;
    keyed.advance(12 * 3_600_000 - 1_000);
    expect(await status()).toBe(200);
    keyed.advance(1_000);
    expect(await status()).toBe(401);
  });

  test("when its key is revoked, and so do its streams", async () => {
    await using keyed = await keyedApp(history);
    const ann = await keyed.issue(admin);
    const { secret, key } = await keyed.issue({ name: "wall", roles: ["viewer"] });
    const cookie = cookieOf(await logIn(keyed, secret));
    await keyed.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = keyed.app.server.address() as AddressInfo;
    const stream = await fetch(`http://localhost:${port}/v1/stream`, { headers: { cookie } });
    expect(stream.status).toBe(200);
    const ended = stream.text().then(
      () => "ended",
      () => "cut",
    );
    await keyed.post(ann.secret, `/v1/access/${key}/revoke`, {});
    expect(await ended).toBe("cut");
    const asked = await keyed.ask(null, "/", { headers: { ...html, cookie } });
    expect(asked.statusCode).toBe(302);
  });

  test("in the browser that logs out", async () => {
    await using keyed = await keyedApp(history);
    const { secret } = await keyed.issue(admin);
    const cookie = cookieOf(await logIn(keyed, secret));
    const page = await keyed.ask(null, "/login", { headers: { ...html, cookie } });
    expect(page.body).toContain("logged in with the key of <b>ann</b>");
    const out = await keyed.ask(null, "/logout", {
      method: "POST",
      headers: {
        ...html,
        cookie,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
      },
      payload: "",
    });
    expect([out.statusCode, out.headers.location]).toEqual([303, "/login"]);
    expect(out.headers["set-cookie"]).toMatch(/^fl=; .*Max-Age=0$/);
  });

  test("of the key of the environment, when that is another one", async () => {
    const sessionSecret = Buffer.alloc(32, 7);
    await using before = await keyedApp(history, { apiKey: "first", sessionSecret });
    await using after = await keyedApp(history, { apiKey: "second", sessionSecret });
    const cookie = cookieOf(await logIn(before, "first"));
    const headers = { host: "localhost", cookie };
    expect((await before.ask(null, "/v1/clusters", { headers })).statusCode).toBe(200);
    expect((await after.ask(null, "/v1/clusters", { headers })).statusCode).toBe(401);
  });
});

test("instances that share the secret accept each other's sessions", async () => {
  const sessionSecret = Buffer.alloc(32, 9);
  await using one = await keyedApp(history, { apiKey: "k", sessionSecret });
  await using other = await keyedApp(history, { apiKey: "k", sessionSecret });
  const headers = { host: "localhost", cookie: cookieOf(await logIn(one, "k")) };
  expect((await other.ask(null, "/v1/clusters", { headers })).statusCode).toBe(200);
});

test("forms are taken by the login alone", async () => {
  await using keyed = await keyedApp();
  const { secret } = await keyed.issue(admin);
  const answer = await keyed.ask(secret, "/v1/events", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "a=b",
  });
  expect(answer.statusCode).toBe(415);
});
