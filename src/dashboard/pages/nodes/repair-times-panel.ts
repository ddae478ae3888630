/** Repair times as a distribution: closed faults at how long they took, open ones at their age, beside the means. */
import { survivalMedian } from "../../../../projections/arithmetic/kaplan-meier.ts";
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import { parseInstant } from "../../../../projections/time/instant.ts";
import type { FaultRow } from "../../../answers/lists/faults.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { repairChart } from "../../charts/repair-chart.ts";
import {
  countFigure,
  counted,
  durationFigure,
  percentFigure,
  verdict,
  whole,
} from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationHtml, durationText } from "../../frame/times.ts";
import { documentSource } from "../../cluster/cluster-facts.ts";
import type { PageWindow } from "./window-facts.ts";
import { figuresIn, faultsIn, windowIn } from "./window-facts.ts";
import { windowWords } from "./window-words.ts";

export async function repairTimesPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Time to repair";
  const window = await windowIn(context, cluster);
  const faults = await faultsIn(context, cluster);
  const { mttr } = await figuresIn(context, cluster);
  const words = windowWords(context, window);
  if (faults.length === 0)
    return panel("repairs", { title, body: empty(`No fault was open or ended in ${words}.`) });
  const median = await context.once(`survival median ${window.label}`, cluster, () =>
    oneStep(() => survivalMedian(observed(faults, window))),
  );
  const csv = context.api("/v1/faults", { cluster, period: window.label, format: "csv" });
  const durations = (outcome: FaultRow["outcome"]) =>
    faults.filter((row) => row.outcome === outcome).map(({ durationMs }) => durationMs);
  const chart = repairChart({
    closedMs: durations("repaired"),
    openMs: durations("open"),
    targetMs: mttr.targetMs,
    marks: [
      { kind: "plain", atMs: mttr.meanMs, words: "mean of closed faults" },
      {
        kind: "restricted",
        atMs: mttr.restrictedMeanMs,
        words: "restricted mean, open faults too",
      },
    ],
    label: `Repair times of ${cluster}: ${whole(mttr.faultsClosed)} closed, ${whole(mttr.open.length)} open`,
  });
  return panel("repairs", {
    title,
    note: `${counted(faults.length, "fault")} on a logarithmic axis; open ones stand hollow at their age`,
    csv,
    png: true,
    body: html`${chart}
      <ul class="legend" aria-label="Marks">
        <li><i class="swatch spent"></i>closed</li>
        <li><i class="swatch hollow"></i>open, at its age</li>
        <li><i class="stroke upright target"></i>target ${durationText(mttr.targetMs)}</li>
        <li><i class="stroke upright plain"></i>mean</li>
        <li><i class="stroke upright restricted"></i>with open faults</li>
      </ul>
      ${figures(context, cluster, mttr, median)}`,
  });
}

/**
 * As the restricted mean observes them: faults that were opened in the window, each for as long as it is known at the
 * window's end.
 */
function observed(faults: readonly FaultRow[], { from }: PageWindow) {
  return faults
    .filter(({ since }) => (parseInstant(since) ?? 0) >= from)
    .map(({ durationMs, outcome }) => ({ durationMs, ended: outcome === "repaired" }));
}

function figures(
  context: PageContext,
  cluster: string,
  mttr: SlaDocument["mttr"],
  median: number | null,
): Html {
  const rows = [
    [
      "Mean",
      durationFigure("mttr.meanMs", mttr.meanMs),
      durationFigure("mttr.restrictedMeanMs", mttr.restrictedMeanMs),
    ],
    [
      "Median",
      durationFigure("mttr.medianMs", mttr.medianMs),
      median === null
        ? html`<span class="none" title="More than half of them are still open.">not reached</span>`
        : durationHtml(median),
    ],
    ["Verdict on the mean", verdict(mttr.met), verdict(mttr.metRestricted)],
  ] as const;
  return html`<table class="two-ways" data-source="${documentSource(context, cluster)}">
      <thead>
        <tr>
          <th scope="col"><span class="hidden">Figure</span></th>
          <th scope="col" class="number">Closed faults</th>
          <th scope="col" class="number">With open faults (Kaplan–Meier)</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, plain, survival]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="number">${plain}</td>
              <td class="number">${survival}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="more" data-source="${documentSource(context, cluster)}">
      ${percentFigure("mttr.withinTarget", mttr.withinTarget, 1)} of
      ${countFigure("mttr.faultsClosed", mttr.faultsClosed)} closed faults within the target; 90 %
      took at most ${durationFigure("mttr.p90Ms", mttr.p90Ms)} ·
      <a href="${context.link("/faults", { cluster, open: "true" })}"
        >${whole(mttr.open.length)} open</a
      >
    </p>`;
}
