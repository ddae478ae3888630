/** Reads one row of an outage log: an outage, or why it is not one. */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { returnToleranceMs } from "../../../projections/nodes/faults.ts";
import type { ClusterMembers } from "./outage-members.ts";
import { clusterOf, nodeCountOf, nodeOf } from "./outage-members.ts";
import { readCellTime } from "./local-time.ts";
import type { TimeForm } from "./local-time.ts";
import type { Category, OutageMap } from "./outage-map.ts";
import type { OutageRow } from "./outage-rows.ts";

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
export type NoteKind = (typeof noteKinds)[number];

interface Note {
  readonly kind: NoteKind;
  readonly text: string;
}

export interface Outage {
  readonly cluster: string;
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
  /** `null` if the outage has not ended. */
  readonly returnedAt: number | null;
  readonly category: Category;
  readonly component: string | null;
  readonly notes: readonly Note[];
}

/** Reads a row; returns the outage, or a text that says why it is not one. */
export function readOutage(
  row: OutageRow,
  map: OutageMap,
  form: TimeForm,
  members: ReadonlyMap<string, ClusterMembers>,
): Outage | string {
  if (row.error !== null) return row.error;
  const cluster = clusterOf(map, row);
  if (cluster === null) return `names no cluster: a column of "${map.cluster}" is blank`;
  const node = nodeOf(map, row);
  if (node === null) return `names no node: a column of "${map.node}" is blank`;
  const notes: Note[] = [];
  const times = readTimes(row, map, form, notes);
  if (typeof times === "string") return times;
  noteMembership(row, map, cluster, node, members.get(cluster), notes);
  return { cluster, node, ...times, ...readCause(row, map, notes), notes };
}

function readTimes(
  row: OutageRow,
  map: OutageMap,
  form: TimeForm,
  notes: Note[],
): { failedAt: number; returnedAt: number | null } | string {
  const startText = row.cells.get(map.start) ?? "";
  if (startText === "") return `${map.start} is blank`;
  const start = readCellTime(startText, form, map.start);
  if ("error" in start) return start.error;
  const failedAt = at(start.instants, 0);
  if (start.instants.length > 1) {
    notes.push({ kind: "local-time-twice", text: twice(map.start, startText, form, "first") });
  }
  const endText = row.cells.get(map.end) ?? "";
  if (endText === "") {
    notes.push({ kind: "no-end", text: `${map.end} is blank: the fault stays open` });
    return { failedAt, returnedAt: null };
  }
  const end = readCellTime(endText, form, map.end);
  if ("error" in end) return end.error;
  const first = at(end.instants, 0);
  const second = end.instants[1];
  let returnedAt = first;
  if (second !== undefined) {
    // The row itself tells which one is meant if the first is before the outage began.
    const isSecond = first < failedAt && second >= failedAt;
    if (isSecond) returnedAt = second;
    const which = isSecond ? "second" : "first";
    notes.push({ kind: "local-time-twice", text: twice(map.end, endText, form, which) });
  }
  if (returnedAt < failedAt - returnToleranceMs) {
    return `${map.end} ${endText} lies before ${map.start} ${startText}`;
  }
  if (returnedAt < failedAt) {
    const text = `${map.end} lies up to five minutes before ${map.start}: the fault has no duration`;
    notes.push({ kind: "end-before-start", text });
  }
  return { failedAt, returnedAt };
}

function twice(column: string, text: string, form: TimeForm, which: "first" | "second"): string {
  const why = which === "second" ? ", since the first lies before the start" : "";
  return `${column}: the local time ${text} occurs twice in ${form.zoneName}; read as the ${which}${why}`;
}

function readCause(
  row: OutageRow,
  map: OutageMap,
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
    text = row.cells.get(cause.column) ?? "";
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
  map: OutageMap,
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

function noteMembership(
  row: OutageRow,
  map: OutageMap,
  cluster: string,
  node: string,
  members: ClusterMembers | undefined,
  notes: Note[],
): void {
  if (map.members === undefined) return;
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
  if (members?.nodes.has(node) === true) return;
  const beyond = count === null ? "" : ` (it has ${count})`;
  const text = `node ${node} is not a node of ${cluster}${beyond}: the fault becomes a finding and counts in no figure`;
  notes.push({ kind: "node-not-a-member", text });
}
