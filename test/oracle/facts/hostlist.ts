/** Splits at the commas that stand outside of brackets. */
function splitOutsideBrackets(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of expression) {
    if (character === "[") depth += 1;
    if (character === "]") depth -= 1;
    if (character === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part].map((text) => text.trim()).filter((text) => text !== "");
}

/** `0001-0003,0200` to its numbers; a range keeps the width of its first number. */
function expandRanges(ranges: string): string[] {
  return ranges.split(",").flatMap((range) => {
    const [first = "", last = first] = range.split("-").map((text) => text.trim());
    const numbers: string[] = [];
    for (let number = Number(first); number <= Number(last); number += 1) {
      numbers.push(String(number).padStart(first.length, "0"));
    }
    return numbers;
  });
}

function expandOne(expression: string): string[] {
  const match = /^([^[]*)\[([^\]]*)\](.*)$/.exec(expression);
  if (!match) return [expression];
  const [, before = "", ranges = "", after = ""] = match;
  const rest = expandOne(after);
  return expandRanges(ranges).flatMap((number) => rest.map((tail) => before + number + tail));
}

/** The set of node names that a list of names and Slurm hostlist expressions stands for. */
export function expandNodes(nodes: readonly string[]): Set<string> {
  return new Set(nodes.flatMap(splitOutsideBrackets).flatMap(expandOne));
}
