/** `events --follow`: over a store and over a server, until it is ended. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import { history } from "../http/app/small-app.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

const bin = fileURLToPath(new URL("../../bin/fleetledger.js", import.meta.url));

let served: ServedLedger;

beforeEach(async () => {
  served = await servedLedger();
});

afterEach(async () => {
  await served.close();
});

const ways = [
  ["a store", (ledger: ServedLedger) => ledger.byStore],
  ["a server", (ledger: ServedLedger) => ledger.byServer],
] as const;

const sequences = (out: string) =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { sequence: number }).sequence);

function append(cluster: string): Promise<unknown> {
  const data = { cluster, node: `n${Math.floor(Math.random() * 1e9)}` };
  return served.ledger.submit([anEvent({ data })]);
}

/** The command as a process of its own, with what it has written so far. */
function started(...args: readonly string[]) {
  const child = spawn(process.execPath, [bin, "events", ...args]);
  const written = { out: "", said: "" };
  child.stdout.on("data", (text: Buffer) => {
    written.out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    written.said += text.toString();
  });
  return { child, written };
}

describe.each(ways)("events --follow over %s", (_, named) => {
  test("begins with the last ten events, continues with new ones, and exits with 0 on Ctrl-C", async () => {
    const { child, written } = started("--follow", ...named(served));
    const before = history.map((_each, i) => i + 1).slice(-10);
    await expect.poll(() => sequences(written.out)).toEqual(before);
    await append("alpha");
    await append("beta");
    await expect.poll(() => sequences(written.out)).toEqual([...before, 13, 14]);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(written.said).toBe("");
  });

  test("exits with 0 when the reader of its output closes the pipe", async () => {
    const { child, written } = started("--follow", "--last", "1", ...named(served));
    await expect.poll(() => sequences(written.out)).toEqual([12]);
    child.stdout.destroy();
    const exited = once(child, "exit");
    // The first write into a closed pipe may still be taken.
    const appending = setInterval(() => void append("alpha"), 50);
    expect(await exited).toEqual([0, null]);
    clearInterval(appending);
    expect(written.said).toBe("");
  });

  test("prints texts as stated, whatever characters they contain", async () => {
    const args = ["--follow", "--from", "13", "--limit", "1"];
    const following = run("events", ...args, ...named(served));
    const actor = "eva: \u2028 \u2029 data: \u0085 ünï";
    const data = { cluster: "alpha", node: "n9" };
    await served.ledger.submit([anEvent({ data, actor })]);
    const { out } = await following;
    expect((JSON.parse(out) as { actor: string }).actor).toBe(actor);
  });

  test("prints only events that match the filters, counts corrections with the cluster that they are about, and ends at --limit", async () => {
    const args = ["--follow", "--from", "5", "--limit", "3", "--cluster", "beta"];
    const following = run("events", ...args, ...named(served));
    await append("alpha");
    await append("beta");
    const [first] = await served.ledger.submit([
      anEvent({ data: { cluster: "beta", node: "b" }, id: "0f0e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11" }),
    ]);
    expect(first?.status).toBe("appended");
    await append("alpha");
    const eventId = "0f0e6c1e-3d0a-4a3c-9a55-3f1f3a6f0f11";
    const said = { actor: "eva", reason: "test" };
    await served.ledger.submit([anEvent({ type: "FactRetracted", data: { eventId }, ...said })]);
    const { code, out } = await following;
    expect([code, sequences(out)]).toEqual([0, [14, 15, 17]]);
  });
});

test("events --follow continues after the server was unavailable, without gaps or duplicates", async () => {
  const { child, written } = started(
    "--follow",
    "--from",
    "13",
    "--limit",
    "4",
    ...served.byServer,
  );
  await append("alpha");
  await expect.poll(() => sequences(written.out)).toEqual([13]);
  // This one comes by the stream, whatever was listed before it began.
  await append("alpha");
  await expect.poll(() => sequences(written.out)).toEqual([13, 14]);
  const exited = once(child, "exit");
  await served.stop();
  for (let i = 0; i < 2; i++) await append("alpha");
  await served.start();
  expect(await exited).toEqual([0, null]);
  expect(sequences(written.out)).toEqual([13, 14, 15, 16]);
  // Once, or more often on a machine that takes long to serve again.
  expect(written.said).toMatch(/^warning: .*; trying again from sequence 14\n/);
});
