/** Lists of nodes as Slurm prints them. */
import { namesOfPart, parseHostlist } from "../../../projections/nodes/hostlist.ts";

/** Split at commas outside brackets; empty for `None assigned` and the like. */
export function splitHostlist(text: string): string[] {
  if (text === "" || /^none\b/i.test(text)) return [];
  return text.split(/,(?![^[]*\])/);
}

/** The names of all nodes in the list; what is no hostlist expression is left out. */
export function namesIn(nodes: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const part of nodes.flatMap((each) => parseHostlist(each) ?? []))
    for (const name of namesOfPart(part)) names.add(name);
  return names;
}
