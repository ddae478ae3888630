/**
 * IANA time zones from a table that is pinned with the project, not the one of the machine: the same
 * period must mean the same instants under every Node version (ADR 0006).
 */
import { createRequire } from "node:module";
import { LedgerError } from "../errors.ts";

/** Offset changes of one zone: `offsetsMs[i]` holds from `untilsMs[i - 1]` (from always, for 0) until `untilsMs[i]`. */
export interface ZoneTransitions {
  readonly untilsMs: readonly number[];
  /** Milliseconds that local time is ahead of UTC. */
  readonly offsetsMs: readonly number[];
}

/** A table as moment-timezone packs it. */
export interface PackedTable {
  readonly version: string;
  readonly zones: readonly string[];
  readonly links: readonly string[];
}

/** The zones of one version of the IANA time-zone database, as the folds take them. */
export interface CarriedTable {
  /** Such as `2026a`. */
  readonly version: string;
  /** The transitions of a zone, or `null` if the table has no zone of that name. Exact spelling counts. */
  zone(name: string): ZoneTransitions | null;
  names(): string[];
}

/** Reads a packed table; zones are unpacked when they are asked for. */
export function openTable(packed: PackedTable): CarriedTable {
  const packedByName = new Map<string, string>();
  for (const zone of packed.zones) packedByName.set(zone.slice(0, zone.indexOf("|")), zone);
  for (const link of packed.links) {
    const [target = "", alias = ""] = link.split("|");
    const zone = packedByName.get(target);
    if (zone !== undefined) packedByName.set(alias, zone);
  }
  const unpacked = new Map<string, ZoneTransitions>();
  return {
    version: packed.version,
    names: () => [...packedByName.keys()].sort(),
    zone: (name) => {
      const known = unpacked.get(name);
      if (known !== undefined) return known;
      const text = packedByName.get(name);
      if (text === undefined) return null;
      const made = unpack(text);
      unpacked.set(name, made);
      return made;
    },
  };
}

const require = createRequire(import.meta.url);
const shipped = openTable(require("moment-timezone/data/packed/latest.json") as PackedTable);

/** By version. A table that a ledger may ask for is never taken out again (ADR 0010). */
const carried = new Map([[shipped.version, shipped]]);

/** The first table that the project shipped: it holds in a ledger that has adopted none. */
export const firstZones: CarriedTable = shipped;
let newest = shipped;

/** Carries a further table, which is the newest from then on; a test makes one up. */
export function carryTable(packed: PackedTable): CarriedTable {
  const table = openTable(packed);
  carried.set(table.version, table);
  newest = table;
  return table;
}

/** The newest table: what names are checked against, and what a serving ledger adopts. */
export function newestZones(): CarriedTable {
  return newest;
}

/** The table of a version, `null` if the project does not carry it. */
export function zoneTable(version: string): CarriedTable | null {
  return carried.get(version) ?? null;
}

/**
 * The table that holds where a ledger has adopted that version; the first one where it has adopted
 * none (`null`). Throws `unknown-zone` for a version that the project does not carry.
 */
export function zonesInForce(version: string | null): CarriedTable {
  const table = version === null ? firstZones : zoneTable(version);
  if (table !== null) return table;
  throw new LedgerError(
    "unknown-zone",
    `this version of the ledger does not carry the zone table ${version}`,
  );
}

/** The version of the first table. */
export const tzdataVersion = firstZones.version;

/** The first table, as the folds take it. */
export const pinnedZones = firstZones;

export function isKnownZone(name: string): boolean {
  return newest.zone(name) !== null;
}

export function zoneNames(): string[] {
  return newest.names();
}

/** The transitions of a zone by the newest table. */
export function zoneTransitions(name: string): ZoneTransitions | null {
  return newest.zone(name);
}

/** moment-timezone's packed form: `name|abbreviations|offsets (base 60, minutes west)|indices|untils (base 60, minutes, differences)`. */
function unpack(text: string): ZoneTransitions {
  const [, , offsets = "", indices = "", untils = ""] = text.split("|");
  const offsetMinutes = offsets.split(" ").map(fromBase60);
  const untilsMs: number[] = [];
  let minutes = 0;
  for (const difference of untils === "" ? [] : untils.split(" ")) {
    minutes += fromBase60(difference);
    untilsMs.push(Math.round(minutes * 60_000));
  }
  const offsetsMs = Array.from(indices, (digit) => {
    const west = offsetMinutes[fromBase60(digit)] ?? 0;
    return west === 0 ? 0 : -Math.round(west * 60_000);
  });
  return { untilsMs, offsetsMs };
}

/** Base 60 with digits 0-9, a-z, A-X, an optional sign and fraction. */
function fromBase60(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  let value = 0;
  for (const digit of whole) value = value * 60 + digitOf(digit);
  let scale = 1;
  for (const digit of fraction) {
    scale /= 60;
    value += digitOf(digit) * scale;
  }
  return sign * value;
}

function digitOf(char: string): number {
  const code = char.charCodeAt(0);
  if (code > 96) return code - 87;
  if (code > 64) return code - 29;
  return code - 48;
}
