/** Which events made each difference between two SLA documents. */
import { at as elementAt } from "../../../projections/arithmetic/invariants.ts";
import { maxAttributedFigures } from "../../limits/reports.ts";
import { differencesInTurns, pathsOf } from "./difference.ts";
import type { FigureDifference, Json } from "./difference.ts";

export interface AttributedDifference extends FigureDifference {
  /** Sequences of the events at which the figure changed, rising. */
  readonly sequences: readonly number[];
  /** Ranges in which it changed too, at events that were not told apart: the work was bounded. Rising. */
  readonly ranges: readonly SequenceRange[];
}

/** Sequences after `after` and up to `upTo`. */
interface SequenceRange {
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

/**
 * The differences between the documents at `from` and at the last candidate, each with the events
 * that made it: those at whose index the figure changes. The indexes are found by halving, level by level,
 * so a range over which nothing changed in sum costs two documents; what changed and changed back
 * inside such a range made no difference. Once `maxDocuments` are computed, what is left is told as
 * ranges.
 *
 * @param documentAt the document as of a sequence; asked for each index at most once.
 * @param candidates sequences of the events that may matter, rising, all after `from`.
 */
export async function attributeDifferences(
  documentAt: (sequence: number) => Json | Promise<Json>,
  from: number,
  candidates: readonly number[],
  { maxDocuments = Infinity }: { readonly maxDocuments?: number } = {},
): Promise<Attribution> {
  const sequences = [from, ...candidates];
  const sequenceAt = (index: number): number => elementAt(sequences, index);
  const known = new Map<number, Json>();
  const at = async (index: number): Promise<Json> => {
    const document = known.get(index) ?? (await documentAt(sequenceAt(index)));
    known.set(index, document);
    return document;
  };
  const causes = new Causes();
  const last = sequences.length - 1;
  const queue: [low: number, high: number][] = last > 0 ? [[0, last]] : [];
  for (const [low, high] of queue) {
    const changed = await differencesInTurns(await at(low), await at(high));
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
  const found = (await differencesInTurns(await at(0), await at(last))).map((difference) => ({
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

/** How many documents of that many figures one explanation may compute; both ends are looked at in any case. */
export function affordableDocuments(figures: number): number {
  return Math.max(2, Math.floor(maxAttributedFigures / Math.max(1, figures)));
}
