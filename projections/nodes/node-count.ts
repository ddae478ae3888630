/**
 * Counts the nodes that a list names. A list is a set: a name that several expressions contain counts once. Memory does
 * not grow with the number of names: all expressions are read in parallel, letter by letter, and the continuations of
 * each point are counted once.
 */
import type { Part } from "./hostlist.ts";
import { parseHostlist, spansSize } from "./hostlist.ts";

/** Size of the lists whose count is remembered, in bytes: a fleet's jobs name the same lists again and again. */
const maxRememberedBytes = 4 * 1024 * 1024;
/** Size of the points whose count is remembered within one list, in bytes. */
const maxWalkBytes = 4 * 1024 * 1024;
/** Approximate size of an entry besides its text, in bytes. */
const entryBytes = 100;

/** Counts by text, in bounded memory: it is emptied when it is full. */
class CountMemory {
  readonly #maxBytes: number;
  readonly #counts = new Map<string, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): number | undefined {
    return this.#counts.get(key);
  }

  set(key: string, count: number): void {
    // Node lists are ASCII: a character takes a byte.
    this.#bytes += key.length + entryBytes;
    if (this.#bytes > this.#maxBytes) {
      this.#counts.clear();
      this.#bytes = key.length + entryBytes;
    }
    this.#counts.set(key, count);
  }
}

const remembered = new CountMemory(maxRememberedBytes);

/** The number of distinct names in a node list; what is not a well-formed expression counts as one name. */
export function countNodes(nodes: readonly string[]): number {
  const key = nodes.length === 1 ? (nodes[0] ?? "") : JSON.stringify(nodes);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const count = countNames(nodes.flatMap((text): Part[] => parseHostlist(text) ?? [[text]]));
  remembered.set(key, count);
  return count;
}

function countNames(parts: readonly Part[]): number {
  const plain = new Set<string>();
  const bracketed: Part[] = [];
  for (const part of parts) {
    const [only] = part;
    if (part.length === 1 && typeof only === "string") plain.add(only);
    else bracketed.push(part);
  }
  if (bracketed.length === 0) return plain.size;
  const all = [...bracketed, ...Array.from(plain, (name): Part => [name])];
  const walk = new NameWalk();
  return walk.count(all.map((part, number) => startOf({ part, number, sizes: sizesOf(part) }, 0)));
}

/** A part as it is walked. */
interface Path {
  readonly part: Part;
  /** Identifies the path in keys. */
  readonly number: number;
  /** The number of names from each segment to the end; `null` where a name can be read in two ways. */
  readonly sizes: readonly (number | null)[];
}

/**
 * The number of names from each segment to the end: the product, as long as each name can be read in one way only. Two
 * brackets with numbers of different lengths, with no letter between them, break that: `[1-11][1-11]` reads 111 as 1,
 * 11 and as 11, 1.
 */
function sizesOf(part: Part): (number | null)[] {
  const sizes: (number | null)[] = Array.from({ length: part.length + 1 }, () => null);
  let size = 1;
  let isOpen = false;
  sizes[part.length] = size;
  for (let i = part.length - 1; i >= 0; i--) {
    const segment = part[i] ?? "";
    if (typeof segment === "string") {
      if (/\D/.test(segment)) isOpen = false;
    } else {
      const isVariable = segment[0]?.low.length !== segment.at(-1)?.low.length;
      if (isVariable && isOpen) break;
      isOpen ||= isVariable;
      size *= spansSize(segment);
    }
    sizes[i] = size;
  }
  return sizes;
}

/** The position of one reading of a name. */
interface Point {
  readonly key: string;
  readonly path: Path;
  readonly segment: number;
  /** Characters of the segment that are not read yet; `null` before the first. */
  readonly left: number | null;
  /** Within a bracket: the span that is being read, and whether the digits so far equal its bounds. */
  readonly span: number;
  readonly isLow: boolean;
  readonly isHigh: boolean;
}

function startOf(path: Path, segment: number): Point {
  const key = `${path.number}.${segment}`;
  return { key, path, segment, left: null, span: -1, isLow: false, isHigh: false };
}

function within(point: Point, left: number, span: number, isLow: boolean, isHigh: boolean): Point {
  const { path, segment } = point;
  if (left === 0) return startOf(path, segment + 1);
  // Once inside the bounds, any digits may follow, whatever the span was.
  const bounds = isLow || isHigh ? `${isLow ? "l" : ""}${isHigh ? "h" : ""}${span}` : "";
  const key = `${path.number}.${segment}:${left}${bounds}`;
  return { key, path, segment, left, span, isLow, isHigh };
}

type OnMove = (char: string, next: Point) => void;

/** Calls `onMove` with every character that may follow a point, and the point that it leads to. */
function moveOn(point: Point, onMove: OnMove): void {
  const segment = point.path.part[point.segment] ?? "";
  if (typeof segment === "string") {
    const left = point.left ?? segment.length;
    const char = segment[segment.length - left] ?? "";
    onMove(char, within(point, left - 1, -1, false, false));
  } else if (point.left !== null) {
    moveInSpan(point, segment[point.span]?.low ?? "", segment[point.span]?.high ?? "", onMove);
  } else {
    for (const [span, { low, high }] of segment.entries()) {
      const left = low.length;
      moveInSpan({ ...point, left, span, isLow: true, isHigh: true }, low, high, onMove);
    }
  }
}

function moveInSpan(point: Point, low: string, high: string, onMove: OnMove): void {
  const { span, isLow, isHigh } = point;
  const left = point.left ?? 0;
  const at = low.length - left;
  const first = isLow ? Number(low[at]) : 0;
  const last = isHigh ? Number(high[at]) : 9;
  for (let digit = first; digit <= last; digit++) {
    const staysLow = isLow && digit === first;
    onMove(String(digit), within(point, left - 1, span, staysLow, isHigh && digit === last));
  }
}

/** Reads all names of several parts in parallel. */
class NameWalk {
  readonly #memory = new CountMemory(maxWalkBytes);

  /** The number of distinct continuations from points that share a beginning. */
  count(points: readonly Point[]): number {
    const key = points
      .map((point) => point.key)
      .sort()
      .join(" ");
    const known = this.#memory.get(key);
    if (known !== undefined) return known;
    let count = 0;
    let here = points;
    while (here.length > 0) {
      const size = sizeFrom(here);
      if (size !== null) {
        count += size;
        break;
      }
      const { isEnd, next } = movesFrom(here);
      if (isEnd) count++;
      // Most letters lead to one place only; remembering pays only where readings part.
      here = next.length === 1 ? (next[0] ?? []) : [];
      if (next.length > 1) for (const each of next) count += this.count(each);
    }
    this.#memory.set(key, count);
    return count;
  }
}

/** The number of continuations where only one reading is left and they need not be read; otherwise `null`. */
function sizeFrom(points: readonly Point[]): number | null {
  const [only] = points;
  if (only === undefined || points.length > 1) return null;
  const { path, segment, left } = only;
  if (left === null) return path.sizes[segment] ?? null;
  return typeof path.part[segment] === "string" ? (path.sizes[segment + 1] ?? null) : null;
}

function movesFrom(points: readonly Point[]): { isEnd: boolean; next: Point[][] } {
  const byChar = new Map<string, Map<string, Point>>();
  let isEnd = false;
  for (const point of points) {
    if (point.segment === point.path.part.length) {
      isEnd = true;
      continue;
    }
    moveOn(point, (char, next) => {
      const others = byChar.get(char);
      if (others === undefined) byChar.set(char, new Map([[next.key, next]]));
      else others.set(next.key, next);
    });
  }
  return { isEnd, next: Array.from(byChar.values(), (each) => [...each.values()]) };
}
