/** Finds the events that caused each difference between two SLA documents. */
import { at as elementAt } from "../../../projections/arithmetic/invariants.ts";
import { maxAttributedFigures } from "../../limits/reports.ts";
import { differencesInTurns, pathsOf } from "./difference.ts";
import type { FigureDifference } from "./difference.ts";
import type { Json } from "./document-figures.ts";

export interface AttributedDifference extends FigureDifference {
  /** Sequences of the events at which the figure changed, ascending. */
  readonly sequences: readonly number[];
  /** Ranges, ascending, in which it changed at events that were not told apart, because the work is bounded. */
  readonly ranges: readonly SequenceRange[];
}

/** Sequences after `after`, up to `upTo`. */
interface SequenceRange {
  readonly after: number;
  readonly upTo: number;
}

export interface Attribution {
  readonly differences: readonly AttributedDifference[];
  /** What changed a figure, or a list member that contains it or that it is. */
  readonly causesOf: (figure: string) => Pick<AttributedDifference, "sequences" | "ranges">;
  /** How many documents were computed. */
  readonly documents: number;
  /** False if ranges are left. */
  readonly complete: boolean;
}

/**
 * The differences between the documents at `from` and at the last candidate, each with the events that caused it: those
 * at whose index the figure changes. The indexes are found by bisection, level by level, so a range without a net
 * change costs two documents; a change that was reversed within such a range makes no difference. Once `maxDocuments`
 * are computed, what is left is reported as ranges.
 *
 * @param documentAt the document as of a sequence; called at most once per index.
 * @param candidates sequences of the events that may matter, ascending, all after `from`.
 */
export async function attributeDifferences(
  documentAt: (sequence: number) => Json | Promise<Json>,
  from: number,
  candidates: readonly number[],
  { maxDocuments = Infinity }: { readonly maxDocuments?: number } = {},
): Promise<Attribution> {
  const sequences = [from, ...candidates];
  const sequenceAt = (index: number): number => elementAt(sequences, index);
  const last = sequences.length - 1;
  const documents = new HeldDocuments((index) => documentAt(sequenceAt(index)));
  const causes = new Causes();
  let found: readonly FigureDifference[] = [];
  const queue: [low: number, high: number][] = [];
  const look = (low: number, high: number): void => {
    documents.hold(low, high);
    queue.push([low, high]);
  };
  if (last > 0) look(0, last);
  for (const [low, high] of queue) {
    const changed = await differencesInTurns(await documents.at(low), await documents.at(high));
    if (low === 0 && high === last) found = changed;
    if (high - low > 1 && changed.length > 0 && documents.made < maxDocuments) {
      const middle = (low + high) >>> 1;
      look(low, middle);
      look(middle, high);
    } else {
      const upTo = sequenceAt(high);
      const cause = high - low === 1 ? upTo : { after: sequenceAt(low), upTo };
      for (const { figure } of changed) causes.add(figure, cause);
    }
    documents.release(low, high);
  }
  const differences = found.map((each) => ({ ...each, ...causes.of(each.figure) }));
  const complete = differences.every(({ ranges }) => ranges.length === 0);
  const causesOf = (figure: string) => causes.of(figure);
  return { differences, causesOf, documents: documents.made, complete };
}

/** Documents by index, each kept only while it is needed, because a large cluster's document takes megabytes. */
class HeldDocuments {
  readonly #make: (index: number) => Json | Promise<Json>;
  readonly #documents = new Map<number, Json>();
  readonly #holds = new Map<number, number>();
  /** How many documents were computed, or will be. */
  made = 0;

  constructor(make: (index: number) => Json | Promise<Json>) {
    this.#make = make;
  }

  /** Announces documents; each will be read and then released. */
  hold(...indexes: number[]): void {
    for (const index of indexes) {
      if (!this.#holds.has(index)) this.made++;
      this.#holds.set(index, (this.#holds.get(index) ?? 0) + 1);
    }
  }

  async at(index: number): Promise<Json> {
    const known = this.#documents.get(index);
    if (known !== undefined) return known;
    const document = await this.#make(index);
    this.#documents.set(index, document);
    return document;
  }

  release(...indexes: number[]): void {
    for (const index of indexes) {
      const holds = (this.#holds.get(index) ?? 0) - 1;
      this.#holds.set(index, holds);
      if (holds === 0) this.#documents.delete(index);
    }
  }
}

type Cause = number | SequenceRange;

/**
 * Where figures changed. A list member counts as a whole while one of the documents lacks it, and figure by figure while
 * both have it. If one event removed a member and another brought it back changed, both caused the changes of its figures.
 * A new member was caused by every event that changed it since.
 */
class Causes {
  readonly #at = new Map<string, Set<Cause>>();
  /** Causes of changes of anything within a member, or of the member itself. */
  readonly #within = new Map<string, Set<Cause>>();

  add(figure: string, cause: Cause): void {
    addTo(this.#at, figure, cause);
    for (const path of pathsOf(figure)) addTo(this.#within, path, cause);
  }

  of(figure: string): Pick<AttributedDifference, "sequences" | "ranges"> {
    const all = new Set(this.#at.get(figure));
    for (const path of pathsOf(figure)) {
      const found = (path === figure ? this.#within : this.#at).get(path) ?? [];
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

/** Ranges by sequence, adjacent ones merged. */
function joined(ranges: readonly SequenceRange[]): SequenceRange[] {
  const result: { after: number; upTo: number }[] = [];
  for (const range of ranges.toSorted((a, b) => a.after - b.after)) {
    const last = result.at(-1);
    if (last?.upTo === range.after) last.upTo = range.upTo;
    else result.push({ ...range });
  }
  return result;
}

/** How many documents with so many figures one explanation may compute; both ends are always computed. */
export function affordableDocuments(figures: number): number {
  return Math.max(2, Math.floor(maxAttributedFigures / Math.max(1, figures)));
}
