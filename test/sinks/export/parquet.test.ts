import { DuckDBInstance } from "@duckdb/node-api";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rowGroupRows } from "../../../src/limits/sinks.ts";
import { parquetOf } from "../../../src/sinks/export/parquet.ts";
import { columnsOf } from "../../../src/sinks/export/table.ts";
import { tableNames } from "../../../src/sinks/export/tables.ts";
import { beforeReturn, exportedLedger } from "./exported-ledger.ts";

async function ask(sql: string): Promise<unknown[]> {
  const database = await DuckDBInstance.create(":memory:");
  const connection = await database.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

async function typesOf(file: string): Promise<Record<string, string>> {
  const described = await ask(`DESCRIBE SELECT * FROM '${file}'`);
  return Object.fromEntries(
    (described as { column_name: string; column_type: string }[]).map((column) => [
      column.column_name,
      column.column_type,
    ]),
  );
}

describe("an export to Parquet, read back by DuckDB", () => {
  const ledger = exportedLedger();

  test("has every event with the types of its columns", async () => {
    const { file, code, said } = await ledger.exported("events.parquet", "--format", "parquet");
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^(exporting.*\n)*1\d rows of events exported, as of sequence 1\d\n$/,
      ),
    });
    expect(await typesOf(file)).toEqual({
      sequence: "BIGINT",
      id: "VARCHAR",
      type: "VARCHAR",
      schema_version: "BIGINT",
      cluster: "VARCHAR",
      stream: "VARCHAR",
      revision: "BIGINT",
      occurred_at: "TIMESTAMP WITH TIME ZONE",
      recorded_at: "TIMESTAMP WITH TIME ZONE",
      actor: "VARCHAR",
      source: "VARCHAR",
      reason: "VARCHAR",
      decision: "JSON",
      data: "JSON",
    });
    const rows = await ask(`
      SELECT sequence, type, cluster, epoch_ms(occurred_at) AS at, data->>'faultId' AS fault, actor, decision
      FROM '${file}' WHERE type = 'NodeFailed' ORDER BY sequence`);
    const of = (sequence: string, at: string, fault: string) => ({
      sequence,
      type: "NodeFailed",
      cluster: "alpha",
      at: String(Date.parse(at)),
      fault,
      actor: null,
      decision: null,
    });
    expect(rows).toEqual([
      of("4", "2026-03-02T00:00:00Z", "f1"),
      of("6", "2026-03-20T00:00:00Z", "f2"),
    ]);
  });

  test("has the faults, with their repair times", async () => {
    const { file } = await ledger.exported(
      "faults.parquet",
      "--format",
      "parquet",
      "--table",
      "faults",
    );
    const types = await typesOf(file);
    expect(types).toMatchObject({
      since: "TIMESTAMP WITH TIME ZONE",
      until: "TIMESTAMP WITH TIME ZONE",
      duration_ms: "BIGINT",
    });
    expect(
      await ask(`SELECT node, fault_id, component, outcome, duration_ms FROM '${file}'`),
    ).toEqual([
      {
        node: "n1",
        fault_id: "f1",
        component: "gpu",
        outcome: "repaired",
        duration_ms: String(12 * 3_600_000),
      },
      {
        node: "n2",
        fault_id: "f2",
        component: null,
        outcome: "repaired",
        duration_ms: String(25 * 86_400_000),
      },
    ]);
  });

  test("is as of an earlier position, if that is asked: the fault is open there", async () => {
    const asOf = ["--as-of", String(beforeReturn)];
    const { file, said } = await ledger.exported(
      "earlier.parquet",
      "--format",
      "parquet",
      "--table",
      "faults",
      ...asOf,
    );
    expect(said).toContain(`as of sequence ${beforeReturn}`);
    expect(await ask(`SELECT outcome, until FROM '${file}' WHERE fault_id = 'f2'`)).toEqual([
      { outcome: "open", until: null },
    ]);
  });

  test("has the states of nodes, whose lengths sum to the members' time", async () => {
    const { file } = await ledger.exported(
      "states.parquet",
      "--format",
      "parquet",
      "--table",
      "node_states",
    );
    expect(
      await ask(`SELECT state, count(*)::INT AS stretches,
          sum(epoch_ms(coalesce(until, TIMESTAMPTZ '2026-04-15 12:00:00Z')) - epoch_ms(since))::BIGINT AS ms
        FROM '${file}' WHERE cluster = 'alpha' GROUP BY state ORDER BY state`),
    ).toEqual([
      { state: "down", stretches: 2, ms: String(25.5 * 86_400_000) },
      { state: "in-service", stretches: 4, ms: String((2 * 73.5 - 25.5) * 86_400_000) },
    ]);
  });

  test("has jobs and what interrupted them", async () => {
    const jobs = await ledger.exported("jobs.parquet", "--format", "parquet", "--table", "jobs");
    expect(await typesOf(jobs.file)).toMatchObject({ uptime: "DOUBLE", runs: "BIGINT" });
    expect(
      await ask(`SELECT job, runs, interrupted_ms, crashes, ended_at FROM '${jobs.file}'`),
    ).toEqual([
      { job: "train", runs: "1", interrupted_ms: "3600000", crashes: "1", ended_at: null },
    ]);
    const { file } = await ledger.exported(
      "interruptions.parquet",
      "--format",
      "parquet",
      "--table",
      "interruptions",
    );
    expect(await typesOf(file)).toMatchObject({ is_crash: "BOOLEAN", node_count: "BIGINT" });
    expect(await ask(`SELECT job, kind, is_crash, node_count FROM '${file}'`)).toEqual([
      { job: "train", kind: "software", is_crash: true, node_count: "2" },
    ]);
  });

  test("has a schema even where a table has no rows", async () => {
    for (const table of tableNames) {
      const { file } = await ledger.exported(
        `empty-${table}.parquet`,
        "--format",
        "parquet",
        "--table",
        table,
        "--as-of",
        "0",
      );
      expect(Object.keys(await typesOf(file)).length).toBeGreaterThan(4);
      expect(await ask(`SELECT count(*)::INT AS rows FROM '${file}'`)).toEqual([{ rows: 0 }]);
    }
  });

  test("goes on in a further row group where one is full", async () => {
    const rows = Array.from({ length: rowGroupRows + 1 }, (_, i) => ({ i, word: `w${i}` }));
    async function* batches() {
      yield rows;
    }
    const pieces: Uint8Array[] = [];
    const table = { columns: columnsOf("i:int word:text"), rows: batches() };
    for await (const piece of parquetOf(table)) pieces.push(piece);
    expect(pieces).toHaveLength(2);
    const file = ledger.path("groups.parquet");
    writeFileSync(file, Buffer.concat(pieces));
    expect(
      await ask(
        `SELECT count(DISTINCT row_group_id)::INT AS groups FROM parquet_metadata('${file}')`,
      ),
    ).toEqual([{ groups: 2 }]);
    expect(await ask(`SELECT sum(i)::BIGINT AS sum, max(word) AS word FROM '${file}'`)).toEqual([
      { sum: String((rowGroupRows * (rowGroupRows + 1)) / 2), word: "w9999" },
    ]);
  });
});
