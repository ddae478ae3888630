/** The time-zone tables that ship with this version. A table that a ledger may need is never removed (ADR 0010). */
import { openTable } from "./packed-table.ts";
import type { PackedTable, CarriedTable } from "./packed-table.ts";

/** By version, the newest last. */
const carried = new Map<string, CarriedTable>();

/** Registers a further table, which is the newest from then on. */
export function carryTable(packed: PackedTable): CarriedTable {
  const table = openTable(packed);
  carried.set(table.version, table);
  return table;
}

/** The table of a version; `undefined` if the project does not ship it. */
export function carriedTable(version: string): CarriedTable | undefined {
  return carried.get(version);
}

/** The table that was registered last. */
export function newestTable(): CarriedTable | undefined {
  return [...carried.values()].at(-1);
}
