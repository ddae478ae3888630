/**
 * What differs between two SLA documents, figure by figure.
 *
 * A figure is named by its path: `nis.raw`, `mttr.byCause.hardware.closed`, `mttr.open[f1,gpu7].ageMs`.
 * Members of a list are matched by what identifies them, not by their index.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a comparison of large documents keeps others waiting. */
const turnMs = 20;
const figuresPerStep = 1_000;

export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
export interface JsonRecord {
  readonly [key: string]: Json;
}

export interface FigureDifference {
  readonly figure: string;
  /** `undefined` where the one document does not have it. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Fields that identify a member of a list; all that are there count. */
const names = ["kind", "faultId", "maintenanceId", "eventId", "job", "rollout", "nfz", "node"];
const times = ["since", "from", "at"];

/** Members that say how a document was asked for, not what the figures are. */
const notFigures = new Set(["asOf", "issued"]);

/** Lists of nothing but ids, each of which is told by itself. */
const idLists = "evidence.";

/** The figures of a document by path; a list's members, so that one that is gone is told as one. */
interface Flat {
  readonly figures: Map<string, Json>;
  readonly members: Map<string, Json>;
}

/** Every figure of a document by its path, in the document's order. */
export function figuresOf(document: Json): ReadonlyMap<string, Json> {
  return flatten(document).figures;
}

function flatten(document: Json): Flat {
  return atOnce(flattening(document));
}

/** In steps: in one piece it would be a turn of a second where there are a hundred thousand faults. */
function* flattening(document: Json): Generator<undefined, Flat> {
  const flat: Flat = { figures: new Map(), members: new Map() };
  if (!isRecord(document)) return flat;
  for (const [key, value] of Object.entries(document)) {
    if (!notFigures.has(key)) yield* collect(value, key, flat);
  }
  return flat;
}

function atOnce<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** As `differences`, giving way to others between its steps. */
export async function differencesInTurns(before: Json, after: Json): Promise<FigureDifference[]> {
  return await inTurns(comparing(before, after));
}

/** How many figures a document has. */
export async function figureCount(document: Json): Promise<number> {
  return (await inTurns(flattening(document))).figures.size;
}

async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let since = performance.now(); ;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() - since < turnMs) continue;
    await nextTurn();
    since = performance.now();
  }
}

function* collect(value: Json, path: string, flat: Flat): Generator<undefined> {
  if (flat.figures.size % figuresPerStep === 0) yield;
  if (isList(value)) {
    if (path.startsWith(idLists)) {
      for (const id of value) {
        if (typeof id !== "string") continue;
        flat.members.set(`${path}[${id}]`, id);
        flat.figures.set(`${path}[${id}]`, id);
        if (flat.figures.size % figuresPerStep === 0) yield;
      }
      return;
    }
    if (!value.every(isRecord) || value.length === 0) {
      // An empty list is told by the members that it lacks.
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

/** What tells the members of a list from each other, whatever their indexes are. */
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
  // Times only identify what has no name of its own: they may be the very thing that was corrected.
  return (named.length > 0 ? named : textsOf(member, times)).join(",");
}

function textsOf(member: JsonRecord, keys: readonly string[]): string[] {
  return keys.map((key) => member[key]).filter((value) => typeof value === "string");
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isRecord(value: Json): value is JsonRecord {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The figures in which two documents differ, in the order of the later document, gone ones last. */
export function differences(before: Json, after: Json): FigureDifference[] {
  return atOnce(comparing(before, after));
}

function* comparing(before: Json, after: Json): Generator<undefined, FigureDifference[]> {
  const old = yield* flattening(before);
  const now = yield* flattening(after);
  const found: FigureDifference[] = [];
  let step = 0;
  for (const [figure, value] of now.figures) {
    if (++step % figuresPerStep === 0) yield;
    if (memberWithout(figure, now.members, old.members) !== null) continue;
    if (!isSame(old.figures.get(figure), value)) {
      found.push({ figure, before: old.figures.get(figure), after: value });
    }
  }
  for (const [figure, value] of old.figures) {
    if (++step % figuresPerStep === 0) yield;
    if (now.figures.has(figure) || memberWithout(figure, old.members, now.members) !== null)
      continue;
    found.push({ figure, before: value, after: undefined });
  }
  for (const [path, member] of now.members) {
    if (++step % figuresPerStep === 0) yield;
    if (memberWithout(path, now.members, old.members) === path)
      found.push({ figure: path, before: undefined, after: member });
  }
  for (const [path, member] of old.members) {
    if (++step % figuresPerStep === 0) yield;
    if (memberWithout(path, old.members, now.members) === path)
      found.push({ figure: path, before: member, after: undefined });
  }
  return found;
}

/** Whether a figure is among those that differ, or one of them is part of it, or it of one. */
export function involving(
  found: readonly { readonly figure: string }[],
): (figure: string) => boolean {
  const differing = new Set(found.map(({ figure }) => figure));
  const around = new Set(found.flatMap(({ figure }) => pathsOf(figure)));
  return (figure) =>
    differing.has(figure) ||
    around.has(figure) ||
    pathsOf(figure).some((path) => differing.has(path));
}

/** The member of a list that the figure is part of and that the other document lacks, if there is one. */
function memberWithout(
  figure: string,
  own: ReadonlyMap<string, Json>,
  other: ReadonlyMap<string, Json>,
): string | null {
  return pathsOf(figure).find((path) => own.has(path) && !other.has(path)) ?? null;
}

/** The members of lists that the figure is part of, outermost first, itself among them if it is one. */
export function pathsOf(figure: string): string[] {
  const paths: string[] = [];
  for (let end = figure.indexOf("]"); end >= 0; end = figure.indexOf("]", end + 1)) {
    paths.push(figure.slice(0, end + 1));
  }
  return paths;
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}
