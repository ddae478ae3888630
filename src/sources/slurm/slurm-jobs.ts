/** Slurm's jobs, as `sacct` prints them: a row is one run, known by its id, its submission and its start. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import { checkData, futureError } from "../../events/check/check.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import { streamOf } from "../../events/stream.ts";
import { countNodes } from "../../../projections/nodes/node-count.ts";
import { maxNameLength, maxNodesPerList } from "../../limits/events.ts";
import { fillTemplate } from "../config/template.ts";
import type { SourceOf } from "../config/sources-file.ts";
import type { Draft } from "../reconcile/drafts.ts";
import { stateOnce } from "../reconcile/stated-once.ts";
import { Seen, notOfForm } from "../reconcile/seen.ts";
import { type JobEnd, causeOf, endOfState } from "./job-state.ts";
import { namesIn, splitHostlist } from "./hostlists.ts";
import { type TableRow, readTable } from "./table.ts";
import { readSlurmTime } from "./times.ts";

type Source = SourceOf<"slurm-jobs">;

const columns = ["JobIDRaw", "Cluster", "Submit", "Start", "End", "State", "NNodes", "NodeList"];
const form = { columns: [...columns, "User", "JobName"].map((name) => [name]), free: null };

interface Run {
  readonly path: string;
  readonly cluster: string;
  readonly job: string;
  readonly id: string;
  readonly submitted: number;
  readonly from: number;
  readonly to: number | null;
  readonly end: JobEnd | null;
  readonly nodes: readonly string[];
}

/** Throws `invalid-request` for what is no such table. */
export function seeJobs(
  source: Source,
  body: unknown,
  { nowMs }: { readonly nowMs: number },
): Seen {
  if (typeof body !== "string") throw notOfForm("a table of sacct");
  const seen = new Seen(source.name, nowMs);
  for (const row of readTable(body, form)) {
    seen.total++;
    const run = readRun(source, row);
    if (run === null) seen.ignored++;
    else if (typeof run === "string") seen.refuse(`/rows/${row.number}`, run);
    else addRun(source, seen, run, nowMs);
  }
  return seen;
}

/** The run; `null` if the row is ignored; a text says why it cannot be read. */
function readRun(source: Source, row: TableRow): Run | string | null {
  const cell = (name: string) => row.cells.get(name) ?? "";
  if (row.error !== null) return row.error;
  // A step of a job.
  if (cell("JobIDRaw").includes(".")) return null;
  const nodes = splitHostlist(cell("NodeList"));
  if (countNodes(nodes) > maxNodesPerList)
    return `NodeList: names more than ${maxNodesPerList} nodes`;
  if (nodes.length === 0 || countOf(cell("NNodes"), nodes) < source.minNodes) return null;
  const id = cell("JobIDRaw");
  if (id === "" || id.length > maxNameLength)
    return `JobIDRaw: must have 1 to ${maxNameLength} characters`;
  const times: { [name: string]: number | null } = {};
  for (const name of ["Submit", "Start", "End"]) {
    const time = readSlurmTime(cell(name), source);
    if (typeof time === "string") return `${name}: ${time}`;
    times[name] = time.at;
  }
  const { Submit: submitted = null, Start: from = null, End: to = null } = times;
  if (from === null) return null;
  if (to !== null && to < from) return "End: lies before Start";
  return {
    path: `/rows/${row.number}`,
    cluster: fillTemplate(source.cluster, row.observed),
    job: fillTemplate(source.job, row.observed),
    id,
    submitted: submitted ?? from,
    from,
    to,
    end: to === null ? null : endOfState(cell("State")),
    nodes,
  };
}

/** Slurm shortens large numbers, to 2K: then the list itself is counted. */
function countOf(text: string, nodes: readonly string[]): number {
  return /^\d+$/.test(text) ? Number(text) : namesIn(nodes).size;
}

function addRun(source: Source, seen: Seen, run: Run, nowMs: number): void {
  const { path, cluster, job, id, submitted, from, to, end, nodes } = run;
  const started = checkData("JobStarted", 1, { cluster, job, nodes }, "");
  const late = started instanceof LedgerError ? started : futureError(to ?? from, nowMs, path);
  if (late !== null) {
    const [first] = late.errors;
    seen.refuse(path, first === undefined ? late.message : `${first.path} ${first.message}`);
    return;
  }
  const identity = `${id}/${formatInstant(submitted)}/${formatInstant(from)}`;
  const draft = (type: "JobStarted" | "JobFinished", at: number, data: object): Draft => ({
    id: stableId([source.name, type, cluster, job, identity, formatInstant(at)]),
    type,
    occurredAt: formatInstant(at),
    data: { cluster, job, ...data },
    correlationId: id,
  });
  seen.tasks.push({
    stream: streamOf("JobStarted", { cluster, job }) ?? "",
    path,
    settle: (events, ledger) => {
      const drafts = [draft("JobStarted", from, { nodes })];
      if (to !== null && end !== null) {
        const cause = causeOf(source, end, { cluster, nodes, to }, ledger);
        const said = cause === null ? {} : { cause };
        drafts.push(draft("JobFinished", to, { outcome: end.outcome, ...said }));
      }
      return stateOnce(events, drafts);
    },
  });
}
