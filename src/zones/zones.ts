/**
 * IANA time zones from a table that is pinned with the project, not the one of the machine: the same
 * period must mean the same instants under every Node version (ADR 0006).
 */
import { createRequire } from "node:module";
import type { ZoneOffsets } from "../../projections/time/zone-table.ts";
import { LedgerError } from "../errors.ts";
import { carriedTable, carryTable, newestTable } from "./carried-tables.ts";
import type { PackedTable, CarriedTable } from "./packed-table.ts";

const require = createRequire(import.meta.url);

/** The first table that the project shipped: it holds in a ledger that has adopted none. */
export const firstZones: CarriedTable = carryTable(
  require("moment-timezone/data/packed/latest.json") as PackedTable,
);

/** The newest table: what names are checked against, and what a serving ledger adopts. */
export function newestZones(): CarriedTable {
  return newestTable() ?? firstZones;
}

/**
 * The table that holds where a ledger has adopted that version; the first one where it has adopted
 * none (`null`). Throws `unknown-zone` for a version that the project does not carry.
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

/** The transitions of a zone by the newest table. */
export function zoneTransitions(name: string): ZoneOffsets | null {
  return newestZones().zone(name);
}
