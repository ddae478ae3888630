/** Every rollout of a cluster as the board has it, and the columns of the board. */
import type { ClusterView } from "../../../../projections/view.ts";
import { statusBefore } from "../../../../projections/rollouts/kind.ts";
import type { QueuePlace } from "../../../../projections/rollouts/queue-order.ts";
import { compareQueuePlaces, queuePlace } from "../../../../projections/rollouts/queue-order.ts";
import type { RolloutTimeline } from "../../../../projections/rollouts/timeline.ts";
import { instantMs } from "../../../../projections/time/instant.ts";
import { needingCoTest } from "../../../answers/co-tests/needing-co-test.ts";
import type { QueueAnswer } from "../../../answers/rollouts/queue.ts";
import { verdictsOf } from "../../../answers/rollouts/impact.ts";
import { queueAnswer } from "../../../answers/rollouts/queue.ts";
import { maxListRows } from "../../../limits/requests.ts";
import { doneDays } from "../../../limits/pages.ts";
import { oneStep } from "../../../turns.ts";
import type { PageContext } from "../../frame/page.ts";
import type { ShownState } from "./words.ts";

type Held = QueueAnswer["blocked"][number];

type Measured =
  Awaited<ReturnType<typeof verdictsOf>> extends ReadonlyMap<string, infer V> ? V : never;

interface BoardRow {
  readonly cluster: string;
  readonly rollout: string;
  readonly state: ShownState;
  /** When it came into its state; while it is held, since when it waits. */
  readonly since: number;
  readonly submission: RolloutTimeline["submission"];
  readonly place: QueuePlace;
  readonly nodesDone: number | null;
  readonly nodesTotal: number | null;
}

/** A row with its place in the queue, if it waits there. */
export interface PlacedRow extends BoardRow {
  readonly held: (Held & { readonly index: number }) | null;
  /** What it did against its word; `null` if it has not started. */
  readonly measured: Measured | null;
}

export const columns = [
  { id: "submitted", title: "Submitted", none: "Nothing is waiting to be asked." },
  { id: "held", title: "Held", none: "No no-fly zone holds a rollout." },
  { id: "needs-co-test", title: "Needs co-test", none: null },
  { id: "releasable", title: "Releasable", none: "Nothing that is free waits." },
  { id: "in-progress", title: "In progress", none: "Nothing is under way." },
  { id: "verifying", title: "Verifying", none: "Nothing is being verified." },
  { id: "done", title: `Done in ${doneDays} days`, none: "Nothing has ended." },
] as const;

export type ColumnId = (typeof columns)[number]["id"];

const columnOfState: Readonly<Record<ShownState, ColumnId | null>> = {
  submitted: "submitted",
  blocked: "held",
  "needs-co-test": "needs-co-test",
  releasable: "releasable",
  "in-progress": "in-progress",
  paused: "in-progress",
  verifying: "verifying",
  "rolling-back": "in-progress",
  completed: "done",
  failed: "done",
  "rolled-back": "done",
  cancelled: "done",
  superseded: "done",
  // Nobody submitted or started it: only an override or a refusal names it.
  unknown: null,
};

export const dayMs = 86_400_000;

/** The clusters that the page shows. */
export function shownClusters({ clusters, filters }: PageContext): readonly string[] {
  const { cluster } = filters;
  return cluster === undefined ? clusters : [cluster];
}

/** The blocked queue of the clusters shown, as `/v1/rollouts/blocked` gives it. */
export function queueOn(context: PageContext): Promise<QueueAnswer> {
  const { ledger, stand, filters } = context;
  const { cluster } = filters;
  return context.shared(cluster === undefined ? "queue" : `queue of ${cluster}`, () =>
    queueAnswer(
      ledger,
      { cluster, sequence: stand.sequence, at: stand.at },
      { limit: maxListRows },
    ),
  );
}

/** The address of the same queue. */
export function queueSource(context: PageContext): string {
  return context.api("/v1/rollouts/blocked", { cluster: context.filters["cluster"] });
}

/** By cluster and rollout. */
async function verdictsOn(context: PageContext): Promise<ReadonlyMap<string, Measured>> {
  const { ledger, stand } = context;
  const { sequence, at } = stand;
  const found = new Map<string, Measured>();
  for (const cluster of shownClusters(context)) {
    const verdicts = await context.shared(`verdicts ${cluster}`, () =>
      verdictsOf(ledger, { cluster, sequence, at }),
    );
    for (const [rollout, each] of verdicts) found.set(`${cluster} ${rollout}`, each);
  }
  return found;
}

function rowsOf(context: PageContext, cluster: string): Promise<readonly BoardRow[]> {
  const { at } = context.stand;
  return context.once("rollout board", cluster, (view) =>
    oneStep(() => (at === null ? [] : rowsAt(view, cluster, at))),
  );
}

function rowsAt(view: ClusterView, cluster: string, at: number): BoardRow[] {
  const untested = needingCoTest(view, at);
  return Array.from(view.entities("rollout"), (timeline) => {
    const row = rowOf(cluster, timeline, at);
    return untested.has(row.rollout) ? { ...row, state: "needs-co-test" } : row;
  });
}

function rowOf(cluster: string, timeline: RolloutTimeline, at: number): BoardRow {
  const status = statusBefore(timeline, at);
  const { state, setBy, held, submission, progress } = status;
  return {
    cluster,
    rollout: timeline.rollout,
    state,
    since: (state === "blocked" ? held?.since : setBy?.occurredAt) ?? at,
    submission,
    place: queuePlace(timeline.rollout, status),
    nodesDone: progress?.data.nodesDone ?? null,
    nodesTotal: progress?.data.nodesTotal ?? null,
  };
}

/** The rows of each column: the most urgent first, of what is done the newest. */
export async function boardOf(
  context: PageContext,
): Promise<ReadonlyMap<ColumnId, readonly PlacedRow[]>> {
  const queue = await queueOn(context);
  const held = new Map(
    queue.blocked.map((row, index) => [`${row.cluster} ${row.rollout}`, { ...row, index }]),
  );
  const rows = await Promise.all(shownClusters(context).map((cluster) => rowsOf(context, cluster)));
  const verdicts = await verdictsOn(context);
  const board = new Map<ColumnId, PlacedRow[]>(columns.map(({ id }) => [id, []]));
  const oldest = (context.stand.at ?? 0) - doneDays * dayMs;
  for (const row of rows.flat()) {
    const key = `${row.cluster} ${row.rollout}`;
    const measured = verdicts.get(key) ?? null;
    const placed = { ...row, held: held.get(key) ?? null, measured };
    const column = columnOf(placed);
    if (column === null || (column === "done" && row.since < oldest)) continue;
    board.get(column)?.push(placed);
  }
  for (const [id, list] of board)
    list.sort(
      id === "done" ? (a, b) => b.since - a.since : (a, b) => compareQueuePlaces(a.place, b.place),
    );
  return board;
}

/** What is held by nothing any more is releasable, whether or not somebody released it. */
function columnOf({ state, held }: PlacedRow): ColumnId | null {
  const column = columnOfState[state];
  return column === "held" && held?.releaseOverdue === true ? "releasable" : column;
}

/** When it is over without having been done; `null` if it has no deadline. */
export function deadlineOf({ submission }: BoardRow): number | null {
  const deadline = submission?.data.deadline;
  return deadline === undefined ? null : instantMs(deadline);
}
