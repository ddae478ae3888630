/** Rewrites instants and ids of events in an event's data in canonical form, so that equal content has equal bytes. */
import { formatInstant, isCanonicalForm, parseInstant } from "../../../projections/time/instant.ts";
import type { EventType } from "../catalogue.ts";
import { definitionOf } from "../catalogue.ts";

type Json = Record<string, unknown>;

/** Data whose instants and ids of events are canonical; the same object if there is nothing to do. Expects valid data. */
export function normaliseData(type: EventType, data: Json): Json {
  const { instants: paths, eventIds } = definitionOf(type);
  let result = eventIds === undefined ? data : inLowerCase(data, eventIds);
  if (paths === undefined) return result;
  for (const path of paths) {
    // Nearly all instants are members of the data and canonical already.
    const plain = data[path];
    if (typeof plain === "string" && isCanonicalForm(plain)) continue;
    result = rewrite(result, path.split("."));
  }
  return result;
}

function inLowerCase(data: Json, names: readonly string[]): Json {
  const ids = names.map((name) => [name, String(data[name]).toLowerCase()]);
  return { ...data, ...Object.fromEntries(ids) };
}

function rewrite(value: Json, path: readonly string[]): Json {
  const [head = "", ...rest] = path;
  const isList = head.endsWith("[]");
  const key = isList ? head.slice(0, -2) : head;
  const inner = value[key];
  if (inner === undefined) return value;
  if (isList) return { ...value, [key]: (inner as Json[]).map((item) => rewrite(item, rest)) };
  if (rest.length > 0) return { ...value, [key]: rewrite(inner as Json, rest) };
  if (isCanonicalForm(inner as string)) return value;
  const ms = parseInstant(inner as string);
  return ms === null ? value : { ...value, [key]: formatInstant(ms) };
}
