/** The log never stops the process that writes it. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { LogSink } from "../../src/cli/terminal/log-sink.ts";
import { maxLogBytes } from "../../src/limits/log.ts";
import { temporaryFolder } from "./run.ts";

const bin = fileURLToPath(new URL("../../bin/fleetledger.js", import.meta.url));
const folder = temporaryFolder();
afterAll(folder.remove);

class Destination {
  text = "";
  failure: NodeJS.ErrnoException | null = null;
  isStuck = false;
  readonly sink = new LogSink((bytes, done) => {
    if (this.isStuck) return;
    setImmediate(() => {
      // Only some of it, as systems do.
      const part = bytes.subarray(0, Math.ceil(bytes.length / 2));
      if (this.failure === null) this.text += part.toString("latin1");
      done(this.failure, this.failure === null ? part.length : 0);
    });
  });
}

const failing = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

test("lines are written whole and in order", async () => {
  const to = new Destination();
  const lines = Array.from({ length: 500 }, (_, i) => `${i}\n`);
  for (const line of lines) to.sink.write(line);
  await to.sink.flush(60_000);
  expect(to.text).toBe(lines.join(""));
});

test("lines that cannot be written are kept up to a limit; lost lines are counted and reported later", async () => {
  const to = new Destination();
  to.failure = failing("ENOSPC");
  const line = `${"x".repeat(1023)}\n`;
  const kept = maxLogBytes / line.length;
  for (let i = 0; i < kept + 7; i++) to.sink.write(line);
  await to.sink.flush(60_000);
  expect(to.sink.state()).toEqual({ error: "ENOSPC: it failed", lostLines: 7 });
  to.failure = null;
  await to.sink.flush(60_000);
  expect(to.sink.state()).toEqual({ error: null, lostLines: 7 });
  expect(to.text.split(line.trimEnd())).toHaveLength(kept + 1);
  expect(to.text).toContain("fleetledger: 7 log lines were lost here");
});

test("nothing is kept once the log's reader has gone", async () => {
  const to = new Destination();
  to.failure = failing("EPIPE");
  to.sink.write("a\n");
  await to.sink.flush(60_000);
  to.failure = null;
  to.sink.write("b\n");
  await to.sink.flush(60_000);
  expect(to.text).toBe("");
  expect(to.sink.state()).toEqual({ error: "EPIPE: it failed", lostLines: 2 });
});

test("a log reader that stops reading delays a stop no longer than the limit", async () => {
  const to = new Destination();
  to.isStuck = true;
  to.sink.write("a\n");
  await to.sink.flush(1);
  expect(to.sink.state()).toEqual({ error: null, lostLines: 0 });
});

let nextPort = 20_000 + (process.pid % 20_000);

async function served(name: string, log: number | "pipe") {
  const port = nextPort++;
  const store = `sqlite:${folder.path(`${name}.sqlite`)}`;
  const args = [bin, "serve", "--store", store, "--port", String(port), "--log-level", "trace"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", log] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  const isUp = async () => (await get("/readyz").catch(() => null))?.status ?? 0;
  await expect.poll(isUp).toBe(200);
  return { child, get };
}

async function endOf(child: ChildProcess): Promise<unknown> {
  child.kill("SIGTERM");
  return (await once(child, "exit"))[0];
}

test("with the log on a full disk, the ledger serves, says so in /readyz and /metrics, and stops cleanly", async () => {
  const { child, get } = await served("full", openSync("/dev/full", "w"));
  const { log } = JSON.parse((await get("/readyz")).body) as { log: { error: string } };
  expect(log.error).toContain("ENOSPC");
  expect((await get("/metrics")).body).toMatch(/^fleetledger_log_failing 1$/m);
  expect(await endOf(child)).toBe(0);
});

test("with a log whose reader has gone or reads nothing, the ledger serves and stops cleanly", async () => {
  const gone = await served("gone", "pipe");
  gone.child.stderr?.destroy();
  const unread = await served("unread", "pipe");
  for (const { child, get } of [gone, unread]) {
    // More than a pipe holds.
    for (let i = 0; i < 100; i++) await get(`/${"x".repeat(8_000)}`);
    expect((await get("/livez")).status).toBe(200);
    expect(await endOf(child)).toBe(0);
  }
});
