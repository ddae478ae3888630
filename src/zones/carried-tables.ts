/** The tables of time zones that this version of the project carries. One that a ledger may ask for is never taken out again (ADR 0010). */
import { openTable } from "./packed-table.ts";
import type { PackedTable, CarriedTable } from "./packed-table.ts";

/** By version, the newest last. */
const carried = new Map<string, CarriedTable>();

/** Carries a further table, which is the newest from then on. */
export function carryTable(packed: PackedTable): CarriedTable {
  const table = openTable(packed);
  carried.set(table.version, table);
  return table;
}

/** The table of a version; `undefined` if the project does not carry it. */
export function carriedTable(version: string): CarriedTable | undefined {
  return carried.get(version);
}

/** The table that was carried last. */
export function newestTable(): CarriedTable | undefined {
  return [...carried.values()].at(-1);
}
