import { parse } from "csv-parse/sync";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { exportedLedger, recordedAt } from "./exported-ledger.ts";

describe("an export of a table", () => {
  const ledger = exportedLedger();

  test("as NDJSON has a line for each event, in order, with the data as JSON", async () => {
    const { code, out } = await ledger.toStandardOutput("--table", "events");
    expect(code).toBe(0);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, i) => i + 1));
    expect(lines[3]).toEqual({
      sequence: 4,
      id: expect.any(String),
      type: "NodeFailed",
      schema_version: 1,
      cluster: "alpha",
      stream: "node-alpha:n1",
      revision: 1,
      occurred_at: "2026-03-02T00:00:00.000Z",
      recorded_at: recordedAt,
      actor: null,
      source: null,
      reason: null,
      decision: null,
      data: { cluster: "alpha", node: "n1", faultId: "f1", category: "hardware", component: "gpu" },
    });
  });

  test("as CSV has a heading and the same values, and no text that is run as a formula", async () => {
    const { file } = await ledger.exported("events.csv", "--format", "csv");
    const text = readFileSync(file, "utf8");
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows[3]).toMatchObject({ sequence: "4", type: "NodeFailed", actor: "" });
    expect(JSON.parse(rows[3]?.["data"] ?? "")).toMatchObject({ faultId: "f1" });
    const states = await ledger.toStandardOutput("--format", "csv", "--table", "node_states");
    expect(states.out.split("\n")[0]).toBe("cluster,node,state,since,until");
    // A spreadsheet may take what follows a semicolon for a cell of its own.
    expect(rows.find(({ reason }) => reason !== "")?.["reason"]).toBe("'=1+1;'-2");
  });

  test("is refused past the end of the ledger, and leaves no file", async () => {
    const { code, said, file } = await ledger.exported(
      "late.csv",
      "--format",
      "csv",
      "--as-of",
      "999",
    );
    expect(code).toBe(2);
    expect(said).toContain("sequence 999 was requested, but the ledger ends at");
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(dirname(file)).filter((name) => name.includes(".part"))).toEqual([]);
  });

  test("is refused where it says nothing: Parquet as text, a bundle of one table", async () => {
    const parquet = await ledger.toStandardOutput("--format", "parquet");
    expect([parquet.code, parquet.said]).toEqual([
      2,
      "fleetledger: Parquet is no text: name a file instead of -\n",
    ]);
    const bundle = await ledger.exported("x.bundle", "--bundle", "--key", "k", "--table", "faults");
    expect([bundle.code, bundle.said]).toEqual([2, expect.stringContaining("leave out --table")]);
  });

  test("without these options stays the form that `import events` takes", async () => {
    const { out } = await ledger.toStandardOutput();
    const first: unknown = JSON.parse(out.split("\n")[0] ?? "");
    expect(Object.keys(first as object)).toEqual([
      "data",
      "id",
      "occurredAt",
      "recordedAt",
      "schemaVersion",
      "type",
    ]);
  });
});
