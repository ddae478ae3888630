/** A stop does not wait for clients that neither send nor read. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { head, rawClient } from "../http/app/raw-client.ts";
import { temporaryFolder } from "./run.ts";

const bin = fileURLToPath(new URL("../../bin/fleetledger.js", import.meta.url));
const folder = temporaryFolder();
afterAll(folder.remove);

test("a stop exits with 0 although clients neither go on sending, nor read, nor leave", async () => {
  const store = `sqlite:${folder.path("stop.sqlite")}`;
  const child = spawn(process.execPath, [bin, "serve", "--store", store, "--port", "0"]);
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said += text.toString();
  });
  await expect.poll(() => said).toContain("stop: Ctrl-C");
  const port = Number(/http:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1]);
  const post = (type: string) =>
    head("POST", "/v1/events", { "content-type": type, "content-length": "1000000" });

  const clients = await Promise.all(Array.from({ length: 6 }, () => rawClient(port)));
  const [whole, lines, follower, unread, silent, halfHead] = clients;
  whole?.send(`${post("application/json")}{`);
  lines?.send(`${post("application/x-ndjson")}{"id":`);
  follower?.send(head("GET", "/v1/stream?after=0"));
  await expect.poll(() => follower?.text()).toContain("event: position");
  unread?.pause();
  for (let i = 0; i < 200; i++) unread?.send(head("GET", "/openapi.json"));
  silent?.send("");
  halfHead?.send("GET / HTTP/1.1\r\n");

  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(whole?.text()).toContain("503");
  for (const each of clients) each.leave();
});
