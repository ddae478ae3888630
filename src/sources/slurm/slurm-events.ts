/**
 * Slurm's node events, as `sacctmgr show event` prints them. Rows of a node that touch and are of one kind are one
 * outage; reason and state of a row may have changed since an earlier file told it.
 */
import { type Says, firstReasonRule, saidBy, saysNothing } from "../config/rule.ts";
import { namedNode } from "../config/node-name.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { exportName } from "../reconcile/names.ts";
import { type Kind, kinds } from "../reconcile/observation.ts";
import { Seen, notOfForm } from "../reconcile/seen.ts";
import { classOfState } from "./node-state.ts";
import { type TableRow, readTable } from "./table.ts";
import { readSlurmTime } from "./times.ts";

type Source = SourceOf<"slurm-events">;

const form = {
  columns: [
    ["Cluster"],
    ["NodeName", "Node"],
    ["TimeStart", "Start"],
    ["TimeEnd", "End"],
    ["State"],
    ["Reason"],
  ],
  free: "Reason",
};

/** One row, or several that touch. */
interface Spell {
  readonly path: string;
  readonly cluster: string;
  readonly node: string;
  readonly from: number;
  to: number | null;
  /** `null`: in service, or no matter of health. */
  readonly kind: Kind | null;
  says: Says;
  weight: number;
  /** Where each of its rows begins. */
  readonly starts: number[];
  /** Whether the node's next row is in the file, too, and touches it. */
  isFinal: boolean;
}

interface Circumstances {
  readonly nowMs: number;
  /** When the file was written. */
  readonly exportedAt: number;
}

/** Throws `invalid-request` for what is no such table. */
export function seeNodeEvents(
  source: Source,
  body: unknown,
  { nowMs, exportedAt }: Circumstances,
): Seen {
  if (typeof body !== "string") throw notOfForm("a table of sacctmgr");
  const seen = new Seen(source.name, nowMs);
  const spells: Spell[] = [];
  for (const row of readTable(body, form)) {
    seen.total++;
    const spell = readRow(source, seen, row);
    if (spell === null) continue;
    if (spell.kind === null) seen.ignored++;
    spells.push(spell);
  }
  const correlationId = exportName(exportedAt);
  for (const spell of joined(spells)) {
    const { path, cluster, node, starts, from, to, kind, says, weight, isFinal } = spell;
    const common = { path, cluster, node, correlationId, series: "node" };
    if (kind !== null)
      seen.add({ is: "started", ...common, from, kind, to, says, weight, isFinal });
    // What an earlier file told of a row does not hold, if it is of another kind by now.
    const others = kinds.filter((each) => each !== kind);
    for (const start of starts)
      seen.add({ is: "withdrawn", ...common, from: start, kinds: others, weight: 0 });
  }
  return seen;
}

function readRow(source: Source, seen: Seen, row: TableRow): Spell | null {
  const path = `/rows/${row.number}`;
  const cell = (name: string) => row.cells.get(name) ?? "";
  const refuse = (detail: string) => {
    seen.refuse(path, detail);
    return null;
  };
  if (row.error !== null) return refuse(row.error);
  // An event of the whole cluster.
  if (cell("NodeName") === "") {
    seen.ignored++;
    return null;
  }
  const made = kindOf(source, cell("State"), cell("Reason"), row.observed);
  if (typeof made === "string") return refuse(made);
  const from = readSlurmTime(cell("TimeStart"), source);
  const to = readSlurmTime(cell("TimeEnd"), source);
  if (typeof from === "string") return refuse(`TimeStart: ${from}`);
  if (typeof to === "string") return refuse(`TimeEnd: ${to}`);
  if (from.at === null) return refuse("TimeStart: is needed");
  for (const { note } of [from, to]) if (note !== null) seen.notes.push({ path, detail: note });
  const place = namedNode(source, row.observed);
  return {
    path,
    ...place,
    from: from.at,
    to: to.at,
    ...made,
    weight: 1,
    starts: [from.at],
    isFinal: false,
  };
}

/** What a row is, or why that is not known. */
function kindOf(
  source: Source,
  state: string,
  reason: string,
  observed: TableRow["observed"],
): Pick<Spell, "kind" | "says"> | string {
  const made = classOfState(state);
  if (made === null) return `State: "${state.slice(0, 40)}" is not a state of a node that is known`;
  if (made === "maintenance") return { kind: "maintenance", says: saysNothing };
  const isOut = made !== "neither" && (made !== "draining" || source.draining === "out");
  if (!isOut) return { kind: null, says: saysNothing };
  const rule = firstReasonRule(source.reasons, reason);
  if (rule === null) return { kind: "fault", says: saysNothing };
  switch (rule.as) {
    case "ignore":
    case "heartbeat":
      return { kind: null, says: saysNothing };
    case "observation":
      return { kind: "observation", says: saysNothing };
    case "maintenance":
      // A node that is down is down, whatever somebody wrote.
      return made === "fault"
        ? { kind: "fault", says: saysNothing }
        : { kind: "maintenance", says: saysNothing };
    case "fault":
      return { kind: "fault", says: saidBy(rule, observed) };
  }
}

/** Spells of a node that touch and are of one kind as one; the first that a rule on its reason fits says the cause. */
function joined(spells: readonly Spell[]): Spell[] {
  const key = ({ cluster, node }: Spell) => `${cluster}:${node}`;
  const sorted = [...spells].sort(
    (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) || a.from - b.from,
  );
  const made: Spell[] = [];
  for (const spell of sorted) {
    const last = made.at(-1);
    const touches =
      last !== undefined &&
      key(last) === key(spell) &&
      last.to === spell.from &&
      last.to > last.from;
    const goesOn = touches && spell.kind !== null && last.kind === spell.kind;
    if (!goesOn) {
      if (touches) last.isFinal = true;
      made.push({ ...spell, starts: [...spell.starts] });
      continue;
    }
    last.to = spell.to;
    last.weight += spell.weight;
    last.starts.push(...spell.starts);
    if (last.says === saysNothing) last.says = spell.says;
  }
  return made;
}
