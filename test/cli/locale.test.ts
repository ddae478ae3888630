import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run, temporaryFolder } from "./run.ts";

const script = join(import.meta.dirname, "print-bytes.ts");

/** Machines in other places, that write numbers and dates in other ways. */
const machines = [
  { TZ: "UTC", LANG: "C", LC_ALL: "C" },
  { TZ: "America/St_Johns", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" },
  { TZ: "Pacific/Apia", LANG: "ar_EG.UTF-8", LC_ALL: "ar_EG.UTF-8" },
];

test("the machine's zone and language change no byte of a report, of a bundle or of what verify says", async () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const events = folder.path("events.ndjson");
  await run("simulate", "--scenario", "stormy", "--days", "3", "--seed", "5", "--out", events);
  await run("keys", "new", "--out", folder.path("keys"), "--name", "test");
  const cluster = /"cluster":"([^"]+)"/.exec(readFileSync(events, "utf8"))?.[1] ?? "";
  const printed = machines.map((machine, i) => {
    const store = `sqlite:${folder.path(`ledger-${i}.sqlite`)}`;
    const keys = [folder.path("keys/ledger.key"), folder.path("keys/ledger.pub")];
    const args = [script, events, store, ...keys, folder.path(`bundle-${i}`), cluster];
    const env = { ...process.env, ...machine };
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", env });
    expect(status, stderr).toBe(0);
    return stdout;
  });
  for (const text of printed) expect(text).toBe(printed[0]);
  expect(printed[0]).toContain("verified: nothing is wrong");
  expect(printed[0]).toContain("equal to the byte");
}, 120_000);
