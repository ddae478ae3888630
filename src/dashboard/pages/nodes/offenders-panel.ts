/** Nodes that fail more often than chance explains, with the bound of a Poisson count drawn. */
import { poissonBound, poissonTail } from "../../../../projections/arithmetic/poisson.ts";
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { pc } from "../../charts/scale.ts";
import { countFigure, counted, figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import { figuresIn } from "./window-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

type Offender = SlaDocument["mtbf"]["repeatOffenders"][number];

const shown = 12;

export async function offendersPanel(context: PageContext, cluster: string): Promise<Html> {
  const { mtbf } = await figuresIn(context, cluster);
  const { repeatOffenders: all, repeatOffenderProbability: bound } = mtbf;
  const title = "Repeat offenders";
  const rate =
    mtbf.faultsPerThousandNodeDays === null
      ? "No node was a member in this window"
      : `${counted(mtbf.faultsOpened, "fault")} opened, ${mtbf.faultsPerThousandNodeDays.toFixed(1)} per 1,000 node-days`;
  if (all.length === 0) {
    const body = empty(
      `${rate}; no node had more than chance explains (a probability of at most ${bound}).`,
    );
    return panel("offenders", { title, body });
  }
  const longest = Math.max(...all.map(({ faults }) => faults));
  const csv = context.api("/v1/sla", { cluster, ...windowParameters(context), format: "csv" });
  const rest = all.length - shown;
  return panel("offenders", {
    title,
    note: `${rate}; a node of that rate reaches the bound with a probability of at most ${bound}`,
    csv,
    png: true,
    body: html`<div
        class="scroll"
        role="region"
        tabindex="0"
        aria-label="Table of repeat offenders"
      >
        <table data-source="${documentSource(context, cluster)}">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col"><span class="hidden">Faults against the bound</span></th>
              <th scope="col" class="number">Faults</th>
              <th scope="col" class="number">Expected</th>
              <th scope="col" class="number">Bound</th>
              <th scope="col" class="number">Probability</th>
            </tr>
          </thead>
          <tbody>
            ${all.slice(0, shown).map((each, i) => line(context, { cluster, each, i, longest, bound }))}
          </tbody>
        </table>
      </div>
      <ul class="legend" aria-label="Marks">
        <li><i class="swatch down"></i>faults beyond the bound</li>
        <li><i class="swatch spent"></i>up to it</li>
        <li><i class="stroke upright"></i>expected</li>
        <li><i class="stroke upright bound"></i>bound</li>
      </ul>
      ${rest > 0 && html`<p class="more"><a href="${context.here({ "sort-nodes": "faults", page: null })}#p-nodes">${whole(rest)} more</a> in the list of nodes</p>`}`,
  });
}

interface Line {
  readonly cluster: string;
  readonly each: Offender;
  readonly i: number;
  readonly longest: number;
  /** The greatest probability. */
  readonly bound: number;
}

function line(context: PageContext, { cluster, each, i, longest, bound }: Line): Html {
  const { node, faults, expected } = each;
  const least = poissonBound(expected, bound);
  const probability = poissonTail(faults, expected);
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  const x = (count: number) => pc((count / longest) * 100);
  return html`<tr>
    <th scope="row"><a href="${href}">${node}</a></th>
    <td class="offender-bar">
      <svg
        class="bar-chart"
        role="img"
        aria-label="${whole(faults)} faults, the bound is ${whole(least)}"
        width="100%"
        height="100%"
      >
        <rect class="spent" width="${x(least)}" y="25%" height="50%" />
        <rect class="down" x="${x(least)}" width="${x(faults - least)}" y="25%" height="50%" />
        <line class="mark" x1="${x(expected)}" x2="${x(expected)}" y1="0" y2="100%" />
        <line class="mark bound" x1="${x(least)}" x2="${x(least)}" y1="0" y2="100%" />
      </svg>
    </td>
    <td class="number">${countFigure(`mtbf.repeatOffenders.${i}.faults`, faults)}</td>
    <td class="number">
      ${figure(`mtbf.repeatOffenders.${i}.expected`, expected, expected.toFixed(2))}
    </td>
    <td class="number">${whole(least)}</td>
    <td class="number">${probability.toExponential(1)}</td>
  </tr>`;
}
