/** Outage logs with every trap that a log can have: a bad row costs only that row, and gets a clear word. */
import { describe, expect, test } from "vitest";
import type { SourceOf } from "../../../src/sources/config/sources-file.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { PlainLedger } from "./plain-ledger.ts";

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

interface Word {
  readonly row: number;
  readonly kind: string;
  readonly text: string;
}

function run(
  rows: readonly string[],
  changes: object = {},
  header = columns,
  encoding: "utf8" | "latin1" = "utf8",
) {
  const bytes = Buffer.from(`${[header, ...rows].join("\r\n")}\r\n`, encoding);
  const ledger = new PlainLedger();
  const {
    sources: [source],
  } = readSources({ sources: [{ kind: "csv", ...plan, ...changes }] });
  const answer = ledger.take(source as SourceOf<"csv">, bytes.toString("utf8"));
  const rowOf = (path: string) => Number(path.split("/").at(-1));
  const words: Word[] = [
    ...answer.refused.map(({ path, detail }) => ({
      row: rowOf(path),
      kind: "refused",
      text: detail,
    })),
    ...answer.notes.map(({ path, kind = "", detail }) => ({
      row: rowOf(path),
      kind,
      text: detail,
    })),
  ];
  const notes: Record<string, number> = {};
  for (const { kind = "" } of answer.notes) notes[kind] = (notes[kind] ?? 0) + 1;
  return { ledger, words, summary: { ...answer, notes, refused: answer.refused.length } };
}

const faults = (ledger: PlainLedger) => ledger.events.filter(({ type }) => type === "NodeFailed");
const refusals = (words: readonly Word[]) =>
  words.filter(({ kind }) => kind === "refused").map(({ row, text }) => `${row}: ${text}`);

describe("an outage", () => {
  test("becomes a failure and then a return, named by its row, in UTC", () => {
    const { ledger } = run(["7,2,1,3/1/2003 10:00,3/1/2003 12:30,CPU,,"]);
    expect(ledger.events.slice(-2)).toMatchObject([
      {
        type: "NodeFailed",
        occurredAt: Date.UTC(2003, 2, 1, 17),
        data: {
          cluster: "c7",
          node: "1",
          faultId: "site:row-1@2003-03-01T17:00:00.000Z",
          category: "hardware",
          component: "cpu",
        },
      },
      {
        type: "NodeReturned",
        occurredAt: Date.UTC(2003, 2, 1, 19, 30),
        data: { cluster: "c7", node: "1", faultIds: ["site:row-1@2003-03-01T17:00:00.000Z"] },
      },
    ]);
  });

  test("that is in the log twice is two outages", () => {
    const row = "7,2,1,3/1/2003 10:00,3/1/2003 12:30,CPU,,";
    const { ledger } = run([row, row]);
    expect(ledger.report("c7", "2003", "America/Denver").mttr.faultsClosed).toBe(2);
  });

  test("without duration is a repair without duration", () => {
    const { ledger } = run(["7,2,1,3/1/2003 10:00,3/1/2003 10:00,CPU,,"]);
    expect(ledger.report("c7", "2003", "America/Denver").mttr).toMatchObject({
      faultsClosed: 1,
      meanMs: 0,
    });
  });

  test("without a cause gets the cause unknown, and is counted as such", () => {
    const { ledger, summary } = run(["7,2,1,3/1/2003 10:00,3/1/2003 11:00,,,"]);
    expect(summary.notes).toEqual({ "no-cause": 1 });
    expect(faults(ledger)).toMatchObject([{ data: { category: "unknown" } }]);
  });

  test("whose cause only repeats the column's name gets no component", () => {
    const { ledger } = run(["7,2,1,3/1/2003 10:00,3/1/2003 11:00,,,Undetermined"]);
    expect(faults(ledger)[0]?.data).not.toHaveProperty("component");
  });

  test("without an end stays open", () => {
    const { ledger, summary } = run(["7,2,1,3/1/2003 10:00,,CPU,,"]);
    expect(summary.notes).toEqual({ "no-end": 1 });
    const { mttr } = ledger.report("c7", "2003", "America/Denver");
    expect(mttr.open).toMatchObject([
      { faultId: "site:row-1@2003-03-01T17:00:00.000Z", node: "1" },
    ]);
  });
});

describe("a local time", () => {
  test("that clocks skipped makes its row refused, and no other", () => {
    const { ledger, words, summary } = run([
      "7,2,1,4/6/2003 2:30,4/6/2003 9:00,CPU,,",
      "7,2,0,4/6/2003 3:00,4/6/2003 9:00,CPU,,",
    ]);
    expect(refusals(words)).toEqual([
      "1: from: the local time 4/6/2003 2:30 does not exist in America/Denver (clocks were set forward past it)",
    ]);
    expect(summary.refused).toBe(1);
    expect(faults(ledger)).toMatchObject([
      { data: { faultId: expect.stringContaining("site:row-2@") } },
    ]);
  });

  test("that occurs twice means the first occurrence, and the event says so", () => {
    const { ledger, summary } = run(["7,2,1,10/26/2003 1:30,10/26/2003 9:00,CPU,,"]);
    expect(summary.notes).toEqual({ "local-time-twice": 1 });
    expect(faults(ledger)[0]?.occurredAt).toBe(Date.UTC(2003, 9, 26, 7, 30));
  });

  test("that occurs twice means the second if the outage would otherwise end before it began", () => {
    const { ledger } = run(["7,2,1,10/26/2003 1:50,10/26/2003 1:10,CPU,,"]);
    expect(ledger.events.at(-1)).toMatchObject({
      type: "NodeReturned",
      occurredAt: Date.UTC(2003, 9, 26, 8, 10),
    });
  });

  test.for([
    ["2/30/2003 10:00", "is not a time of the form M/d/yyyy H:mm"],
    ["2003-03-01 10:00", "is not a time of the form M/d/yyyy H:mm"],
    ["", "from is blank"],
  ])("such as %j as a start makes its row refused", ([start, word]) => {
    const { words } = run([`7,2,1,${start},3/1/2003 11:00,CPU,,`]);
    expect(refusals(words)).toEqual([expect.stringContaining(word ?? "")]);
  });

  test.for([
    ["rfc3339", "2003-03-01T10:00:00+01:00"],
    ["unix", "1046509200"],
    ["unix-ms", "1046509200000"],
  ])("may be written as an instant: %s", ([format = "", start]) => {
    const time = { format, zone: "Europe/Berlin" };
    const { ledger } = run([`7,2,1,${start},${start},CPU,,`], { time });
    expect(faults(ledger)[0]?.occurredAt).toBe(Date.UTC(2003, 2, 1, 9));
  });

  test("as an end before the start makes its row refused", () => {
    const { words } = run(["7,2,1,3/1/2003 10:00,3/1/2003 9:00,CPU,,"]);
    expect(refusals(words)).toEqual(["1: to 3/1/2003 9:00 lies before from 3/1/2003 10:00"]);
  });
});

describe("the members of a system", () => {
  test("are as many nodes as the node count says, including those without an outage", () => {
    const { ledger } = run(["7,3,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,"]);
    const { nis } = ledger.report("c7", "2003", "America/Denver");
    expect(nis.memberNodeMs).toBe(3 * 31_536_000_000);
  });

  test("are a single node if the count is one", () => {
    const { ledger, words } = run(["7,1,0,3/1/2003 10:00,3/2/2003 10:00,CPU,,"]);
    expect(words).toEqual([]);
    const { nis } = ledger.report("c7", "2003", "America/Denver");
    expect(nis).toMatchObject({ memberNodeMs: 31_536_000_000, downNodeMs: 86_400_000 });
  });

  test("exclude a node beyond the count: its fault is a finding, and the row gets a note", () => {
    const { ledger, words } = run([
      "7,2,2,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
    ]);
    expect(words).toMatchObject([{ row: 1, kind: "node-not-a-member" }]);
    const report = ledger.report("c7", "2003", "America/Denver");
    expect(report.mttr.faultsClosed).toBe(1);
    expect(report.dataQuality.findings).toEqual({ "not-a-member": 1 });
  });

  test("follow from other rows if the count is blank, and the row gets a note", () => {
    const { ledger, words } = run([
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

  test("are as many as the largest count if rows differ, and the row gets a note", () => {
    const { words } = run([
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
      "7,4,3,3/1/2003 10:00,3/1/2003 11:00,CPU,,",
    ]);
    expect(words).toMatchObject([{ row: 1, kind: "node-count-differs" }]);
  });

  test("may be listed by name, with leading zeros in their numbers", () => {
    const members = { nodes: { list: ["n[01-03]"] }, from: "2003-01-01", to: "2003-01-02" };
    const { ledger } = run(["7,,n02,1/1/2003 0:00,1/1/2003 12:00,CPU,,"], { members });
    const { nis } = ledger.report("c7", "2003", "America/Denver");
    expect(nis).toMatchObject({ memberNodeMs: 3 * 86_400_000, downNodeMs: 43_200_000 });
  });
});

describe("an outage log", () => {
  test("loses only its invalid rows", () => {
    const { words, ledger } = run([
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
      expect.stringContaining("5: {node}: a node's name must be"),
    ]);
    expect(faults(ledger)).toMatchObject([
      { data: { faultId: expect.stringContaining("site:row-3@") } },
    ]);
  });

  test("in an encoding other than UTF-8 loses only the rows affected", () => {
    const rows = [
      "7,2,1,3/1/2003 10:00,3/1/2003 11:00,Kühler,,",
      "7,2,1,3/2/2003 10:00,3/2/2003 11:00,CPU,,",
    ];
    const whole = rows.map((row) => `${row},groß`);
    const read = run(whole, {}, `${columns},Größe`, "latin1");
    expect(refusals(read.words)).toEqual([
      '1: Hardware: "K\uFFFDhler" is not UTF-8; the file was saved in another encoding',
    ]);
    expect(faults(read.ledger)).toMatchObject([
      { data: { faultId: expect.stringContaining("site:row-2@") } },
    ]);
    const inUtf8 = run(whole, {}, `${columns},Größe`);
    expect(faults(inUtf8.ledger)).toHaveLength(2);
  });

  test("with causes in a single column is read by their names", () => {
    const cause = { column: "Hardware", values: { HW: "hardware" } };
    const { ledger, summary } = run(
      ["7,2,1,3/1/2003 10:00,3/1/2003 11:00,HW,,", "7,2,1,3/1/2003 10:00,3/1/2003 11:00,odd,,"],
      { cause, component: undefined },
    );
    expect(faults(ledger)).toMatchObject([
      { data: { category: "hardware" } },
      { data: { category: "unknown" } },
    ]);
    expect(summary.notes).toEqual({ "cause-not-in-map": 1 });
  });

  test("that lacks a column of the map is refused completely", () => {
    expect(() => run(["7,2"], {}, "System,nodes")).toThrow(/no column "node"/);
  });
});
