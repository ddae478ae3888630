/** Node lists as sent: names or Slurm hostlist expressions such as `gpu[0001-0128,0200]`, also `r[1-2]n[01-04]` and `a,b[1-2]`. */

const byText = new Map<string, readonly string[] | null>();
/** Expressions remembered; a fleet's jobs name the same ones again and again. */
const maxRemembered = 20_000;
/** Names of one expression beyond which it is not expanded: no fleet is as large. */
const maxNames = 1_000_000;

/** The names of one expression, in its order; `null` if it is malformed or names more than a million. */
export function expandHostlist(text: string): readonly string[] | null {
  const known = byText.get(text);
  if (known !== undefined) return known;
  const names = expand(text);
  if (byText.size >= maxRemembered) byText.clear();
  byText.set(text, names);
  return names;
}

/** The distinct names of a node list; what is no well-formed expression counts as a name. */
export function nodeSet(nodes: readonly string[]): Set<string> {
  const set = new Set<string>();
  for (const text of nodes) for (const name of expandHostlist(text) ?? [text]) set.add(name);
  return set;
}

const rangePattern = /^(\d{1,15})(?:-(\d{1,15}))?$/;
const counts = new Map<string, number>();

/** How many distinct names a node list has. */
export function nodeCount(nodes: readonly string[]): number {
  const key = nodes.length === 1 ? (nodes[0] ?? "") : JSON.stringify(nodes);
  const known = counts.get(key);
  if (known !== undefined) return known;
  const count = (nodes.length === 1 ? quickCount(key) : null) ?? nodeSet(nodes).size;
  if (counts.size >= maxRemembered) counts.clear();
  counts.set(key, count);
  return count;
}

const oneGroup = /^[^[\],]*\[([\d,-]+)\][^[\],]*$/;

/** How many names an expression with one group of rising, equally padded ranges has, without making them; else `null`. */
function quickCount(text: string): number | null {
  const [, ranges] = oneGroup.exec(text) ?? [];
  if (ranges === undefined) return null;
  let count = 0;
  let width = 0;
  let last = -1;
  for (const range of ranges.split(",")) {
    const [, low = "", high = low] = rangePattern.exec(range) ?? [];
    const [from, to] = [Number(low), Number(high)];
    if (low === "" || from <= last || to < from) return null;
    if (width !== 0 && width !== low.length) return null;
    width = low.length;
    last = to;
    count += to - from + 1;
  }
  return count <= maxNames ? count : null;
}

function expand(text: string): string[] | null {
  if (!text.includes("[") && !text.includes("]") && !text.includes(",")) return [text];
  const names: string[] = [];
  for (const part of splitOutsideBrackets(text)) {
    const expanded = expandPart(part);
    if (expanded === null || names.length + expanded.length > maxNames) return null;
    for (const name of expanded) names.push(name);
  }
  return names;
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

function expandPart(part: string): string[] | null {
  if (part === "") return null;
  let names = [""];
  let rest = part;
  while (rest !== "") {
    const open = rest.indexOf("[");
    const literal = open === -1 ? rest : rest.slice(0, open);
    if (literal.includes("]")) return null;
    const close = rest.indexOf("]", open);
    if (open !== -1 && close === -1) return null;
    const numbers = open === -1 ? [""] : expandRanges(rest.slice(open + 1, close));
    if (numbers === null || names.length * numbers.length > maxNames) return null;
    names = names.flatMap((name) => numbers.map((number) => name + literal + number));
    rest = open === -1 ? "" : rest.slice(close + 1);
  }
  return names;
}

function expandRanges(text: string): string[] | null {
  const numbers: string[] = [];
  for (const range of text.split(",")) {
    const match = rangePattern.exec(range);
    if (match === null) return null;
    const low = match[1] ?? "";
    const from = Number(low);
    const to = Number(match[2] ?? low);
    if (to < from || numbers.length + (to - from) >= maxNames) return null;
    for (let i = from; i <= to; i++) numbers.push(String(i).padStart(low.length, "0"));
  }
  return numbers;
}
