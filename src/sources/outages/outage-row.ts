/** Reads one row of an outage log: an outage, or why it is not one. */
import { matches } from "../config/rule.ts";
import type { Category } from "../config/outage-map.ts";
import { nameError } from "../config/node-name.ts";
import { readCellTime } from "./local-time.ts";
import type { TimeForm } from "./local-time.ts";
import type { ClusterMembers } from "./outage-members.ts";
import { nodeCountOf } from "./outage-members.ts";
import type { OutageRow, RowMap } from "./outage-rows.ts";
import { clusterOf, nodesOfRow } from "./row-places.ts";
import { readTimes } from "./row-times.ts";

/** Notes about a row that is imported anyway. */
const noteKinds = [
  "local-time-twice",
  "end-before-start",
  "no-end",
  "no-cause",
  "cause-not-in-map",
  "several-causes",
  "node-not-a-member",
  "no-node-count",
  "node-count-differs",
] as const;
type NoteKind = (typeof noteKinds)[number];

export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
}

export interface Outage {
  readonly cluster: string;
  readonly nodes: readonly string[];
  readonly kind: "fault" | "maintenance";
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
  /** `null` if the outage has not ended. */
  readonly returnedAt: number | null;
  /** When a maintenance was announced; `null` if the log does not say. */
  readonly announcedAt: number | null;
  readonly category: Category;
  readonly component: string | null;
  readonly notes: readonly Note[];
}

/** Reads a row; returns the outage, or a text that says why it is not one. */
export function readOutage(
  row: OutageRow,
  map: RowMap,
  form: TimeForm,
  members: ReadonlyMap<string, ClusterMembers>,
): Outage | string {
  if (row.error !== null) return row.error;
  const cluster = clusterOf(map, row);
  if (cluster === null) return `names no cluster: a column of "${map.cluster}" is blank`;
  const nodes = readNodes(row, map, members.get(cluster));
  if (typeof nodes === "string") return nodes;
  for (const node of nodes) {
    if (members.get(cluster)?.nodes.has(node) === true) continue;
    const error = nameError({ cluster, node });
    if (error !== null) return inColumns(error, map);
  }
  const notes: Note[] = [];
  const times = readTimes(row, map, form, notes);
  if (typeof times === "string") return times;
  noteCount(row, map, members.get(cluster), notes);
  for (const node of nodes) noteMember(map, cluster, node, members.get(cluster), notes);
  const isMaintenance =
    map.maintenance !== undefined &&
    matches(map.maintenance.match, Object.fromEntries(row.cells), "names");
  const announced = isMaintenance ? readAnnounced(row, map, form) : null;
  if (typeof announced === "string") return announced;
  return {
    cluster,
    nodes,
    kind: isMaintenance ? "maintenance" : "fault",
    ...times,
    announcedAt: announced,
    ...(isMaintenance
      ? { category: "unknown" as const, component: null }
      : readCause(row, map, notes)),
    notes,
  };
}

/** What is wrong with a name, which the columns of the map's text make. */
function inColumns(error: string, { cluster, node }: RowMap): string {
  return error.replace(
    /^\/(cluster|node) /,
    (_, which) => `${which === "node" ? node : cluster}: `,
  );
}

function readNodes(
  row: OutageRow,
  map: RowMap,
  members: ClusterMembers | undefined,
): readonly string[] | string {
  const named = nodesOfRow(map, row);
  if (named === null) return `names no node: a column of "${map.node}" is blank`;
  if (named === "all") {
    const all = [...(members?.nodes ?? [])];
    return all.length > 0
      ? all
      : "names the whole cluster, but the map does not say which nodes it has";
  }
  if ("error" in named) return named.error;
  return named.length > 0 ? named : `names no node: a column of "${map.node}" is blank`;
}

function readAnnounced(row: OutageRow, map: RowMap, form: TimeForm): number | null | string {
  const column = map.maintenance?.announced;
  const text = column === undefined ? "" : (row.cells.get(column) ?? "");
  if (column === undefined || text === "") return null;
  const read = readCellTime(text, form, column);
  return "error" in read ? read.error : (read.instants[0] ?? null);
}

function readCause(
  row: OutageRow,
  map: RowMap,
  notes: Note[],
): { category: Category; component: string | null } {
  const { cause } = map;
  let category: Category = "unknown";
  let label = "";
  let text = "";
  if (cause !== undefined && "columns" in cause) {
    const filled = Object.entries(cause.columns).filter(([name]) => row.cells.get(name) !== "");
    const [first] = filled;
    if (first !== undefined) {
      [label, category] = first;
      text = row.cells.get(label) ?? "";
    }
    if (filled.length > 1) {
      const names = filled.map(([name]) => name).join(", ");
      notes.push({ kind: "several-causes", text: `${names} are filled; the first is used` });
    }
  } else if (cause !== undefined) {
    const cell = row.cells.get(cause.column) ?? "";
    const { separator } = cause;
    const texts = (separator === undefined ? [cell] : cell.split(separator))
      .map((each) => each.trim())
      .filter((each) => each !== "");
    text = texts.find((each) => Object.hasOwn(cause.values, each)) ?? texts[0] ?? "";
    if (texts.length > 1) {
      const word = `${cause.column}: "${cell.slice(0, 60)}" has several causes; "${text.slice(0, 60)}" is used`;
      notes.push({ kind: "several-causes", text: word });
    }
    const known = Object.hasOwn(cause.values, text) ? cause.values[text] : undefined;
    category = known ?? "unknown";
    if (text !== "" && known === undefined) {
      const word = `${cause.column}: "${text.slice(0, 60)}" is not in the map; recorded as unknown`;
      notes.push({ kind: "cause-not-in-map", text: word });
    }
  }
  if (cause !== undefined && text === "") {
    notes.push({ kind: "no-cause", text: "no cause is given; recorded as unknown" });
  }
  return { category, component: componentOf(row, map, label, text) };
}

/** The component's text in lower case with hyphens; `null` if the cell is blank or only repeats its column's name. */
function componentOf(
  row: OutageRow,
  map: RowMap,
  causeColumn: string,
  causeText: string,
): string | null {
  if (map.component === undefined) return null;
  const text = "column" in map.component ? (row.cells.get(map.component.column) ?? "") : causeText;
  if (text.toLowerCase() === causeColumn.toLowerCase()) return null;
  const slug = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  return slug === "" ? null : slug;
}

function noteCount(
  row: OutageRow,
  map: RowMap,
  members: ClusterMembers | undefined,
  notes: Note[],
): void {
  const said = nodeCountOf(map, row);
  const count = members?.count ?? null;
  if (said === "blank" || said === "bad") {
    const which = said === "blank" ? "is blank" : "is not a number";
    const use = count === null ? "no row of the cluster has one" : `${count}, as other rows say`;
    notes.push({ kind: "no-node-count", text: `the number of nodes ${which}: ${use}` });
  } else if (said !== null && said !== count) {
    const text = `the number of nodes is ${said} here and ${count} elsewhere; the larger is used`;
    notes.push({ kind: "node-count-differs", text });
  }
}

function noteMember(
  map: RowMap,
  cluster: string,
  node: string,
  members: ClusterMembers | undefined,
  notes: Note[],
): void {
  if (map.members === undefined || members?.nodes.has(node) === true) return;
  const count = members?.count ?? null;
  const beyond = count === null ? "" : ` (it has ${count})`;
  const text = `node ${node} is not a node of ${cluster}${beyond}: the fault becomes a finding and counts in no figure`;
  notes.push({ kind: "node-not-a-member", text });
}
