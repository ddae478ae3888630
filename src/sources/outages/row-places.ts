/** The cluster and the nodes that a row names. */
import { namesOfPart, parseHostlist } from "../../../projections/nodes/hostlist.ts";
import { countNodes } from "../../../projections/nodes/node-count.ts";
import { maxNodesPerList } from "../../limits/events.ts";
import { fillColumns } from "../config/outage-map.ts";
import type { OutageRow, RowMap } from "./outage-rows.ts";

export function clusterOf(map: RowMap, row: OutageRow): string | null {
  const told = fillColumns(map.cluster, (name) => row.cells.get(name) ?? "");
  return told === null ? null : replaced(map, told);
}

/** The nodes, `all` for the whole cluster, `null` if a column is blank, or an error in words. */
export function nodesOfRow(
  map: RowMap,
  row: OutageRow,
): readonly string[] | "all" | null | { readonly error: string } {
  const told = fillColumns(map.node, (name) => row.cells.get(name) ?? "");
  if (told === null) return null;
  const { separator, hostlist = false, wholeCluster = [] } = map.severalNodes ?? {};
  if (wholeCluster.includes(told)) return "all";
  const parts = separator === undefined ? [told] : told.split(separator);
  const trimmed = parts.map((part) => part.trim()).filter((part) => part !== "");
  if (!hostlist) return unique(trimmed.map((part) => replaced(map, part)));
  const names: string[] = [];
  for (const part of trimmed.map((each) => replaced(map, each))) {
    const list = parseHostlist(part);
    if (list === null) return { error: `"${part.slice(0, 60)}" is not a hostlist` };
    if (countNodes([part]) > maxNodesPerList)
      return { error: `"${part.slice(0, 60)}" names more than ${maxNodesPerList} nodes` };
    for (const each of list) for (const name of namesOfPart(each)) names.push(name);
  }
  return unique(names);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function replaced({ replace = [] }: RowMap, name: string): string {
  return replace.reduce((text, { from, to }) => text.replaceAll(from, to), name);
}
