import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, temporaryFolder } from "./run.ts";

const script = join(import.meta.dirname, "print-bytes.ts");
const folder = temporaryFolder();
afterAll(folder.remove);

interface Machine {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Events that the ledger takes at a time. */
  readonly batchSize: number;
  /** The executable of Node. */
  readonly node: string;
}

const here: Machine = {
  name: "the first",
  env: { TZ: "UTC", LANG: "C", LC_ALL: "C" },
  batchSize: 1_000,
  node: process.execPath,
};

/** Machines in other places, that write numbers and dates in other ways. */
const machines: Machine[] = [
  {
    ...here,
    name: "one in Newfoundland that speaks German",
    env: { TZ: "America/St_Johns", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" },
  },
  {
    ...here,
    name: "one on Samoa that speaks Arabic, and takes seven events at a time",
    env: { TZ: "Pacific/Apia", LANG: "ar_EG.UTF-8", LC_ALL: "ar_EG.UTF-8" },
    batchSize: 7,
  },
  { ...here, name: "one that takes all events at once", batchSize: 1_000_000 },
];

const otherNode = process.env["FLEETLEDGER_OTHER_NODE"];
const whyNoOther = whyNot(otherNode);
if (otherNode !== undefined && whyNoOther === null) {
  machines.push({ ...here, name: "one with another Node", node: otherNode });
} else {
  console.warn(`skipped: the same bytes under another Node: ${whyNoOther}`);
}

/** Why the executable is no other Node that runs this; `null` if it is one. */
function whyNot(node: string | undefined): string | null {
  if (node === undefined) return "FLEETLEDGER_OTHER_NODE names none";
  if (!existsSync(node)) return `there is no ${node}`;
  const { stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  const version = stdout.trim();
  if (!(Number(version.split(".")[0]) >= 24)) return `${node} is Node ${version}, older than 24`;
  return version === process.versions.node ? `${node} is the present one, ${version}` : null;
}

let events = "";
let cluster = "";
let expected = "";

function printedBy({ env, node, batchSize }: Machine, i: number): string {
  const store = `sqlite:${folder.path(`ledger-${i}.sqlite`)}`;
  const keys = [folder.path("keys/ledger.key"), folder.path("keys/ledger.pub")];
  const bundle = folder.path(`bundle-${i}`);
  const args = [script, events, store, ...keys, bundle, cluster, String(batchSize)];
  const options = {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  } as const;
  const { stdout, stderr, status } = spawnSync(node, args, options);
  expect(status, stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  events = folder.path("events.ndjson");
  await run("simulate", "--scenario", "stormy", "--days", "1", "--seed", "5", "--out", events);
  await run("keys", "new", "--out", folder.path("keys"), "--name", "test");
  cluster = /"cluster":"([^"]+)"/.exec(readFileSync(events, "utf8"))?.[1] ?? "";
  expected = printedBy(here, 0);
});

describe("reports, restatements, differences, proofs, bundles and the output of verify", () => {
  test("come from a ledger in which something changed", () => {
    expect(expected).toContain("verified: no findings");
    expect(expected).toMatch(/issued reports +1 recomputed/);
    expect(expected).toContain("equal byte for byte");
    expect(expected).toContain('"eventIds":["00000000-0000-4000-8000-000000000001"]');
  });

  test.each(machines.map((machine, i) => [machine.name, machine, i + 1] as const))(
    "are the same bytes on %s",
    (_, machine, i) => {
      const printed = printedBy(machine, i).split("\n");
      const lines = expected.split("\n");
      // The first line that differs, rather than two megabytes of text.
      const at = lines.findIndex((line, n) => line !== printed[n]);
      expect(at === -1 ? null : [lines[at], printed[at]]).toBeNull();
      expect(printed).toHaveLength(lines.length);
    },
  );
});
