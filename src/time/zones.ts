/**
 * IANA time zones from a table that is pinned with the project, not the one of the machine: the same
 * period must mean the same instants under every Node version (ADR 0006).
 */
import { createRequire } from "node:module";

/** Offset changes of one zone: `offsetsMs[i]` holds from `untilsMs[i - 1]` (from always, for 0) until `untilsMs[i]`. */
export interface ZoneTransitions {
  readonly untilsMs: readonly number[];
  /** Milliseconds that local time is ahead of UTC. */
  readonly offsetsMs: readonly number[];
}

interface PackedTable {
  readonly version: string;
  readonly zones: readonly string[];
  readonly links: readonly string[];
}

const require = createRequire(import.meta.url);
const packed = require("moment-timezone/data/packed/latest.json") as PackedTable;

/** The version of the IANA time-zone database that the table was made from, such as `2026a`. */
export const tzdataVersion = packed.version;

const packedByName = new Map<string, string>();
for (const zone of packed.zones) packedByName.set(zone.slice(0, zone.indexOf("|")), zone);
for (const link of packed.links) {
  const [target = "", alias = ""] = link.split("|");
  const zone = packedByName.get(target);
  if (zone !== undefined) packedByName.set(alias, zone);
}
const unpacked = new Map<string, ZoneTransitions>();

export function isKnownZone(name: string): boolean {
  return packedByName.has(name);
}

export function zoneNames(): string[] {
  return [...packedByName.keys()].sort();
}

/** The transitions of a zone, or `null` if the table has no zone of that name. Exact spelling counts. */
export function zoneTransitions(name: string): ZoneTransitions | null {
  const known = unpacked.get(name);
  if (known !== undefined) return known;
  const text = packedByName.get(name);
  if (text === undefined) return null;
  const made = unpack(text);
  unpacked.set(name, made);
  return made;
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

/** The newest table, as the folds take it. */
export const pinnedZones = { version: tzdataVersion, zone: zoneTransitions } as const;

/** The table of a version, `null` if the project does not carry it (any more). */
export function zoneTable(version: string): typeof pinnedZones | null {
  return version === tzdataVersion ? pinnedZones : null;
}
