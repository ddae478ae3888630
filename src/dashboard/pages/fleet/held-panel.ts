/** Rollouts that wait for no-fly zones: how long, until when, and which of them wait for nobody. */
import type { QueueAnswer } from "../../../answers/rollouts/queue.ts";
import { parseInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { timeAxis } from "../../charts/axis.ts";
import type { LanePiece } from "../../charts/bars.ts";
import { lane } from "../../charts/bars.ts";
import type { Span } from "../../charts/scale.ts";
import { bad, counted, durationFigure } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { dayText } from "../../frame/times.ts";
import type { ZoneBand } from "../../cluster/cluster-facts.ts";
import { zoneBandsOf } from "../../cluster/cluster-facts.ts";
import { holdEndWords } from "../../cluster/hold-end.ts";
import { impactWords } from "../../cluster/declared-impact.ts";
import { queueAt } from "./headline.ts";
import { pathSegment } from "../../../path-segment.ts";

type Held = QueueAnswer["blocked"][number];

const shown = 6;
const dayMs = 86_400_000;

export async function heldPanel(context: PageContext): Promise<Html> {
  const title = "Held by no-fly zones";
  const queue = await queueAt(context);
  const at = context.stand.at ?? 0;
  if (queue.total === 0) {
    return panel("held", {
      title,
      body: empty("No rollout is held: nothing waits for a no-fly zone to end."),
    });
  }
  const rows = queue.blocked.slice(0, shown);
  const first = Math.min(...rows.map(({ since }) => parseInstant(since) ?? at));
  const window = { from: Math.max(first - dayMs, at - 60 * dayMs), to: at + 7 * dayMs };
  const bands = new Map<string, readonly ZoneBand[]>();
  for (const { cluster } of rows) bands.set(cluster, await zoneBandsOf(context, cluster));
  const overdue =
    queue.overdue === 0
      ? ""
      : `, ${queue.overdue} of them for nobody: ${queue.overdue === 1 ? "its zone is" : "their zones are"} over`;
  return panel("held", {
    title,
    note: `${counted(queue.total, "rollout")} ${queue.total === 1 ? "waits" : "wait"}${overdue}`,
    csv: context.api("/v1/rollouts/blocked", { format: "csv" }),
    png: true,
    body: html`<ol class="held" data-source="${context.api("/v1/rollouts/blocked")}">
        ${rows.map((row, i) => heldLine(context, row, i, window, bands.get(row.cluster) ?? []))}
      </ol>
      ${timeAxis(window, context.zone, at, dayText(window.to, context.zone, at))}
      ${queue.total > shown && html`<p class="more"><a href="${context.link("/rollouts")}">${queue.total - shown} more</a></p>`}`,
  });
}

function heldLine(
  context: PageContext,
  row: Held,
  i: number,
  window: Span,
  bands: readonly ZoneBand[],
): Html {
  const { rollout, cluster, urgency, releaseOverdue, ageMs, declared } = row;
  const at = context.stand.at ?? 0;
  const href = context.link(`/rollouts/${pathSegment(cluster)}/${pathSegment(rollout)}`);
  return html`<li>
    <p class="held-head">
      <a href="${href}"><b>${rollout}</b></a>
      ${urgency !== null && html`<span class="tag ${urgency}">${urgency}</span>`}
      ${releaseOverdue && bad("release overdue")}
      <span class="held-age">${durationFigure(`blocked.${i}.ageMs`, ageMs)}</span>
    </p>
    <div class="held-lane">
      ${lane(pieces(row, bands, at), window, `The wait of ${rollout}`, at)}
    </div>
    <p class="sub">
      ${heldWords(context, row)}${declared !== null && html` · ${impactWords(declared)}`}
    </p>
  </li>`;
}

function pieces(row: Held, bands: readonly ZoneBand[], at: number): LanePiece[] {
  const since = parseInstant(row.since) ?? at;
  const named = bands.filter(({ nfz }) => row.nfzIds.includes(nfz));
  const lastEnd = Math.max(since, ...named.filter(({ from }) => from <= at).map(({ to }) => to));
  const free = row.releaseOverdue ? Math.min(at, lastEnd) : at;
  const zones = named.map(({ nfz, from, to }): LanePiece => ({
    kind: "nfz-box",
    from,
    to,
    title: nfz,
    pattern: "hatch-nfz",
  }));
  return [
    ...zones,
    { kind: "unknown", from: since, to: free, title: "held", top: 25, height: 50 },
    ...(row.releaseOverdue
      ? [{ kind: "down", from: free, to: at, title: "nobody holds it", top: 25, height: 50 }]
      : []),
  ];
}

function heldWords(context: PageContext, row: Held): Html {
  const { stand, zone } = context;
  const by = html`<span class="mono">${row.nfzIds.join(", ")}</span>`;
  if (row.releaseOverdue) {
    return html`refused ${dayText(parseInstant(row.since) ?? 0, zone, stand.at)} by ${by}; its zone
    is over, and nobody released it`;
  }
  return html`held by ${by}, ${holdEndWords(context, row)}`;
}
