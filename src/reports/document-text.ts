/** A document as JSON, part by part: in one piece it would be a long turn where it has megabytes. */
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { Steps } from "../turns.ts";

/** Parts within parts that are written by themselves: clusters, the document of each, a section, a list in it. */
const depthOfParts = 5;
/** Elements of a list that are written in one step; those of a shorter list may be large. */
const elementsPerStep = 200;

/** How each part is written. */
interface Writing {
  readonly text: (value: unknown) => string;
  readonly members: (record: object) => readonly [name: string, value: unknown][];
}

/** As JSON.stringify writes it. */
export function* jsonInSteps(document: object): Steps<string> {
  return yield* written(document, { text: JSON.stringify, members: Object.entries }, depthOfParts);
}

/** As `canonicalJson` writes it: members by their names' UTF-16 code units. */
export function* canonicalInSteps(document: object): Steps<string> {
  const members = (record: object) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return yield* written(document, { text: canonicalJson, members }, depthOfParts);
}

function* written(value: unknown, writing: Writing, depth: number): Steps<string> {
  if (depth === 0 || typeof value !== "object" || value === null) return writing.text(value);
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const [i, each] of value.entries()) {
      const isLong = value.length > elementsPerStep;
      parts.push(isLong ? writing.text(each) : yield* written(each, writing, depth - 1));
      if (i % elementsPerStep === 0) yield;
    }
    return `[${parts.join(",")}]`;
  }
  for (const [name, each] of writing.members(value)) {
    if (each === undefined) continue;
    parts.push(`${writing.text(name)}:${yield* written(each, writing, depth - 1)}`);
  }
  return `{${parts.join(",")}}`;
}
