/** Names of nodes as Slurm hostlist expressions. */
import { at } from "../../../../projections/arithmetic/invariants.ts";

const numbered = /^(.*?)(\d+)$/;

/** The same set of names in few expressions: runs of numbers with one prefix and width become one bracket. */
export function compressNames(names: readonly string[]): string[] {
  const plain: string[] = [];
  const groups = new Map<string, number[]>();
  for (const name of names) {
    const [, prefix, digits] = numbered.exec(name) ?? [];
    if (prefix === undefined || digits === undefined) {
      plain.push(name);
      continue;
    }
    const key = `${prefix}/${digits.length}`;
    const numbers = groups.get(key) ?? [];
    numbers.push(Number(digits));
    groups.set(key, numbers);
  }
  for (const [key, numbers] of groups) {
    const slash = key.lastIndexOf("/");
    plain.push(bracket(key.slice(0, slash), Number(key.slice(slash + 1)), numbers));
  }
  return plain;
}

function bracket(prefix: string, width: number, numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const pad = (value: number) => String(value).padStart(width, "0");
  if (sorted.length === 1) return `${prefix}${pad(at(sorted, 0))}`;
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === at(sorted, j) + 1) j++;
    const [first, last] = [pad(at(sorted, i)), pad(at(sorted, j))];
    ranges.push(i === j ? first : `${first}-${last}`);
    i = j + 1;
  }
  return `${prefix}[${ranges.join(",")}]`;
}
