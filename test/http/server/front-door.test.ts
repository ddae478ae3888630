/** A start that is not over says so, in words of its own. */
import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { pino } from "pino";
import { openFrontDoor } from "../../../src/http/server/front-door.ts";
import type { FrontDoor } from "../../../src/http/server/front-door.ts";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer } from "../app/running-server.ts";
import { run, temporaryFolder } from "../../cli/run.ts";
import { memoryLedger } from "../app/memory-ledger.ts";

let server: RunningServer | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

const host = "127.0.0.1";
const open = async (): Promise<{ door: FrontDoor; port: number; url: string }> => {
  const port = await freePort();
  return { door: await openFrontDoor({ host, port }), port, url: `http://${host}:${port}` };
};

test("while the ledger loads, requests are answered 503 with the code starting and Retry-After", async () => {
  const { door, url } = await open();
  const answer = await fetch(`${url}/v1/clusters`);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(await answer.json()).toMatchObject({ code: "starting", title: "Ledger starting" });
  door.tell(30, 120);
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ code: "starting", progress: 0.25 });
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  await door.close();
});

test("no request is refused while the application takes over", async () => {
  const { door, port, url } = await open();
  const statuses: number[] = [];
  const asking = (async () => {
    while (statuses.at(-1) !== 200) {
      statuses.push((await fetch(`${url}/v1/clusters`)).status);
    }
  })();
  await expect.poll(() => statuses.length).toBeGreaterThan(2);
  const logger = pino({ level: "silent" });
  server = await serve({ ledger: memoryLedger(), logger, host, port, door, stopOnSignals: false });
  await asking;
  expect(new Set(statuses)).toEqual(new Set([503, 200]));
  expect(server.port).toBe(port);
  await server.stop();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("a failed start releases the address", async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const nothing = `sqlite:${folder.path("there/is/no/folder.sqlite")}`;
  const { code } = await run("serve", "--store", nothing, "--port", String(port));
  expect(code).not.toBe(0);
  await expect(fetch(`http://${host}:${port}/livez`)).rejects.toThrow("fetch failed");
  folder.remove();
});
