/** A job's strip for a window, or for its whole life. */
import { resolveUncut } from "../../../projections/document/entry/inputs.ts";
import type { Break } from "../../../projections/figures/grid/job-strip.ts";
import { jobStrip, stripStates } from "../../../projections/figures/grid/job-strip.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { JobTimeline } from "../../../projections/jobs/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { cutPeriod } from "../../../projections/time/period.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { maxStripBreaks } from "../../limits/reports.ts";
import type { WindowQuery } from "../../reports/figures.ts";
import { askedPeriod, periodText } from "../../reports/figures.ts";
import { zonesInForce } from "../../zones/zones.ts";
import { instantOrNull } from "../look-back.ts";

/** The strip; `null` if there is no such job. Throws as `/v1/nis` does for the same window. */
export function stripAnswer(view: ClusterView, name: string, query: WindowQuery, columns: number) {
  const job = view.entity("job", name);
  if (job === null) return null;
  const { window, knownUntil } = stripWindow(view, job, query);
  const strip = jobStrip(job, window, knownUntil, { columns, mostBreaks: maxStripBreaks });
  return {
    cluster: view.cluster,
    job: name,
    from: formatInstant(window.from),
    to: formatInstant(window.to),
    knownUntil: formatInstant(knownUntil),
    cellMs: strip.cells.cellMs,
    legend: stripStates,
    cells: strip.states,
    breaks: strip.breaks.map(breakJson),
    merged: strip.isMerged,
    total: strip.total,
  };
}

function breakJson({ at, until, ...rest }: Break) {
  return { at: formatInstant(at), until: instantOrNull(until), ...rest };
}

/** The window of a strip, and up to where it is known; by default the job's whole life. Throws as `/v1/nis` does. */
export function stripWindow(
  view: ClusterView,
  job: JobTimeline,
  query: WindowQuery,
): { readonly window: Interval; readonly knownUntil: number } {
  const life = periodText(query) === undefined ? lifeOf(view, job) : null;
  if (life !== null) return { window: life, knownUntil: life.to };
  const period = askedPeriod(view, query);
  const request = { period, zone: query.zone };
  const { asked: window } = resolveUncut(view, request, zonesInForce(view.zoneTable));
  return { window, knownUntil: cutPeriod(window, view.headRecordedAt, period).to };
}

/** From its first start to its last end, or to ledger time; `null` if it never ran. */
export function lifeOf({ headRecordedAt }: ClusterView, { runs }: JobTimeline): Interval | null {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return null;
  const end = Math.min(last.to, headRecordedAt ?? last.to);
  return { from: first.from, to: Math.max(end, first.from + 1) };
}
