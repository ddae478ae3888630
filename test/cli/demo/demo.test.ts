/** The demo as it is called from a shell, while it serves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { run, temporaryFolder } from "../run.ts";

const bin = fileURLToPath(new URL("../../../bin/fleetledger.js", import.meta.url));
const folder = temporaryFolder();
afterAll(folder.remove);
const until = "2026-04-01T12:00:00.000Z";
const quiet = ["demo", "--scenario", "quiet", "--days", "3", "--until", until];

interface Readiness {
  readonly headSequence: number;
  readonly clock: { readonly now: string; readonly speed: number; readonly simulation: string };
}

/** A demo that has said that it serves. */
async function demo(name: string, ...args: string[]) {
  const data = ["--data", folder.path(name), "--port", "0"];
  const child = spawn(process.execPath, [bin, ...quiet, ...data, ...args]);
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said += text.toString();
  });
  await expect.poll(() => said).toContain("stop: Ctrl-C");
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? "";
  return {
    url,
    said: () => said,
    readiness: async () => (await (await fetch(`${url}/readyz`)).json()) as Readiness,
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
}

async function exported(name: string): Promise<readonly string[]> {
  const { out } = await run("export", "-", "--store", `sqlite:${folder.path(name)}/demo.sqlite`);
  return out.trim().split("\n");
}

describe("the demo, while it serves", () => {
  test("goes on from the end of its history, says so, and ends cleanly when it is stopped", async () => {
    const served = await demo("living", "--speed", "3600");
    const first = (await served.readiness()).headSequence;
    await expect.poll(async () => (await served.readiness()).headSequence).toBeGreaterThan(first);
    const { clock } = await served.readiness();
    expect(clock.now > until).toBe(true);
    expect(clock.now < "2026-05-02").toBe(true);
    const simulation = "This fleet is simulated: its clock runs 3600 times as fast as real time.";
    expect(clock).toMatchObject({ speed: 3_600, simulation });
    expect(await (await fetch(served.url)).text()).toContain(simulation);
    expect(served.said()).toContain("runs 3,600 times as fast as real time");
    expect(await served.stop()).toBe(0);
    expect(served.said()).not.toContain("skipped in the simulated fleet");
  });

  test("stands still at speed 0, with the history that it has without serving", async () => {
    const served = await demo("still", "--speed", "0");
    const { headSequence, clock } = await served.readiness();
    expect(clock).toMatchObject({ now: until, speed: 0 });
    expect(clock.simulation).toBe("This fleet is simulated: its clock stands still.");
    expect(await served.stop()).toBe(0);
    const data = folder.path("printed");
    expect((await run(...quiet, "--data", data, "--no-serve")).code).toBe(0);
    const [still, printed] = await Promise.all([exported("still"), exported("printed")]);
    expect(printed.length).toBeGreaterThan(100);
    expect(still.slice(0, printed.length)).toEqual(printed);
    // The ledger's own timers and a newer zone table, at the instant at which it stands.
    for (const line of still.slice(printed.length))
      expect(line).toContain(`"recordedAt":"${until}"`);
    expect(headSequence).toBe(still.length);
  });

  test.each(["-1", "3601", "1.5", "fast"])(
    "refuses --speed %s, and creates no ledger",
    async (speed) => {
      const data = folder.path("refused");
      const { code, said } = await run(...quiet, "--data", data, "--speed", speed);
      expect([code, said]).toEqual([2, expect.stringContaining("whole number, from 0 to 3600")]);
      expect(existsSync(data)).toBe(false);
    },
  );
});
