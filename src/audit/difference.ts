/**
 * What differs between two SLA documents, figure by figure, and which events made each difference.
 *
 * A figure is named by its path: `nis.raw`, `mttr.byCause.hardware.closed`, `mttr.open[f1,gpu7].ageMs`.
 * Members of a list are matched by what identifies them, not by their place.
 */

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

export interface AttributedDifference extends FigureDifference {
  /** Sequences of the events at which the figure changed, rising. */
  readonly sequences: readonly number[];
  /** Ranges in which it changed too, at events that were not told apart: the work was bounded. Rising. */
  readonly ranges: readonly SequenceRange[];
}

/** Sequences after `after` and up to `upTo`. */
export interface SequenceRange {
  readonly after: number;
  readonly upTo: number;
}

export interface Attribution {
  readonly differences: readonly AttributedDifference[];
  /** What changed a figure, or a member of a list that it is part of or that it is. */
  readonly causesOf: (figure: string) => Pick<AttributedDifference, "sequences" | "ranges">;
  /** Documents that were computed for it. */
  readonly documents: number;
  /** False where ranges are left. */
  readonly complete: boolean;
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
  const flat: Flat = { figures: new Map(), members: new Map() };
  if (isRecord(document)) {
    for (const [key, value] of Object.entries(document)) {
      if (!notFigures.has(key)) collect(value, key, flat);
    }
  }
  return flat;
}

function collect(value: Json, path: string, flat: Flat): void {
  if (isList(value)) {
    if (path.startsWith(idLists)) {
      for (const id of value) {
        if (typeof id !== "string") continue;
        flat.members.set(`${path}[${id}]`, id);
        flat.figures.set(`${path}[${id}]`, id);
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
      const place = `${path}[${identities[i]}]`;
      flat.members.set(place, member);
      collect(member, place, flat);
    }
    return;
  }
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) collect(inner, `${path}.${key}`, flat);
    return;
  }
  flat.figures.set(path, value);
}

/** What tells the members of a list from each other, whatever their places are. */
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
  const old = flatten(before);
  const now = flatten(after);
  const found: FigureDifference[] = [];
  for (const [figure, value] of now.figures) {
    if (memberWithout(figure, now.members, old.members) !== null) continue;
    if (!isSame(old.figures.get(figure), value)) {
      found.push({ figure, before: old.figures.get(figure), after: value });
    }
  }
  for (const [figure, value] of old.figures) {
    if (now.figures.has(figure) || memberWithout(figure, old.members, now.members) !== null)
      continue;
    found.push({ figure, before: value, after: undefined });
  }
  for (const [figure, member] of outermost(now.members, old.members)) {
    found.push({ figure, before: undefined, after: member });
  }
  for (const [figure, member] of outermost(old.members, now.members)) {
    found.push({ figure, before: member, after: undefined });
  }
  return found;
}

/** Whether a figure is among those that differ, or one of them is part of it, or it of one. */
export function involving(
  found: readonly { readonly figure: string }[],
): (figure: string) => boolean {
  const differing = new Set(found.map(({ figure }) => figure));
  const around = new Set(found.flatMap(({ figure }) => placesOf(figure)));
  return (figure) =>
    differing.has(figure) ||
    around.has(figure) ||
    placesOf(figure).some((place) => differing.has(place));
}

/** The member of a list that the figure is part of and that the other document lacks, if there is one. */
function memberWithout(
  figure: string,
  own: ReadonlyMap<string, Json>,
  other: ReadonlyMap<string, Json>,
): string | null {
  return placesOf(figure).find((place) => own.has(place) && !other.has(place)) ?? null;
}

/** The members of lists that the figure is part of, outermost first, itself among them if it is one. */
function placesOf(figure: string): string[] {
  const places: string[] = [];
  for (let end = figure.indexOf("]"); end >= 0; end = figure.indexOf("]", end + 1)) {
    places.push(figure.slice(0, end + 1));
  }
  return places;
}

function outermost(
  own: ReadonlyMap<string, Json>,
  other: ReadonlyMap<string, Json>,
): [string, Json][] {
  return [...own].filter(([place]) => memberWithout(place, own, other) === place);
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * The differences between the documents at `from` and at the last candidate, each with the events
 * that made it: those at whose place the figure changes. Places are found by halving, level by level,
 * so a range over which nothing changed in sum costs two documents; what changed and changed back
 * inside such a range made no difference. Once `maxDocuments` are computed, what is left is told as
 * ranges.
 *
 * @param documentAt the document as of a sequence; asked for each place at most once.
 * @param candidates sequences of the events that may matter, rising, all after `from`.
 */
export async function attributeDifferences(
  documentAt: (sequence: number) => Json | Promise<Json>,
  from: number,
  candidates: readonly number[],
  { maxDocuments = Infinity }: { readonly maxDocuments?: number } = {},
): Promise<Attribution> {
  const places = [from, ...candidates];
  const sequenceAt = (place: number): number => places[place] ?? from;
  const known = new Map<number, Json>();
  const at = async (place: number): Promise<Json> => {
    const document = known.get(place) ?? (await documentAt(sequenceAt(place)));
    known.set(place, document);
    return document;
  };
  const causes = new Causes();
  const last = places.length - 1;
  const queue: [low: number, high: number][] = last > 0 ? [[0, last]] : [];
  for (const [low, high] of queue) {
    const changed = differences(await at(low), await at(high));
    if (changed.length === 0) continue;
    if (high - low === 1) {
      for (const { figure } of changed) causes.add(figure, sequenceAt(high));
    } else if (known.size >= maxDocuments) {
      const range = { after: sequenceAt(low), upTo: sequenceAt(high) };
      for (const { figure } of changed) causes.add(figure, range);
    } else {
      const middle = (low + high) >>> 1;
      await at(middle);
      queue.push([low, middle], [middle, high]);
    }
  }
  const found = differences(await at(0), await at(last)).map((difference) => ({
    ...difference,
    ...causes.of(difference.figure),
  }));
  const complete = found.every(({ ranges }) => ranges.length === 0);
  const causesOf = (figure: string) => causes.of(figure);
  return { differences: found, causesOf, documents: known.size, complete };
}

type Cause = number | SequenceRange;

/**
 * Where figures changed. A member of a list is told as one while it is gone, figure by figure while it
 * is there: what one event took away and another brought back otherwise is a change of its figures, made
 * by both; and a member that came is as all that changed it since have made it.
 */
class Causes {
  readonly #at = new Map<string, Set<Cause>>();
  /** Causes of anything in a member, its own among them. */
  readonly #within = new Map<string, Set<Cause>>();

  add(figure: string, cause: Cause): void {
    addTo(this.#at, figure, cause);
    for (const place of placesOf(figure)) addTo(this.#within, place, cause);
  }

  of(figure: string): Pick<AttributedDifference, "sequences" | "ranges"> {
    const all = new Set(this.#at.get(figure));
    for (const place of placesOf(figure)) {
      const found = (place === figure ? this.#within : this.#at).get(place) ?? [];
      for (const cause of found) all.add(cause);
    }
    const sequences: number[] = [];
    const ranges: SequenceRange[] = [];
    for (const cause of all) {
      if (typeof cause === "number") sequences.push(cause);
      else ranges.push(cause);
    }
    return { sequences: sequences.sort((a, b) => a - b), ranges: joined(ranges) };
  }
}

function addTo(causes: Map<string, Set<Cause>>, key: string, cause: Cause): void {
  const found = causes.get(key);
  if (found === undefined) causes.set(key, new Set([cause]));
  else found.add(cause);
}

/** Ranges by sequence, neighbours as one. */
function joined(ranges: readonly SequenceRange[]): SequenceRange[] {
  const result: { after: number; upTo: number }[] = [];
  for (const range of ranges.toSorted((a, b) => a.after - b.after)) {
    const last = result.at(-1);
    if (last?.upTo === range.after) last.upTo = range.upTo;
    else result.push({ ...range });
  }
  return result;
}
