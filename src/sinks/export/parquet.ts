/** Tables as Parquet: a row group is gathered, written and forgotten, so that memory does not grow with the table. */
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet-writer";
import { rowGroupBytes, rowGroupRows } from "../../limits/sinks.ts";
import type { Column, ColumnType, Row, Table } from "./table.ts";

type Element = Omit<SchemaElement, "name" | "repetition_type">;

const elements: Readonly<Record<ColumnType, Element>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  json: { type: "BYTE_ARRAY", converted_type: "JSON" },
  int: { type: "INT64" },
  ratio: { type: "DOUBLE" },
  flag: { type: "BOOLEAN" },
  instant: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
};

/** The bytes of the file, a piece for each row group and one for its end. */
export async function* parquetOf({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema: schemaOf(columns) });
  let group: Row[] = [];
  let bytes = 0;
  for await (const batch of rows) {
    for (const row of batch) {
      group.push(row);
      bytes += sizeOf(columns, row);
      if (group.length < rowGroupRows && bytes < rowGroupBytes) continue;
      await writeGroup(file, columns, group);
      yield taken(writer);
      group = [];
      bytes = 0;
    }
  }
  if (group.length > 0) await writeGroup(file, columns, group);
  await file.finish();
  yield taken(writer);
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, type, nullable }): SchemaElement => {
      const repetition = nullable ? "OPTIONAL" : "REQUIRED";
      return { name, repetition_type: repetition, ...elements[type] };
    }),
  ];
}

async function writeGroup(
  file: ParquetWriter,
  columns: readonly Column[],
  rows: readonly Row[],
): Promise<void> {
  const columnData = columns.map(({ name, type }) => ({
    name,
    data: rows.map((row) => stored(type, row[name])),
  }));
  await file.write({ columnData, rowGroupSize: rows.length });
}

function stored(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  return type === "int" || type === "instant" ? BigInt(value as number) : value;
}

/** What was written since the last piece; the writer's offsets go on. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/** About the size of a row in memory: texts count, and JSON. */
function sizeOf(columns: readonly Column[], row: Row): number {
  let bytes = 0;
  for (const { name, type } of columns) {
    const value = row[name];
    if (type === "json") bytes += JSON.stringify(value).length;
    else bytes += typeof value === "string" ? value.length : 8;
  }
  return bytes;
}
