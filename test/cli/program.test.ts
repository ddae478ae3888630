/** The command line from outside: what it takes, what it answers, and how it ends. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { run, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** One node for the first quarter of 2026, down for one day of March. */
const events = [
  ["NodeCommissioned", "2026-01-01T00:00:00Z", {}],
  ["NodeFailed", "2026-03-10T00:00:00Z", { faultId: "f1", category: "hardware" }],
  ["NodeReturned", "2026-03-11T00:00:00Z", { faultIds: ["f1"] }],
  ["NodeDecommissioned", "2026-04-01T00:00:00Z", {}],
].map(([type, occurredAt, data], i) => ({
  id: id(i + 1),
  type,
  occurredAt,
  data: { cluster: "c", node: "n1", ...(data as object) },
}));

function writeEvents(name: string, lines: readonly unknown[]): string {
  const path = folder.path(name);
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(path, `${texts.join("\n")}\n`);
  return path;
}

describe("the command line", () => {
  test.for([
    [],
    ["demo"],
    ["serve"],
    ["simulate"],
    ["import"],
    ["import", "events"],
    ["import", "outages"],
    ["report"],
    ["events"],
    ["export"],
  ])("with %j --help prints the usage", async (command) => {
    const { code, out, said } = await run(...command, "--help");
    expect({ code, said }).toEqual({ code: 0, said: "" });
    expect(out).toMatch(/^Usage: fleetledger/);
  });

  test.for([
    [["correct"], ["--reason <text>", "--actor <text>"]],
    [["retract"], ["--reason <text>", "--actor <text>"]],
    [["prove"], ["--out <file>"]],
    [["report"], ["--cluster <name>"]],
    [
      ["report", "issue"],
      ["--cluster <name>", "--period <period>"],
    ],
    [["export"], ["--store <name>"]],
  ] as const)("with %j --help marks the required options", async ([command, options]) => {
    const { out } = await run(...command, "--help");
    const marked = Array.from(
      out.matchAll(/^ {2}(--\S+ <\w+>) [^]*?(?=^ {2}-|^$)/gm),
      ([lines, option]) => (/\(required\)/.test(lines.replace(/\s+/g, " ")) ? option : null),
    );
    expect(marked.filter((option) => option !== null)).toEqual(options);
  });

  test.for([
    [["nonsense"], "unknown command 'nonsense'"],
    [["report", "--cluster", "c"], "Name its store by --store"],
    [["report", "--store", "sqlite:x"], "required option '--cluster <name>'"],
    [["report", "issue", "--store", "sqlite:x", "--cluster", "c"], "--period <period>"],
    [["report", "--store", "sqlite:x", "--cluster", "c", "--format", "xml"], "text, json, csv"],
    [["serve", "--store", "sqlite:x", "--port", "70000"], "from 0 to 65535"],
    [["events", "--store", "sqlite:x", "--type", "Nothing"], "The event types are"],
    [["import", "outages", "x", "--store", "sqlite:x", "--map", "/nowhere.json"], "no such file"],
    [["simulate", "--scenario", "none", "--out", "-"], "supercomputer"],
  ] as const)("called as %j says what is wrong and exits with 2", async ([args, word]) => {
    const { code, out, said } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(said).toContain(word);
  });

  test("for a missing ledger says so and creates none", async () => {
    const store = `sqlite:${folder.path("none.sqlite")}`;
    const { code, said } = await run("report", "--store", store, "--cluster", "c");
    expect(code).toBe(2);
    expect(said).toContain("none.sqlite");
  });
});

describe("import events", () => {
  const store = `sqlite:${folder.path("import.sqlite")}`;

  test("reports the outcome of the lines, and the line and pointer of each that is refused", async () => {
    const bad = {
      ...events[1],
      id: id(9),
      data: { cluster: "c", faultId: "f", category: "magic" },
    };
    const file = writeEvents("mixed.ndjson", [
      events[0],
      "{not json",
      bad,
      "",
      events[0],
      events[1],
    ]);
    const refusedFile = folder.path("refused.ndjson");
    const args = ["import", "events", file, "--store", store, "--format", "json"];
    const { code, out, said } = await run(...args, "--refused", refusedFile);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      appended: 2,
      duplicates: 1,
      refused: 2,
      lastSequence: 2,
    });
    expect(said).toMatch(/^line 2: /m);
    expect(said).toMatch(/^line 3: .*\/data\/node/m);
    const listed = readFileSync(refusedFile, "utf8").trim().split("\n");
    expect(listed.map((line) => JSON.parse(line).line)).toEqual([2, 3]);
  });

  test("shows the first refusals and the number of further ones", async () => {
    const file = writeEvents(
      "bad.ndjson",
      Array.from({ length: 50 }, () => "nonsense"),
    );
    const { code, said } = await run("import", "events", file, "--store", store);
    expect(code).toBe(1);
    expect(said.match(/^line /gm)).toHaveLength(20);
    expect(said).toContain("and 30 more refused lines; --refused FILE lists them all");
  });

  test("run again appends nothing", async () => {
    const file = writeEvents("all.ndjson", events);
    await run("import", "events", file, "--store", store);
    const { code, out } = await run("import", "events", file, "--store", store, "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ appended: 0, duplicates: 4, refused: 0 });
  });

  test("preserves recorded times only in an empty ledger", async () => {
    const kept = events.map((event) => ({ ...event, recordedAt: event.occurredAt }));
    const file = writeEvents("kept.ndjson", kept);
    const args = ["import", "events", file, "--keep-recorded-at", "--store"];
    expect((await run(...args, store)).code).toBe(1);
    const fresh = `sqlite:${folder.path("kept.sqlite")}`;
    expect((await run(...args, fresh)).code).toBe(0);
    const { out } = await run("events", "--store", fresh, "--limit", "1");
    expect(JSON.parse(out)).toMatchObject({ sequence: 1, recordedAt: "2026-01-01T00:00:00.000Z" });
    const report = await run("report", "--store", fresh, "--cluster", "c", "--period", "2026-03");
    expect(report.out).toContain("recorded times were preserved");
  });
});

describe("a ledger of one node", () => {
  const store = `sqlite:${folder.path("one.sqlite")}`;
  const report = ["report", "--store", store, "--cluster", "c", "--period", "2026-03"];

  beforeAll(async () => {
    await run("import", "events", writeEvents("one.ndjson", events), "--store", store);
  });

  test("is reported as text, with units and against the targets", async () => {
    const { code, out } = await run(...report);
    expect(code).toBe(0);
    expect(out).toMatch(/contractual +96\.774194 % +at least 95 %: met/);
    expect(out).toMatch(/Down +24\.0 node-h/);
    expect(out).toMatch(/MTTR of closed faults +24 h 00 min +at most 2 d 00 h: met/);
  });

  test("is reported as the SLA document", async () => {
    const { out } = await run(...report, "--format", "json");
    expect(JSON.parse(out)).toMatchObject({
      cluster: "c",
      period: { label: "2026-03", complete: true },
      nis: { raw: 0.967741935, downNodeMs: 86_400_000 },
      mttr: { faultsClosed: 1, meanMs: 86_400_000 },
    });
    const canonical = await run(...report, "--format", "json", "--canonical");
    expect(JSON.parse(canonical.out)).toEqual(JSON.parse(out));
    expect(canonical.out.trim()).not.toContain("\n");
  });

  test("is reported as CSV, one line per figure", async () => {
    const { out } = await run(...report, "--format", "csv");
    expect(out.split("\r\n")).toContain("nis,,downNodeMs,86400000,node-ms");
  });

  test("is reported as it was at an earlier sequence", async () => {
    const { out } = await run(...report, "--format", "json", "--as-of", "2");
    expect(JSON.parse(out)).toMatchObject({ asOf: { sequence: 2 }, mttr: { faultsClosed: 0 } });
    expect((await run(...report, "--as-of", "5")).code).toBe(2);
  });

  test.for([
    ["--period", "2026-13"],
    ["--period", "2099"],
    ["--zone", "Mars/Olympus"],
    ["--cluster", "d"],
  ])("is not reported with the wrong option %s %s", async (option) => {
    expect(await run(...report, ...option)).toMatchObject({ code: 2, out: "" });
  });

  test("lists its events, filtered", async () => {
    const list = async (...options: string[]) => {
      const { out } = await run("events", "--store", store, ...options);
      return out
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line).sequence as number);
    };
    expect(await list()).toEqual([1, 2, 3, 4]);
    expect(await list("--type", "NodeFailed")).toEqual([2]);
    expect(await list("--from", "3", "--limit", "1")).toEqual([3]);
    expect(await list("--stream", "node-c:n2")).toEqual([]);
    expect(
      await list("--since", "2026-03-10T00:00:00Z", "--until", "2026-04-01T00:00:00Z"),
    ).toEqual([2, 3]);
  });

  test("is the same ledger after its export is imported", async () => {
    const file = folder.path("export.ndjson");
    expect((await run("export", file, "--store", store)).code).toBe(0);
    const copy = `sqlite:${folder.path("copy.sqlite")}`;
    await run("import", "events", file, "--keep-recorded-at", "--store", copy);
    const again = await run("export", "-", "--store", copy);
    expect(again.out).toBe(readFileSync(file, "utf8"));
  });
});

describe("simulate", () => {
  test("writes the same events and books for the same seed", async () => {
    const write = async (name: string) => {
      const file = folder.path(name);
      const args = ["simulate", "--scenario", "quiet", "--days", "3", "--seed", "5"];
      const outcome = await run(...args, "--out", file, "--truth", `${file}.json`);
      expect(outcome.code).toBe(0);
      return readFileSync(file, "utf8");
    };
    const first = await write("a.ndjson");
    expect(first).toBe(await write("b.ndjson"));
    expect(JSON.parse(readFileSync(folder.path("a.ndjson.json"), "utf8"))).toMatchObject({
      scenario: "quiet",
      seed: 5,
    });
  });
});

describe("demo", () => {
  const quiet = ["demo", "--scenario", "quiet", "--days", "40", "--no-serve"];
  const lastRecorded = async (data: string) => {
    const ledger = await openLedger({ store: `sqlite:${data}/demo.sqlite`, mode: "read" });
    const { sequence } = await ledger.store.head();
    const [last] = await ledger.store.query({ after: sequence - 1, limit: 1 });
    await ledger.close();
    return last?.recordedAt;
  };

  test("prints the reports of the last full month of every cluster", async () => {
    const data = folder.path("demo");
    const args = [...quiet, "--data", data, "--until", "2026-04-01T12:00:00Z"];
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    expect(out).toMatch(/SLA report .* 2026-03 /);
    expect(await lastRecorded(data)).toBe(Date.parse("2026-04-01T12:00:00Z"));
    expect(await run(...args)).toMatchObject({ code: 2, out: "" });
  });

  test("ends now by default, so that an event of today can follow", async () => {
    const data = folder.path("demo-now");
    const before = Date.now();
    expect((await run(...quiet, "--data", data)).code).toBe(0);
    const last = await lastRecorded(data);
    expect(last).toBeGreaterThanOrEqual(before);
    expect(last).toBeLessThanOrEqual(Date.now());
  });

  test("refuses an end in the future, and creates no ledger", async () => {
    const data = folder.path("demo-later");
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const { code, said } = await run(...quiet, "--data", data, "--until", until);
    expect([code, said]).toEqual([2, expect.stringContaining("--until is in the future")]);
    expect(existsSync(data)).toBe(false);
  });
});
