/** The nodes of an outage log's clusters, and from when to when they are members. */
import { namesOfPart, parseHostlist } from "../../../projections/nodes/hostlist.ts";
import { countNodes } from "../../../projections/nodes/node-count.ts";
import { LedgerError } from "../../errors.ts";
import { maxNodesPerList } from "../../limits/events.ts";
import { maxNodesPerLog } from "../../limits/sources.ts";
import { nameError } from "../config/node-name.ts";
import { clusterOf, nodesOfRow } from "./row-places.ts";
import type { OutageRow, RowMap } from "./outage-rows.ts";

/** The nodes of one cluster. */
export interface ClusterMembers {
  readonly nodes: ReadonlySet<string>;
  /** The number of nodes according to the rows; `null` if none says, or the map does not ask. */
  readonly count: number | null;
}

/** Counts the nodes that rows name, each time that one does. */
export class NodeCount {
  #named = 0;

  /** Throws `too-large`. */
  add(named: number): void {
    this.#named += named;
    if (this.#named <= maxNodesPerLog) return;
    const detail = `the rows name more than ${maxNodesPerLog} nodes together; send the log in parts`;
    throw new LedgerError("too-large", detail);
  }
}

/** Gathers members from the rows of a first pass. */
export class MemberCollector {
  readonly #map: RowMap;
  readonly #counts = new Map<string, number | null>();
  readonly #named = new NodeCount();
  readonly #seen = new Map<string, Set<string>>();

  constructor(map: RowMap) {
    this.#map = map;
  }

  add(row: OutageRow): void {
    if (row.error !== null) return;
    const cluster = clusterOf(this.#map, row);
    if (cluster === null || nameError({ cluster, node: "any" }) !== null) return;
    const nodes = this.#seen.get(cluster) ?? new Set<string>();
    this.#seen.set(cluster, nodes);
    const named = nodesOfRow(this.#map, row);
    if (Array.isArray(named)) this.#addNodes(cluster, nodes, named as readonly string[]);
    const said = nodeCountOf(this.#map, row);
    const known = this.#counts.get(cluster) ?? null;
    this.#counts.set(cluster, typeof said === "number" ? Math.max(said, known ?? 0) : known);
  }

  #addNodes(cluster: string, nodes: Set<string>, named: readonly string[]): void {
    this.#named.add(named.length);
    for (const node of named)
      if (!nodes.has(node) && nameError({ cluster, node }) === null) nodes.add(node);
  }

  /** Members by cluster, in the order in which the log first names the clusters. */
  finish(): Map<string, ClusterMembers> {
    const members = new Map<string, ClusterMembers>();
    for (const [cluster, seen] of this.#seen) {
      members.set(cluster, this.#membersOf(this.#counts.get(cluster) ?? null, seen));
    }
    return members;
  }

  #membersOf(count: number | null, seen: ReadonlySet<string>): ClusterMembers {
    const nodes = this.#map.members?.nodes;
    if (nodes === undefined) return { nodes: new Set(), count: null };
    if ("seen" in nodes) return { nodes: seen, count: null };
    if ("list" in nodes) return { nodes: namesOfLists(nodes.list), count: null };
    const names = new Set<string>();
    for (let i = 0; i < (count ?? 0); i++) names.add(numberedName(nodes.name, nodes.first + i));
    return { nodes: names, count };
  }
}

/**
 * The number of nodes that a row states: `blank`, `bad` (not a whole number, or beyond the limit), or `null` if the map
 * does not ask.
 */
export function nodeCountOf(map: RowMap, row: OutageRow): number | "blank" | "bad" | null {
  const nodes = map.members?.nodes;
  if (nodes === undefined || !("countColumn" in nodes)) return null;
  const text = row.cells.get(nodes.countColumn) ?? "";
  if (text === "") return "blank";
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= maxNodesPerList ? count : "bad";
}

function numberedName(template: string, number: number): string {
  return template.replace(/\{n(?::(\d+))?\}/g, (_, width: string | undefined) =>
    String(number).padStart(Number(width ?? 0), "0"),
  );
}

function namesOfLists(lists: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const list of lists) {
    const parts = parseHostlist(list);
    if (parts === null) {
      throw new LedgerError("invalid-request", `the map's "${list}" is not a hostlist`);
    }
    if (countNodes([list]) > maxNodesPerList) {
      const detail = `the map's "${list}" names more than ${maxNodesPerList} nodes`;
      throw new LedgerError("invalid-request", detail);
    }
    for (const part of parts) for (const name of namesOfPart(part)) names.add(name);
  }
  return names;
}
