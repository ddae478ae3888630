/** Outage logs with every trap that a log can have: a bad row costs only that row, and gets a clear word. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { importOutages } from "../../../src/sources/outages/import-outages.ts";
import type { RowWord } from "../../../src/sources/outages/import-outages.ts";
import { outageMap } from "../../../src/sources/outages/outage-map.ts";
import { PlainLedger } from "./plain-ledger.ts";

const folder = mkdtempSync(join(tmpdir(), "fleetledger-outages-"));
afterAll(() => rmSync(folder, { recursive: true }));

const columns = "System,nodes,node,from,to,Hardware,Software,Undetermined";

const plan = {
  name: "site",
  cluster: "c{System}",
  node: "{node}",
  start: "from",
  end: "to",
  time: { format: "M/d/yyyy H:mm", zone: "America/Denver" },
  cause: { columns: { Hardware: "hardware", Software: "software", Undetermined: "unknown" } },
  component: { fromCause: true },
  members: { nodes: { countColumn: "nodes" }, from: "2002-01-01", to: "2004-01-01" },
};

let files = 0;

async function run(
  rows: readonly string[],
  changes: object = {},
  header = columns,
  encoding: "utf8" | "latin1" = "utf8",
) {
  const path = join(folder, `log-${++files}.csv`);
  writeFileSync(path, `${[header, ...rows].join("\r\n")}\r\n`, encoding);
  const ledger = new PlainLedger();
  const words: RowWord[] = [];
  const summary = await importOutages(ledger, {
    path,
    map: outageMap.parse({ ...plan, ...changes }),
    filters: [],
    onWord: (word) => {
      words.push(word);
    },
    onProgress: () => undefined,
  });
  return { ledger, words, summary };
}

const faults = (ledger: PlainLedger) => ledger.events.filter(({ type }) => type === "NodeFailed");
const refusals = (words: readonly RowWord[]) =>
  words.filter(({ kind }) => kind === "refused").map(({ row, text }) => `${row}: ${text}`);

describe("an outage", () => {
  test("becomes a failure and then a return, named by its row, in UTC", async () => {
    const { ledger } = await run(["7,2,1,3/1/2003 10:00,3/1/2003 12:30,CPU,,"]);
    expect(ledger.events.slice(-2)).toMatchObject([
      {
        type: "NodeFailed",
        occurredAt: Date.UTC(2003, 2, 1, 17),
        data: {
          cluster: "c7",
          node: "1",
          faultId: "row-1",
          category: "hardware",
          component: "cpu",
        },
      },
      {
        type: "NodeReturned",
        occurredAt: Date.UTC(2003, 2, 1, 19, 30),
        data: { cluster: "c7", node: "1", faultIds: ["row-1"] },
      },
    ]);
  });

  test("that is in the log twice is two outages", async () => {
    const row = "7,2,1,3/1/2003 10:00,3/1/2003 12:30,CPU,,";
    const { ledger } = await run([row, row]);
    expect(ledger.report("c7", "2003", "America/Denver").mttr.faultsClosed).toBe(2);
  });

  test("without duration is a repair without duration", async () => {
    const { ledger } = await run(["7,2,1,3/1/2003 10:00,3/1/2003 10:00,CPU,,"]);
    expect(ledger.report("c7", "2003", "America/Denver").mttr).toMatchObject({
      faultsClosed: 1,
      meanMs: 0,
    });
  });

  test("without a cause gets the cause unknown, and is counted as such", async () => {
    const { ledger, summary } = await run(["7,2,1,3/1/2003 10:00,3/1/2003 11:00,,,"]);
    expect(summary.notes).toEqual({ "no-cause": 1 });
    expect(faults(ledger)).toMatchObject([{ data: { category: "unknown" } }]);
  });

  test("whose cause only repeats the column's name gets no component", async () => {
    const { ledger } = await run(["7,2,1,3/1/2003 10:00,3/1/2003 11:00,,,Undetermined"]);
    expect(faults(ledger)[0]?.data).not.toHaveProperty("component");
  });

  test("without an end stays open", async () => {
    const { ledger, summary } = await run(["7,2,1,3/1/2003 10:00,,CPU,,"]);
    expect(summary.notes).toEqual({ "no-end": 1 });
    const { mttr } = ledger.report("c7", "2003", "America/Denver");
    expect(mttr.open).toMatchObject([{ faultId: "row-1", node: "1" }]);
  });
});

describe("a local time", () => {
  test("that clocks skipped makes its row refused, and no other", async () => {
    const { ledger, words, summary } = await run([
      "7,2,1,4/6/2003 2:30,4/6/2003 9:00,CPU,,",
      "7,2,0,4/6/2003 3:00,4/6/2003 9:00,CPU,,",
    ]);
    expect(refusals(words)).toEqual([
      "1: from: the local time 4/6/2003 2:30 does not exist in America/Denver (clocks were set forward past it)",
    ]);
    expect(summary.refused).toBe(1);
    expect(faults(ledger)).toMatchObject([{ data: { faultId: "row-2" } }]);
  });

  test("that occurs twice means the first occurrence, and the event says so", async () => {
    const { ledger, summary } = await run(["7,2,1,10/26/2003 1:30,10/26/2003 9:00,CPU,,"]);
    expect(summary.notes).toEqual({ "local-time-twice": 1 });
    expect(faults(ledger)[0]?.occurredAt).toBe(Date.UTC(2003, 9, 26, 7, 30));
  });

  test("that occurs twice means the second if the outage would otherwise end before it began", async () => {
    const { ledger } = await run(["7,2,1,10/26/2003 1:50,10/26/2003 1:10,CPU,,"]);
    expect(ledger.events.at(-1)).toMatchObject({
      type: "NodeReturned",
      occurredAt: Date.UTC(2003, 9, 26, 8, 10),
    });
  });

  test.for([
    ["2/30/2003 10:00", "is not a time of the form M/d/yyyy H:mm"],
    ["2003-03-01 10:00", "is not a time of the form M/d/yyyy H:mm"],
    ["", "from is blank"],
  ])("such as %j as a start makes its row refused", async ([start, word]) => {
    const { words } = await run([`7,2,1,${start},3/1/2003 11:00,CPU,,`]);
    expect(refusals(words)).toEqual([expect.stringContaining(word ?? "")]);
  });

  test.for([
    ["rfc3339", "2003-03-01T10:00:00+01:00"],
    ["unix", "1046509200"],
    ["unix-ms", "1046509200000"],
  ])("may be written as an instant: %s", async ([format = "", start]) => {
    const time = { format, zone: "Europe/Berlin" };
    const { ledger } = await run([`7,2,1,${start},${start},CPU,,`], { time });
    expect(faults(ledger)[0]?.occurredAt).toBe(Date.UTC(2003, 2, 1, 9));
  });

  test("as an end before the start makes its row refused", async () => {
    const { words } = await run(["7,2,1,3/1/2003 10:00,3/1/2003 9:00,CPU,,"]);
    expect(refusals(words)).toEqual(["1: to 3/1/2003 9:00 lies before from 3/1/2003 10:00"]);
  });
});

describe("the members of a system", () => {
  test("are as many nodes as the node count says, including those without an outage", async () => {
    const { ledger } = await run(["7,3,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,"]);
    const { nis } = ledger.report("c7", "2003", "America/Denver");
    expect(nis.memberNodeMs).toBe(3 * 31_536_000_000);
  });

  test("are a single node if the count is one", async () => {
    const { ledger, words } = await run(["7,1,0,3/1/2003 10:00,3/2/2003 10:00,CPU,,"]);
    expect(words).toEqual([]);
    const { nis } = ledger.report("c7", "2003", "America/Denver");
    expect(nis).toMatchObject({ memberNodeMs: 31_536_000_000, downNodeMs: 86_400_000 });
  });

  test("exclude a node beyond the count: its fault is a finding, and the row gets a note", async () => {
    const { ledger, words } = await run([
      "7,2,2,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
    ]);
    expect(words).toMatchObject([{ row: 1, line: 2, kind: "node-not-a-member" }]);
    const report = ledger.report("c7", "2003", "America/Denver");
    expect(report.mttr.faultsClosed).toBe(1);
    expect(report.dataQuality.findings).toEqual({ "not-a-member": 1 });
  });

  test("follow from other rows if the count is blank, and the row gets a note", async () => {
    const { ledger, words } = await run([
      "7,,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,2,1,3/2/2003 10:00,3/2/2003 11:00,CPU,,",
      "8,,0,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
    ]);
    expect(words.map(({ row, kind }) => `${row} ${kind}`)).toEqual([
      "1 no-node-count",
      "3 no-node-count",
      "3 node-not-a-member",
    ]);
    expect(ledger.report("c7", "2003", "America/Denver").mttr.faultsClosed).toBe(2);
    expect(ledger.report("c8", "2003", "America/Denver").nis.contractual).toBeNull();
  });

  test("are as many as the largest count if rows differ, and the row gets a note", async () => {
    const { words } = await run([
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,4,3,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
    ]);
    expect(words).toMatchObject([{ row: 1, kind: "node-count-differs" }]);
  });

  test("may be listed by name, with leading zeros in their numbers", async () => {
    const members = { nodes: { list: ["n[01-03]"] }, from: "2003-01-01", to: "2003-01-02" };
    const { ledger } = await run(["7,,n02,1/1/2003 0:00,1/1/2003 12:00,CPU,,"], { members });
    const { nis } = ledger.report("c7", "2003", "America/Denver");
    expect(nis).toMatchObject({ memberNodeMs: 3 * 86_400_000, downNodeMs: 43_200_000 });
  });
});

describe("an outage log", () => {
  test("loses only its invalid rows", async () => {
    const { words, ledger } = await run([
      "7,2,,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,2,1",
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,,,",
      ",2,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,2,a b,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
    ]);
    expect(refusals(words)).toEqual([
      '1: names no node: a column of "{node}" is blank',
      "2: has 3 fields but the header has 8",
      '4: names no cluster: a column of "c{System}" is blank',
      expect.stringContaining("5: NodeFailed was refused"),
      expect.stringContaining("5: NodeReturned was refused"),
    ]);
    expect(faults(ledger)).toMatchObject([{ data: { faultId: "row-3" } }]);
  });

  test("in an encoding other than UTF-8 loses only the rows affected", async () => {
    const rows = [
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,Kühler,,",
      "7,2,1,3/2/2003 10:00,3/2/2003 11:00,CPU,,",
    ];
    const whole = rows.map((row) => `${row},groß`);
    const read = await run(whole, {}, `${columns},Größe`, "latin1");
    expect(refusals(read.words)).toEqual([
      '1: Hardware: "K\uFFFDhler" is not UTF-8; the file was saved in another encoding',
    ]);
    expect(faults(read.ledger)).toMatchObject([{ data: { faultId: "row-2" } }]);
    const inUtf8 = await run(whole, {}, `${columns},Größe`);
    expect(faults(inUtf8.ledger)).toHaveLength(2);
  });

  test("with causes in a single column is read by their names", async () => {
    const cause = { column: "Hardware", values: { HW: "hardware" } };
    const { ledger, summary } = await run(
      ["7,2,1,3/1/2003 10:00,3/1/2003 11:00,HW,,", "7,2,1,3/1/2003 10:00,3/1/2003 11:00,odd,,"],
      { cause, component: undefined },
    );
    expect(faults(ledger)).toMatchObject([
      { data: { category: "hardware" } },
      { data: { category: "unknown" } },
    ]);
    expect(summary.notes).toEqual({ "cause-not-in-map": 1 });
  });

  test("that lacks a column of the map is refused completely", async () => {
    await expect(run(["7,2"], {}, "System,nodes")).rejects.toThrow(/no column "node"/);
  });

  test("with an unclosed quote is refused from there on", async () => {
    await expect(run(['7,2,"1,3/1/2003 10:00,,,,'])).rejects.toThrow(/not well-formed CSV/);
  });
});
