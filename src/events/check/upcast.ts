/**
 * Older schema versions are migrated to the newest on reading; what is stored never changes.
 * An upcaster of version n turns valid data of version n into valid data of version n + 1.
 */
import { LedgerError } from "../../errors.ts";
import type { EventType } from "../catalogue.ts";
import { definitionOf } from "../catalogue.ts";

type Json = Record<string, unknown>;
type Upcaster = (data: Json) => Json;

/** By type, then by the version that it starts from. Empty until a type has a second version. */
const upcasters: { readonly [T in EventType]?: Readonly<Record<number, Upcaster>> } = {};

/** Data of `version` as of the type's newest version. Throws `corrupt-event` where a step is missing. */
export function upcast(
  type: EventType,
  version: number,
  data: Json,
  table: { readonly [T in EventType]?: Readonly<Record<number, Upcaster>> } = upcasters,
  newest: number = definitionOf(type).version,
): Json {
  let current = data;
  for (let from = version; from < newest; from++) {
    const step = table[type]?.[from];
    if (step === undefined) {
      throw new LedgerError(
        "corrupt-event",
        `no upcaster from version ${from} of ${type} to ${from + 1}`,
      );
    }
    current = step(current);
  }
  return current;
}
