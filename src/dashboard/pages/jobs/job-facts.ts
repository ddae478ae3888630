/** What the pages of jobs show of a cluster beside its document, each computed once for a stand. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { StripPieces } from "../../../../projections/figures/grid/strip-pieces.ts";
import { jobNodeMs, stripPieces } from "../../../../projections/figures/grid/strip-pieces.ts";
import { seriesInSteps } from "../../../../projections/figures/series/series.ts";
import type {
  Recovery,
  RecoveryLine,
  RecoveryTrend,
} from "../../../../projections/figures/repair/recovery.ts";
import {
  lineThrough,
  recoveriesIn,
  trendOf,
} from "../../../../projections/figures/repair/recovery.ts";
import type { JobTimeline } from "../../../../projections/jobs/timeline.ts";
import { bucketEdges, isBucketEdge } from "../../../../projections/time/buckets.ts";
import { zoneNamed } from "../../../../projections/time/period.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { knownCluster } from "../../../answers/known-cluster.ts";
import type { JobListRow } from "../../../answers/lists/jobs.ts";
import { jobRows } from "../../../answers/lists/jobs.ts";
import { listWindow } from "../../../answers/lists/list-window.ts";
import { maxCrashDays } from "../../../limits/pages.ts";
import { maxStripBreaks } from "../../../limits/reports.ts";
import { figureInputs } from "../../../reports/figures.ts";
import type { Steps } from "../../../turns.ts";
import { oneStep } from "../../../turns.ts";
import { zonesInForce } from "../../../zones/zones.ts";
import type { PageContext } from "../../frame/page.ts";
import { windowOf } from "../../frame/page.ts";
import type { Span } from "../../charts/scale.ts";
import { documentOf } from "../../cluster/cluster-facts.ts";

/** The cluster of the page. Throws `not-found` if no fact at the position names it. */
export function clusterOf({ params, ledger, stand }: PageContext): ClusterView {
  return knownCluster(ledger, params["cluster"] ?? "", stand.sequence);
}

/** Jobs of the last 30 days and their states at the page's instant, as `/v1/jobs` lists them. */
export function jobsNowOf(context: PageContext, cluster: string): Promise<readonly JobListRow[]> {
  const { at } = context.stand;
  return context.once("jobs now", cluster, (view) =>
    oneStep(() => (at === null ? [] : jobRows(view, listWindow(view, {}, at)))),
  );
}

/** A job of the document, with where the document has it and its running and interrupted node-time. */
export interface JobFigures extends Readonly<SlaDocument["jobUptime"]["jobs"][number]> {
  readonly index: number;
  readonly nodeMs: number;
}

/** What `make` computes of the page's window. */
function ofWindow<T>(
  context: PageContext,
  cluster: string,
  key: string,
  make: (jobs: readonly JobTimeline[], window: Span) => T,
): Promise<T> {
  const asked = windowOf(context.query);
  return context.once(`${key} ${JSON.stringify(asked)}`, cluster, (view) =>
    oneStep(() => {
      const inputs = figureInputs(view, asked);
      return make([...inputs.view.entities("job")], inputs.window);
    }),
  );
}

/** The jobs of the page's window. */
export async function jobFiguresOf(
  context: PageContext,
  cluster: string,
): Promise<readonly JobFigures[]> {
  const { jobUptime } = await documentOf(context, cluster);
  const nodeMs = await ofWindow(
    context,
    cluster,
    "node-time of jobs",
    (jobs, window) => new Map(jobs.map((job) => [job.job, jobNodeMs(job, window)])),
  );
  return jobUptime.jobs.map((row, index) => ({ ...row, index, nodeMs: nodeMs.get(row.job) ?? 0 }));
}

/** Parts of a strip on a page of many: as many as can be told apart on a screen. */
const stripCells = 400;

/** The strips of some jobs, by name. */
export async function stripsOf(
  context: PageContext,
  cluster: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, StripPieces>> {
  const bounds = { cells: stripCells, mostBreaks: maxStripBreaks };
  return await ofWindow(context, cluster, `strips ${JSON.stringify(names)}`, (jobs, window) => {
    const asked = new Set(names);
    return new Map(
      jobs
        .filter(({ job }) => asked.has(job))
        .map((job) => [job.job, stripPieces(job, window, window.to, bounds)]),
    );
  });
}

interface Recoveries {
  readonly all: readonly Recovery[];
  readonly trend: RecoveryTrend;
  readonly line: RecoveryLine | null;
}

export function recoveriesOf(context: PageContext, cluster: string): Promise<Recoveries> {
  return ofWindow(context, cluster, "recoveries", (jobs, window) => {
    const all = recoveriesIn(jobs, window);
    return { all, trend: trendOf(all), line: lineThrough(all) };
  });
}

interface CrashDays {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly isWhole: readonly boolean[];
}

/** Crashes by day of the document's zone, as `/v1/series` gives them; `null` for too many days. */
export function crashDaysOf(context: PageContext, cluster: string): Promise<CrashDays | null> {
  const asked = windowOf(context.query);
  return context.once(`crash days ${JSON.stringify(asked)}`, cluster, (view) =>
    crashDaySteps(view, asked),
  );
}

function* crashDaySteps(
  view: ClusterView,
  asked: ReturnType<typeof windowOf>,
): Steps<CrashDays | null> {
  yield;
  const zones = zonesInForce(view.zoneTable);
  const { period } = figureInputs(view, asked);
  const zone = zoneNamed(period.zone, zones);
  const edges = bucketEdges(period, "1d", zone, maxCrashDays);
  if (edges === null) return null;
  const { crashes = [] } = yield* seriesInSteps(view, edges, ["crashes"], zones);
  const isWhole = crashes.map(() => true);
  if (!isBucketEdge(period.from, "1d", zone)) isWhole[0] = false;
  if (!isBucketEdge(period.to, "1d", zone)) isWhole[isWhole.length - 1] = false;
  return { edges, counts: crashes.map((each) => each ?? 0), isWhole };
}
