/** A stream that a browser has open by its session. */
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { sessionMs } from "../../src/limits/access.ts";
import { history } from "../http/app/small-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

async function cookieOf(keyed: KeyedApp, key: string): Promise<string> {
  const answer = await keyed.ask(null, "/login", {
    method: "POST",
    headers: { host: "localhost", "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams({ key, to: "/" }).toString(),
  });
  return String(answer.headers["set-cookie"]).split(";", 1)[0] ?? "";
}

/** Opens the stream; `over` resolves when the server ends it. */
async function openStream({ app }: KeyedApp, cookie: string) {
  if (!app.server.listening) await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/v1/stream`, { headers: { cookie } });
  const reader = answer.body?.getReader();
  const over = async () => {
    try {
      while ((await reader?.read())?.done === false);
    } catch {
      // It was cut, which is how a stream ends that may not go on.
    }
    return "over";
  };
  return { status: answer.status, over: over() };
}

test("ends when the session's time is over, and cannot be opened again", async () => {
  await using keyed = await keyedApp(history);
  const { secret } = await keyed.issue({ name: "ann", roles: ["viewer"] });
  const cookie = await cookieOf(keyed, secret);
  keyed.advance(sessionMs - 200);
  const stream = await openStream(keyed, cookie);
  expect([stream.status, await stream.over]).toEqual([200, "over"]);
  keyed.advance(200);
  expect((await openStream(keyed, cookie)).status).toBe(401);
});
