/** The figures of an SLA document by path, and what identifies the members of its lists. */
import { kindNames } from "../../../projections/kinds.ts";
import type { Steps } from "../../turns.ts";

const figuresPerStep = 1_000;

export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
export interface JsonRecord {
  readonly [key: string]: Json;
}

/** Fields that identify a list member; all of these that it has count. */
const names = [
  "kind",
  "faultId",
  "maintenanceId",
  "eventId",
  // The node comes last, because other entities are on it.
  ...kindNames.filter((kind) => kind !== "node"),
  "node",
];
const times = ["since", "from", "at"];

/** Members that say which document was requested; they are not figures. */
export const notFigures = new Set(["asOf", "issued"]);

/** Prefix of the lists that contain only ids; each id counts as a member. */
const idLists = "evidence.";

export function isIdList(path: string): boolean {
  return path.startsWith(idLists);
}

/** A document's figures by path, and its list members, so that one that disappeared is reported as a whole. */
interface Flat {
  readonly figures: Map<string, Json>;
  readonly members: Map<string, Json>;
}

/** Every figure of a document by path, in the document's order. */
export function* figuresInSteps(document: Json): Steps<ReadonlyMap<string, Json>> {
  return (yield* flattening(document)).figures;
}

/** In steps, because a document with a hundred thousand faults would block the event loop for a second. */
function* flattening(document: Json): Steps<Flat> {
  const flat: Flat = { figures: new Map(), members: new Map() };
  if (!isRecord(document)) return flat;
  for (const [key, value] of Object.entries(document)) {
    if (!notFigures.has(key)) yield* collect(value, key, flat);
  }
  return flat;
}

/** How many figures a document has. */
export function figureCount(document: Json): number {
  let count = 0;
  if (!isRecord(document)) return count;
  for (const [key, value] of Object.entries(document))
    if (!notFigures.has(key)) count += countOf(value, isIdList(`${key}.`));
  return count;
}

function countOf(value: Json, hasIds: boolean): number {
  let count = 0;
  if (isRecord(value)) for (const key in value) count += countOf(value[key] ?? null, hasIds);
  else if (!isList(value)) return 1;
  else if (hasIds) return value.length;
  else if (!isMembers(value)) return value.length > 0 ? 1 : 0;
  else for (const each of value) count += countOf(each, hasIds);
  return count;
}

function* collect(value: Json, path: string, flat: Flat): Steps<void> {
  if (flat.figures.size % figuresPerStep === 0) yield;
  if (isList(value)) {
    if (isIdList(path)) {
      for (const id of value) {
        if (typeof id !== "string") continue;
        flat.members.set(`${path}[${id}]`, id);
        flat.figures.set(`${path}[${id}]`, id);
        if (flat.figures.size % figuresPerStep === 0) yield;
      }
      return;
    }
    if (!value.every(isRecord) || value.length === 0) {
      // An empty list is reported through the members that it lacks.
      if (value.length > 0) flat.figures.set(path, value);
      return;
    }
    const identities = identitiesOf(value);
    for (const [i, member] of value.entries()) {
      const memberPath = `${path}[${identities[i]}]`;
      flat.members.set(memberPath, member);
      yield* collect(member, memberPath, flat);
    }
    return;
  }
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const name = `${path}.${key}`;
      if (inner === null || typeof inner !== "object") flat.figures.set(name, inner);
      else yield* collect(inner, name, flat);
    }
    return;
  }
  flat.figures.set(path, value);
}

/** Texts that tell the members of a list apart, whatever their indexes. */
export function identitiesOf(members: readonly JsonRecord[]): string[] {
  const seen = new Map<string, number>();
  return members.map((member) => {
    const identity = identityOf(member);
    const nth = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, nth);
    return nth > 1 ? `${identity}#${nth}` : identity;
  });
}

function identityOf(member: JsonRecord): string {
  const named = textsOf(member, names);
  // Times identify only members without a name: a time may be the very thing that was corrected.
  return (named.length > 0 ? named : textsOf(member, times)).join(",");
}

function textsOf(member: JsonRecord, keys: readonly string[]): string[] {
  return keys.map((key) => member[key]).filter((value) => typeof value === "string");
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isRecord(value: Json): value is JsonRecord {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Whether it is a list of records, whose members have figures of their own. */
export function isMembers(value: Json): value is readonly JsonRecord[] {
  return isList(value) && value.length > 0 && value.every(isRecord);
}
