/** Writes a document as JSON part by part, because a document of several megabytes would block the event loop. */
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { Steps } from "../turns.ts";

/** Depth to which parts are written separately: clusters, each one's document, a section, a list in it. */
const depthOfParts = 5;
/** How many list elements are written in one step; a shorter list is split by what is within it. */
const elementsPerStep = 200;

/** How the parts are written. */
interface Writing {
  readonly text: (value: unknown) => string;
  readonly members: (record: object) => readonly [name: string, value: unknown][];
}

/** The text that JSON.stringify would give. */
export function* jsonInSteps(document: object): Steps<string> {
  return yield* joined(document, { text: JSON.stringify, members: Object.entries });
}

/** The text that `canonicalJson` would give: members ordered by the UTF-16 code units of their names. */
export function* canonicalInSteps(document: object): Steps<string> {
  const members = (record: object) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return yield* joined(document, { text: canonicalJson, members });
}

/** The parts are joined once: joined at every depth, a large answer would be in memory as often as it is deep. */
function* joined(document: object, writing: Writing): Steps<string> {
  const parts: string[] = [];
  yield* write(document, writing, depthOfParts, parts);
  return parts.join("");
}

/** A list that fits into one step. */
function* writeFew(
  list: readonly unknown[],
  writing: Writing,
  depth: number,
  parts: string[],
): Steps<undefined> {
  for (const [i, each] of list.entries()) {
    if (i > 0) parts.push(",");
    yield* write(each, writing, depth - 1, parts);
  }
  yield;
}

/** The elements of a step are written at once, which takes about a third as long as one by one. */
function* writeMany(
  list: readonly unknown[],
  { text }: Writing,
  parts: string[],
): Steps<undefined> {
  for (let i = 0; i < list.length; i += elementsPerStep) {
    const inBrackets = text(list.slice(i, i + elementsPerStep));
    parts.push(i === 0 ? "" : ",", inBrackets.slice(1, -1));
    yield;
  }
}

function* write(
  value: unknown,
  writing: Writing,
  depth: number,
  parts: string[],
): Steps<undefined> {
  if (depth === 0 || typeof value !== "object" || value === null) {
    parts.push(writing.text(value));
  } else if (Array.isArray(value)) {
    parts.push("[");
    if (value.length > elementsPerStep) yield* writeMany(value, writing, parts);
    else yield* writeFew(value, writing, depth, parts);
    parts.push("]");
  } else {
    let before = "{";
    for (const [name, each] of writing.members(value)) {
      if (each === undefined) continue;
      parts.push(`${before}${writing.text(name)}:`);
      yield* write(each, writing, depth - 1, parts);
      before = ",";
    }
    parts.push(before === "{" ? "{}" : "}");
  }
}
