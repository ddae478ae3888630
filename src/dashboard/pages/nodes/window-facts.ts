/** What the pages of nodes show of a cluster in their window, each computed once for a stand. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import { seriesInSteps } from "../../../../projections/figures/series/series.ts";
import type { BucketName } from "../../../../projections/time/buckets.ts";
import { bucketEdges, bucketNames, isBucketEdge } from "../../../../projections/time/buckets.ts";
import { parseInstant } from "../../../../projections/time/instant.ts";
import { zoneNamed } from "../../../../projections/time/period.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import type { FaultGroup, FaultRow } from "../../../answers/lists/faults.ts";
import { faultGroupings, faultGroups, faultRowsInSteps } from "../../../answers/lists/faults.ts";
import { listWindow } from "../../../answers/lists/list-window.ts";
import type { NodeRow } from "../../../answers/lists/nodes.ts";
import { nodeRowsInSteps } from "../../../answers/lists/nodes.ts";
import { maxSeriesBuckets } from "../../../limits/reports.ts";
import type { Steps } from "../../../turns.ts";
import { oneStep } from "../../../turns.ts";
import { zonesInForce } from "../../../zones/zones.ts";
import type { PageContext } from "../../frame/page.ts";
import { windowOf } from "../../frame/page.ts";
import { figuresAloneInSteps } from "../../../reports/figures.ts";

export interface PageWindow extends Interval {
  /** As the cluster's document names it; requests of the interface take it as `period`. */
  readonly label: string;
  readonly period: SlaDocument["period"];
}

const members = ["period", "nis", "mttr", "mtbf"] as const;

export type NodeFigures = Pick<SlaDocument, (typeof members)[number]>;

/** What the document of the page's window says of nodes: the rest of it would take as long again. */
export function figuresIn(context: PageContext, cluster: string): Promise<NodeFigures> {
  const window = windowOf(context.query);
  return context.once(`figures of nodes ${JSON.stringify(window)}`, cluster, (view) =>
    figuresAloneInSteps(view, window, members),
  );
}

/** The page's window, cut at ledger time. */
export async function windowIn(context: PageContext, cluster: string): Promise<PageWindow> {
  const { period } = await figuresIn(context, cluster);
  const { label } = period;
  return {
    label,
    period,
    from: parseInstant(period.from) ?? 0,
    to: parseInstant(period.to) ?? 0,
  };
}

/** Faults that are open at the window's end or ended in it, as `/v1/faults` lists them. */
export async function faultsIn(
  context: PageContext,
  cluster: string,
): Promise<readonly FaultRow[]> {
  const { label } = await windowIn(context, cluster);
  const at = context.stand.at ?? 0;
  return await context.once(`faults ${label}`, cluster, (view) =>
    faultRowsInSteps(view, listWindow(view, { period: label }, at)),
  );
}

export type Grouping = keyof typeof faultGroupings;

/** The same in groups, in the order of the interface. */
export async function groupsIn(
  context: PageContext,
  cluster: string,
  grouping: Grouping,
): Promise<readonly FaultGroup[]> {
  const rows = await faultsIn(context, cluster);
  const { label } = await windowIn(context, cluster);
  return await context.once(`faults by ${grouping} ${label}`, cluster, () =>
    oneStep(() => faultGroups(rows, faultGroupings[grouping])),
  );
}

/** Members at the page's instant by name, with their faults of the window, as `/v1/nodes` lists them. */
export async function nodesIn(context: PageContext, cluster: string): Promise<readonly NodeRow[]> {
  const { label } = await windowIn(context, cluster);
  const at = context.stand.at ?? 0;
  return await context.once(`nodes ${label}`, cluster, (view) =>
    nodeRowsInSteps(view, listWindow(view, { period: label }, at)),
  );
}

export interface Series {
  readonly bucket: BucketName;
  readonly zone: string;
  readonly edges: readonly number[];
  /** Of each bucket: whether it is whole, neither cut by the window nor still going on. */
  readonly complete: readonly boolean[];
  readonly contractual: readonly (number | null)[];
  readonly raw: readonly (number | null)[];
}

/** Steps that a chart of a wide screen can show apart. */
const mostSteps = 130;

/** NIS by the shortest buckets of which a chart shows each, as `/v1/series` gives it. */
export async function nisSeries(context: PageContext, cluster: string): Promise<Series> {
  const window = await windowIn(context, cluster);
  return await context.once(`nis ${window.label}`, cluster, (view) => seriesSteps(view, window));
}

function* seriesSteps(view: ClusterView, { from, to, period }: PageWindow): Steps<Series> {
  yield;
  const zones = zonesInForce(view.zoneTable);
  const zone = zoneNamed(period.zone, zones);
  const cut = (bucket: BucketName, most: number) => bucketEdges({ from, to }, bucket, zone, most);
  const bucket = bucketNames.find((name) => cut(name, mostSteps) !== null) ?? "1mo";
  const edges = cut(bucket, maxSeriesBuckets) ?? [from, to];
  const complete = edges.slice(1).map(() => true);
  if (!isBucketEdge(from, bucket, zone)) complete[0] = false;
  if (!isBucketEdge(to, bucket, zone)) complete[complete.length - 1] = false;
  yield;
  const figures = yield* seriesInSteps(view, edges, ["nis.contractual", "nis.raw"], zones);
  return {
    bucket,
    zone: period.zone,
    edges,
    complete,
    contractual: figures["nis.contractual"] ?? [],
    raw: figures["nis.raw"] ?? [],
  };
}
