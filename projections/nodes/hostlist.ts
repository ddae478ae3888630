/**
 * Slurm hostlist expressions, such as `gpu[0001-0128,0200]`, `r[1-2]n[01-04]` and `a,b[1-2]`. They are parsed into
 * parts and spans, so the size in memory is that of the text, however many names it stands for.
 */

/** The numbers from `low` to `high`, with the same number of digits, so that their order is that of text. */
interface Span {
  readonly low: string;
  readonly high: string;
}

/** Literal text, or a bracket: spans without overlap, by length, then by value. */
type Segment = string | readonly Span[];

/** The text between two commas: a list of segments in which no two literal texts are neighbours. */
export type Part = readonly Segment[];

const rangePattern = /^(\d+)(?:-(\d+))?$/;

/** The parts of an expression; `null` if it is malformed. */
export function parseHostlist(text: string): Part[] | null {
  if (!/[[\],]/.test(text)) return text === "" ? null : [[text]];
  const parts: Part[] = [];
  for (const one of splitOutsideBrackets(text)) {
    const part = parsePart(one);
    if (part === null) return null;
    parts.push(part);
  }
  return parts;
}

/** Yields the names of a part in the order in which it is written; a name that is written twice comes twice. */
export function* namesOfPart(part: Part, from = 0): Generator<string> {
  const segment = part[from];
  if (segment === undefined) yield "";
  else if (typeof segment === "string") {
    for (const rest of namesOfPart(part, from + 1)) yield segment + rest;
  } else {
    for (const span of segment) {
      for (const number of numbersOf(span)) {
        for (const rest of namesOfPart(part, from + 1)) yield number + rest;
      }
    }
  }
}

/** The number of numbers in the spans. */
export function spansSize(spans: readonly Span[]): number {
  return spans.reduce((sum, { low, high }) => sum + Number(BigInt(high) - BigInt(low)) + 1, 0);
}

/** Whether the part names the node; nothing is listed. */
export function partNames(part: Part, name: string, from = 0): boolean {
  const segment = part[from];
  if (segment === undefined) return name === "";
  if (typeof segment === "string") {
    return name.startsWith(segment) && partNames(part, name.slice(segment.length), from + 1);
  }
  return segment.some(({ low, high }) => {
    const number = name.slice(0, low.length);
    // All of them have as many digits, so they compare as text.
    const isWithin =
      /^\d+$/.test(number) && number.length === low.length && number >= low && number <= high;
    return isWithin && partNames(part, name.slice(low.length), from + 1);
  });
}

function* numbersOf({ low, high }: Span): Generator<string> {
  const last = BigInt(high);
  for (let number = BigInt(low); number <= last; number++) {
    yield String(number).padStart(low.length, "0");
  }
}

function splitOutsideBrackets(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "[") depth++;
    else if (text[i] === "]") depth--;
    else if (text[i] === "," && depth === 0) {
      parts.push(text.slice(begin, i));
      begin = i + 1;
    }
  }
  parts.push(text.slice(begin));
  return parts;
}

function parsePart(text: string): Part | null {
  if (text === "") return null;
  const segments: Segment[] = [];
  const add = (literal: string): void => {
    const last = segments.at(-1);
    if (typeof last === "string") segments[segments.length - 1] = last + literal;
    else if (literal !== "") segments.push(literal);
  };
  let begin = 0;
  while (begin < text.length) {
    const open = text.indexOf("[", begin);
    const literal = text.slice(begin, open === -1 ? text.length : open);
    if (literal.includes("]")) return null;
    add(literal);
    if (open === -1) break;
    const close = text.indexOf("]", open);
    if (close === -1) return null;
    const spans = parseRanges(text.slice(open + 1, close));
    if (spans === null) return null;
    const [first] = spans;
    // A bracket with one number is literal text.
    if (spans.length === 1 && first?.low === first?.high) add(first?.low ?? "");
    else segments.push(spans);
    begin = close + 1;
  }
  return segments;
}

function parseRanges(text: string): Span[] | null {
  const spans: Span[] = [];
  for (const range of text.split(",")) {
    const [, low, high = low] = rangePattern.exec(range) ?? [];
    if (low === undefined || high === undefined || isLess(bare(high), bare(low))) return null;
    addSpans(low, bare(high), spans);
  }
  return withoutOverlap(spans);
}

/** Numbers keep the width of the first one, and get wider where they outgrow it. */
function addSpans(low: string, high: string, into: Span[]): void {
  const { length: width } = low;
  if (high.length <= width) {
    into.push({ low, high: high.padStart(width, "0") });
    return;
  }
  into.push({ low, high: "9".repeat(width) });
  for (let length = width + 1; length < high.length; length++) {
    into.push({ low: `1${"0".repeat(length - 1)}`, high: "9".repeat(length) });
  }
  into.push({ low: `1${"0".repeat(high.length - 1)}`, high });
}

function withoutOverlap(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => compareDigits(a.low, b.low))) {
    const last = merged.at(-1);
    const overlaps = last?.low.length === span.low.length && span.low <= last.high;
    if (last === undefined || !overlaps) merged.push(span);
    else if (span.high > last.high) merged[merged.length - 1] = { low: last.low, high: span.high };
  }
  return merged;
}

/** Without leading zeros; zero itself is empty. */
function bare(digits: string): string {
  return digits.replace(/^0+/, "");
}

function isLess(a: string, b: string): boolean {
  return compareDigits(a, b) < 0;
}

/** By length, then by value. */
function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
