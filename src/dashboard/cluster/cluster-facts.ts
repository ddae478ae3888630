/** What pages show of a cluster: the functions that the interface answers with, each computed once for a stand. */
import { bucketEdges } from "../../../projections/time/buckets.ts";
import { unionSorted } from "../../../projections/arithmetic/intervals.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import type { Policy } from "../../../projections/figures/exclusions/policy.ts";
import { missedSinceInSteps } from "../../../projections/figures/missed-since.ts";
import { seriesInSteps } from "../../../projections/figures/series/series.ts";
import type { SeriesName } from "../../../projections/figures/series/series.ts";
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import { FigureTooLarge } from "../../../projections/arithmetic/ratio.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import { isLedgerError } from "../../errors.ts";
import { monthOf, zoneNamed } from "../../../projections/time/period.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { FaultRow } from "../../answers/lists/faults.ts";
import { faultRowsInSteps } from "../../answers/lists/faults.ts";
import { listWindow } from "../../answers/lists/list-window.ts";
import type { CountedNodes } from "../../answers/lists/nodes.ts";
import { countedNodesInSteps } from "../../answers/lists/nodes.ts";
import type { WindowQuery } from "../../reports/figures.ts";
import { figureInputs, slaDocumentInSteps } from "../../reports/figures.ts";
import { burnRate } from "../../../projections/figures/error-budget.ts";
import { membersInSteps } from "../../../projections/document/sla-document.ts";
import type { Steps } from "../../turns.ts";
import { oneStep } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";
import type { PageContext } from "../frame/page.ts";
import { windowOf } from "../frame/page.ts";

const dayMs = 86_400_000;

/** The document of the page's window; by default the last full month. */
export function documentOf(context: PageContext, cluster: string): Promise<SlaDocument> {
  const window = windowOf(context.query);
  return context.once(`document ${JSON.stringify(window)}`, cluster, (view) =>
    slaDocumentInSteps(view, window),
  );
}

/** Figures of the page's window as the document has them, without its lists of exclusions: those take most of the time. */
export type HeadlineFigures = Pick<SlaDocument, "period" | "mttr" | "jobUptime"> & {
  readonly nis: Pick<SlaDocument["nis"], "target" | "met" | "raw" | "contractual"> & {
    /** `nis.burnRates.period`. */
    readonly budgetSpent: number | null;
  };
};

export function figuresOf(context: PageContext, cluster: string): Promise<HeadlineFigures> {
  const window = windowOf(context.query);
  return context.kept("headline figures", cluster, window, {
    make: headlineFigures,
    bytesOf: (figures) => 2 * JSON.stringify(figures).length,
  });
}

function* headlineFigures(view: ClusterView, window: WindowQuery): Steps<HeadlineFigures> {
  const inputs = figureInputs(view, window);
  const members = yield* membersInSteps(inputs, ["period", "mttr", "jobUptime"]);
  yield;
  const nis = inputs.nisSums();
  const { target, met, raw, contractual } = nis;
  return { ...members, nis: { target, met, raw, contractual, budgetSpent: burnRate(nis) } };
}

/** Since when NIS cannot be met any more in the page's window; `null` where it is met, or nothing is measured. */
export async function missedSinceOf(context: PageContext, cluster: string): Promise<number | null> {
  const { nis } = await figuresOf(context, cluster);
  if (nis.met !== false) return null;
  const window = windowOf(context.query);
  return await context.kept("missed since", cluster, window, {
    make: (view, named) => {
      const inputs = figureInputs(view, named);
      const asked = { window: inputs.window, target: nis.target, zone: inputs.period.zone };
      return missedSinceInSteps(view, asked, inputs.zones);
    },
    bytesOf: () => 8,
  });
}

/** Whether the figures themselves were refused: the period, the zone, or a sum that is too large. */
export function isRefusedFigure(error: unknown): error is Error {
  return error instanceof RefusedRequest || error instanceof FigureTooLarge || isLedgerError(error);
}

/** The address at which the interface gives the same document. */
export function documentSource(context: PageContext, cluster: string): string {
  return context.api("/v1/sla", { cluster, ...windowParameters(context) });
}

export function windowParameters({ written }: PageContext): Record<string, string> {
  const named: Record<string, string> = {};
  for (const name of ["period", "from", "to"]) {
    const value = written.get(name);
    if (value !== null) named[name] = value;
  }
  return named;
}

/** Members at the page's instant, as many as `/v1/nodes` lists. */
export function nodesOf(context: PageContext, cluster: string): Promise<CountedNodes> {
  const at = context.stand.at ?? -Infinity;
  return context.once("nodes", cluster, (view) =>
    countedNodesInSteps(view, listWindow(view, {}, at)),
  );
}

/** Faults that are open at the page's instant, the oldest first, as `/v1/faults?open=true` lists them. */
export function openFaultsOf(context: PageContext, cluster: string): Promise<readonly FaultRow[]> {
  const { at } = context.stand;
  return context.once("open faults", cluster, function* (view) {
    if (at === null) return [];
    return yield* faultRowsInSteps(view, listWindow(view, {}, at), true);
  });
}

export function policyAt(view: ClusterView, at: number): Policy {
  return asPolicy(policyFactOf(view.policies, { from: at, to: at }));
}

export interface Daily {
  readonly window: Interval;
  readonly edges: readonly number[];
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
  readonly zone: string;
}

/** The days of a chart, in the cluster's zone. */
interface Days extends Omit<Daily, "figures"> {
  /** The start of the running month: what is before it stays as it is, unless a late fact changes it. */
  readonly runningFrom: number;
}

/** Figures by day of the cluster's zone over the last days up to ledger time, as `/v1/series` gives them. */
export function dailyOf(
  context: PageContext,
  cluster: string,
  names: readonly SeriesName[],
  days = 90,
): Promise<Daily | null> {
  return context.shared(`${cluster} daily ${days} ${names.join()}`, async () => {
    const shown = await context.once(`days ${days}`, cluster, (view) =>
      oneStep(() => daysOf(view, days)),
    );
    if (shown === null) return null;
    const { window, edges, zone, runningFrom } = shown;
    const before = await monthsBefore(context, cluster, names, shown);
    const running = await context.once(`running ${days} ${names.join()}`, cluster, (view) =>
      seriesOf(
        view,
        edges.filter((edge) => edge >= runningFrom),
        names,
      ),
    );
    const figures = names.map((name) => [
      name,
      [...(before?.[name] ?? []), ...(running[name] ?? [])],
    ]);
    return { window, edges, zone, figures: Object.fromEntries(figures) };
  });
}

type Figures = Daily["figures"];

/** The days before the running month. */
async function monthsBefore(
  context: PageContext,
  cluster: string,
  names: readonly SeriesName[],
  { window: { from }, edges, zone, runningFrom }: Days,
): Promise<Figures | null> {
  if (runningFrom === from) return null;
  const before = edges.filter((edge) => edge <= runningFrom);
  const window = { from, to: runningFrom };
  return await context.kept(`daily ${names.join()} in ${zone}`, cluster, window, {
    make: (view) => seriesOf(view, before, names),
    bytesOf: (figures) => 8 * before.length * Object.keys(figures).length,
  });
}

function seriesOf(
  view: ClusterView,
  edges: readonly number[],
  names: readonly SeriesName[],
): Steps<Figures> {
  return seriesInSteps(view, edges, names, zonesInForce(view.zoneTable));
}

/** `null` in an empty ledger. */
function daysOf(view: ClusterView, days: number): Days | null {
  const head = view.headRecordedAt;
  if (head === null) return null;
  const { zone } = policyAt(view, head);
  const offsets = zoneNamed(zone, zonesInForce(view.zoneTable));
  const first = Math.max(head - days * dayMs, Math.min(view.firstFactAt("node"), head - dayMs));
  const [, from = first] = bucketEdges({ from: first, to: head }, "1d", offsets, days + 2) ?? [];
  const window = { from: from < head ? from : first, to: head };
  const edges = bucketEdges(window, "1d", offsets, days + 2) ?? [];
  const runningFrom = Math.max(monthOf(head - 1, offsets).from, window.from);
  return { window, edges, zone, runningFrom };
}

/** A no-fly zone's occurrences as one shows them on a chart. */
export interface ZoneBand extends Interval {
  readonly nfz: string;
  /** Whether it freezes only a part of the cluster. */
  readonly isPart: boolean;
}

export function zoneBandsOf(context: PageContext, cluster: string): Promise<readonly ZoneBand[]> {
  return context.once("zone bands", cluster, (view) =>
    oneStep(() =>
      [...view.entities("nfz")].flatMap(({ nfz, occurrences, declaration }) =>
        unionSorted(occurrences).map(({ from, to }) => ({
          nfz,
          from,
          to,
          isPart: declaration?.data.scope !== undefined,
        })),
      ),
    ),
  );
}
