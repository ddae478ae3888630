/** Reads time-zone tables in moment-timezone's packed form. */

import { at } from "../../projections/arithmetic/invariants.ts";
import type { ZoneOffsets, ZoneTable } from "../../projections/time/zone-table.ts";

/** A table in moment-timezone's packed form. */
export interface PackedTable {
  readonly version: string;
  readonly zones: readonly string[];
  readonly links: readonly string[];
}

/** A table that can also list its zones, for the hint at a misspelt name. */
export interface CarriedTable extends ZoneTable {
  names(): string[];
}

/** Opens a packed table; each zone is unpacked when it is first asked for. */
export function openTable(packed: PackedTable): CarriedTable {
  const packedByName = new Map<string, string>();
  for (const zone of packed.zones) packedByName.set(zone.slice(0, zone.indexOf("|")), zone);
  for (const link of packed.links) {
    const [target = "", alias = ""] = link.split("|");
    const zone = packedByName.get(target);
    if (zone !== undefined) packedByName.set(alias, zone);
  }
  const unpacked = new Map<string, ZoneOffsets>();
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

/** moment-timezone's packed form: `name|abbreviations|offsets (base 60, minutes west)|indices|untils (base 60, minutes, differences)`. */
function unpack(text: string): ZoneOffsets {
  const [, , offsets = "", indices = "", untils = ""] = text.split("|");
  const offsetMinutes = offsets.split(" ").map(fromBase60);
  const untilsMs: number[] = [];
  let minutes = 0;
  for (const difference of untils === "" ? [] : untils.split(" ")) {
    minutes += fromBase60(difference);
    untilsMs.push(Math.round(minutes * 60_000));
  }
  const offsetsMs = Array.from(indices, (digit) => {
    const west = at(offsetMinutes, fromBase60(digit));
    return west === 0 ? 0 : -Math.round(west * 60_000);
  });
  return { untilsMs, offsetsMs };
}

/** Parses a number in base 60 (digits 0-9, a-z, A-X), with an optional sign and fraction. */
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
