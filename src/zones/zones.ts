/**
 * IANA time zones from tables that ship with the project, not from the machine: the same period must mean the same
 * instants under every version of Node (ADR 0006).
 */
import { createRequire } from "node:module";
import type { ZoneOffsets } from "../../projections/time/zone-table.ts";
import { LedgerError } from "../errors.ts";
import { carriedTable, carryTable, newestTable } from "./carried-tables.ts";
import type { PackedTable, CarriedTable } from "./packed-table.ts";

const require = createRequire(import.meta.url);

/** The first table that was shipped; it applies in a ledger that has adopted none. */
export const firstZones: CarriedTable = carryTable(
  require("moment-timezone/data/packed/latest.json") as PackedTable,
);

/** The newest table: names are checked against it, and a serving ledger adopts it. */
export function newestZones(): CarriedTable {
  return newestTable() ?? firstZones;
}

/**
 * The table that applies in a ledger: the version that it has adopted, or the first one if it has adopted none
 * (`null`). Throws `unknown-zone` for a version that the project does not ship.
 */
export function zonesInForce(version: string | null): CarriedTable {
  const table = version === null ? firstZones : carriedTable(version);
  if (table !== undefined) return table;
  throw new LedgerError(
    "unknown-zone",
    `this version of the ledger does not include the zone table ${version}`,
  );
}

export function isKnownZone(name: string): boolean {
  return newestZones().zone(name) !== null;
}

/** The transitions of a zone in the newest table. */
export function zoneTransitions(name: string): ZoneOffsets | null {
  return newestZones().zone(name);
}
