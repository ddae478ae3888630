/** The form of Slurm hostlist expressions: how many names one expands to, without expanding it. */
import { maxNodesPerList } from "../../limits/events.ts";

const nameChars = /^[!-+\--Z\\^-~]*$/;
const range = /^(\d+)(?:-(\d+))?$/;

/** What stands between two commas outside of brackets. */
const partPattern = /(?:[^,[]|\[[^\]]*(?:\]|$))+/y;

/**
 * How many names the expression stands for: 1 for a plain name; the product of the bracket groups of
 * each of its parts otherwise. `null` if it is malformed, has an empty part, or stands for more than
 * the limit.
 */
export function countHostlist(expression: string): number | null {
  if (!expression.includes(",")) return countPart(expression);
  let total = 0;
  for (let at = 0; at <= expression.length; at = partPattern.lastIndex + 1) {
    partPattern.lastIndex = at;
    const count = countPart(partPattern.exec(expression)?.[0] ?? "");
    if (count === null) return null;
    total += count;
  }
  return total > maxNodesPerList ? null : total;
}

function countPart(expression: string): number | null {
  if (expression === "") return null;
  let total = 1;
  let rest = expression;
  for (let open = rest.indexOf("["); open >= 0; open = rest.indexOf("[")) {
    if (!nameChars.test(rest.slice(0, open))) return null;
    const close = rest.indexOf("]", open);
    if (close < 0) return null;
    const group = countGroup(rest.slice(open + 1, close));
    if (group === null) return null;
    total *= group;
    if (total > maxNodesPerList) return null;
    rest = rest.slice(close + 1);
  }
  return nameChars.test(rest) ? total : null;
}

function countGroup(text: string): number | null {
  let total = 0;
  for (const part of text.split(",")) {
    const match = range.exec(part);
    if (match === null) return null;
    const [, first = "", last] = match;
    const length = last === undefined ? 1 : lengthOf(first, last);
    // Slurm pads to the width of the first number; a shorter last one would be ambiguous.
    if (length < 1 || (last !== undefined && last.length < first.length)) return null;
    total += length;
    if (!Number.isSafeInteger(total) || total > maxNodesPerList) return null;
  }
  return total;
}

/** How many whole numbers there are from one to the other; less than one if there is none. */
function lengthOf(first: string, last: string): number {
  // Past fifteen digits not every whole number is one of JavaScript's numbers.
  return last.length <= 15
    ? Number(last) - Number(first) + 1
    : Number(BigInt(last) - BigInt(first)) + 1;
}
