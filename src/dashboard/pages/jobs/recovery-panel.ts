/** Recovery against size: a dot for each recovery, the fitted line, and the interval of its slope. */
import type {
  Recovery,
  RecoveryLine,
  RecoveryTrend,
} from "../../../../projections/figures/repair/recovery.ts";
import { maxDrawnRecoveries } from "../../../limits/pages.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { boxPoint, durationTicks, plot } from "../../charts/plot.ts";
import { share } from "../../charts/scale.ts";
import type { Span } from "../../charts/scale.ts";
import { counted, figure, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { durationText } from "../../frame/times.ts";
import { windowParameters } from "../../cluster/cluster-facts.ts";
import { recoveriesOf } from "./job-facts.ts";

export async function recoveryPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Recovery against size";
  const { all, trend, line } = await recoveriesOf(context, cluster);
  if (all.length === 0)
    return panel("recovery", { title, body: empty("No interruption was resumed in the period.") });
  const source = context.api("/v1/job-uptime", { cluster, ...windowParameters(context) });
  const drawn = all.toSorted((a, b) => b.from - a.from).slice(0, maxDrawnRecoveries);
  const axes = axesOf(drawn);
  const beyond = drawn.filter(({ durationMs }) => durationMs > axes.y.to).length;
  return panel("recovery", {
    title,
    note: "from an interruption to the resume, by nodes held",
    png: true,
    body: html`<div data-source="${source}">
      ${words(trend)} ${chart(drawn, line, axes)}
      ${
        (beyond > 0 || drawn.length < all.length || line !== null) &&
        html`<p class="more">
          ${line !== null && "The line is fitted; the shade is the 95 % interval of its slope. "}
          ${beyond > 0 && `${counted(beyond, "recovery", "recoveries")} took longer than ${durationText(axes.y.to)} and ${beyond === 1 ? "is" : "are"} drawn at the upper edge. `}
          ${drawn.length < all.length && `The last ${whole(drawn.length)} of ${whole(all.length)} are drawn.`}
        </p>`
      }
      ${table(all)}
    </div>`,
  });
}

function words({ recoveries, secondsPerDoubling, from, to }: RecoveryTrend): Html {
  const at = (name: string) => `clusters.0.recovery.${name}`;
  const count = figure(at("recoveries"), recoveries, counted(recoveries, "recovery", "recoveries"));
  if (secondsPerDoubling === null || from === null || to === null) {
    return html`<p class="chart-words">${count}: a slope needs three, of more than one size.</p>`;
  }
  const signed = (name: string, seconds: number) =>
    figure(at(name), seconds, `${seconds < 0 ? "−" : "+"}${Math.abs(seconds).toFixed(1)} s`);
  const verdict =
    from > 0
      ? "larger jobs take longer to recover"
      : to < 0
        ? "larger jobs recover sooner"
        : "no growth with size can be told from chance";
  return html`<p class="chart-words">
    <b>${signed("secondsPerDoubling", secondsPerDoubling)}</b> for each doubling of nodes, between
    ${signed("from", from)} and ${signed("to", to)}; ${count}: ${verdict}.
  </p>`;
}

interface Axes {
  /** log2 of nodes. */
  readonly x: Span;
  /** Milliseconds. */
  readonly y: Span & { readonly ticks: readonly number[] };
}

/** The axis ends a fifth above what 98 of 100 recoveries took, so that a few long ones do not flatten all others. */
function axesOf(recoveries: readonly Recovery[]): Axes {
  const sizes = recoveries.map(({ nodeCount }) => Math.log2(nodeCount));
  const times = recoveries.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const usual = times[Math.ceil(times.length * 0.98) - 1] ?? 1;
  const longest = times.at(-1) ?? 1;
  const ticks = durationTicks(Math.max(1_000, Math.min(longest, usual * 1.2)));
  return {
    x: {
      from: Math.floor(Math.min(...sizes)),
      to: Math.max(Math.floor(Math.min(...sizes)) + 1, Math.ceil(Math.max(...sizes))),
    },
    y: { from: 0, to: ticks.at(-1) ?? 1, ticks },
  };
}

function chart(recoveries: readonly Recovery[], line: RecoveryLine | null, { x, y }: Axes): Html {
  const doublings = Array.from({ length: x.to - x.from + 1 }, (_, i) => x.from + i);
  const every = Math.ceil(doublings.length / 9);
  const point = (size: number, ms: number) => boxPoint(share(size, x), share(ms, y));
  const dots = recoveries
    .map(({ nodeCount, durationMs }) => `M${point(Math.log2(nodeCount), durationMs)}h0`)
    .join("");
  return plot({
    label: `Recovery time by number of nodes: ${counted(recoveries.length, "recovery", "recoveries")}`,
    yTicks: y.ticks.map((ms) => ({ at: share(ms, y), label: ms === 0 ? "0" : durationText(ms) })),
    xTicks: doublings
      .filter((_, i) => i % every === 0)
      .map((size) => ({
        at: share(size, x),
        label: `${whole(2 ** size)}${size === x.from ? (size === 0 ? " node" : " nodes") : ""}`,
      })),
    stretched: html`${line !== null && fan(line, { x, y })}<path
        class="dots"
        d="${dots}"
      />${line !== null && html`<path class="fit" d="${fitted(line, { x, y }, line.slope)}" />`}`,
  });
}

const secondsAt = ({ meanX, meanSeconds }: RecoveryLine, slope: number, size: number) =>
  meanSeconds + slope * (size - meanX);

function fitted(line: RecoveryLine, { x, y }: Axes, slope: number): string {
  const end = (size: number) =>
    boxPoint(share(size, x), share(secondsAt(line, slope, size) * 1_000, y));
  return `M${end(x.from)}L${end(x.to)}`;
}

/** All lines through the means whose slope is in the interval. */
function fan(line: RecoveryLine, { x, y }: Axes): Html {
  const { slope, reach, meanX, meanSeconds } = line;
  const point = (size: number, seconds: number) =>
    boxPoint(share(size, x), share(seconds * 1_000, y));
  const middle = point(meanX, meanSeconds);
  const wing = (size: number) =>
    `M${middle}L${point(size, secondsAt(line, slope - reach, size))}L${point(size, secondsAt(line, slope + reach, size))}Z`;
  return html`<path class="fan" d="${wing(x.from)}${wing(x.to)}" />`;
}

/** Recoveries by doublings of size. */
function table(recoveries: readonly Recovery[]): Html {
  const groups = Map.groupBy(recoveries, ({ nodeCount }) => Math.floor(Math.log2(nodeCount)));
  const rows = [...groups]
    .sort(([a], [b]) => a - b)
    .map(([size, group]) => {
      const times = group.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
      const low = 2 ** size;
      const middle = times[Math.ceil(times.length / 2) - 1] ?? 0;
      return html`<tr>
        <th scope="row">${low === 1 ? "1" : `${whole(low)} to ${whole(2 * low - 1)}`}</th>
        <td class="number">${whole(times.length)}</td>
        <td class="number">${durationText(times[0] ?? 0)}</td>
        <td class="number">${durationText(middle)}</td>
        <td class="number">${durationText(times.at(-1) ?? 0)}</td>
      </tr>`;
    });
  return html`<details class="as-table">
    <summary>As a table</summary>
    <table>
      <caption class="hidden">
        Recoveries by number of nodes
      </caption>
      <thead>
        <tr>
          <th scope="col">Nodes</th>
          <th scope="col" class="number">Recoveries</th>
          <th scope="col" class="number">Shortest</th>
          <th scope="col" class="number">Median</th>
          <th scope="col" class="number">Longest</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </details>`;
}
