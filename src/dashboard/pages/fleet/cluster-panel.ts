/** One cluster of the fleet: its freeze, its figures against their targets, NIS by day and the states of its nodes. */
import type { HeadlineFigures } from "../../cluster/cluster-facts.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { queueOf } from "../../../answers/blocked-queue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { stackedBar } from "../../charts/bars.ts";
import type { PageContext } from "../../frame/page.ts";
import {
  countFigure,
  durationFigure,
  figure,
  percentFigure,
  verdict,
  whole,
} from "../../frame/figures.ts";
import { durationText, minuteText, timeHtml } from "../../frame/times.ts";
import {
  figuresOf,
  documentSource,
  isRefusedFigure,
  missedSinceOf,
  nodesOf,
  openFaultsOf,
} from "../../cluster/cluster-facts.ts";
import type { FaultRow } from "../../../answers/lists/faults.ts";
import type { Freeze } from "../../cluster/freeze.ts";
import { freezeAt } from "../../cluster/freeze.ts";
import { clusterCharts } from "./cluster-charts.ts";
import { pathSegment } from "../../../path-segment.ts";

interface Now {
  readonly name: string | null;
  readonly skus: readonly string[];
  readonly freeze: Freeze | null;
  readonly held: number;
  readonly longestMs: number;
}

/** Names may have blanks, which ids may not. */
export function clusterPanelId(cluster: string): string {
  return `cluster-${encodeURIComponent(cluster)}`;
}

export async function clusterPanel(context: PageContext, cluster: string): Promise<Html> {
  const { at } = context.stand;
  const id = clusterPanelId(cluster);
  const now = await context.once("now", cluster, (view) => oneStep(() => nowOf(view, at)));
  const figures = await orWhyNot(() => clusterFigures(context, cluster));
  const frozen = now.freeze === null ? "" : now.freeze.part === null ? "frozen" : "frozen part";
  return html`<section
    class="panel cluster ${frozen}"
    id="p-${id}"
    data-fragment="${id}"
    aria-labelledby="h-${id}"
  >
    <div class="who">
      <h2 id="h-${id}">
        <a href="${context.link(`/clusters/${pathSegment(cluster)}`)}">${cluster}</a>
      </h2>
      ${await identity(context, cluster, now)}
    </div>
    ${figures} ${await orWhyNot(() => clusterCharts(context, cluster))}
  </section>`;
}

/** The figures, or why there are none: the other clusters, and what else is known of this one, are shown all the same. */
async function orWhyNot(make: () => Promise<Html>): Promise<Html> {
  try {
    return await make();
  } catch (error) {
    if (!isRefusedFigure(error)) throw error;
    return html`<p class="figures problem">No figures: ${error.message}</p>`;
  }
}

function nowOf(view: ClusterView, at: number | null): Now {
  const registration = view.registrations.at(-1)?.data;
  const queue = at === null ? [] : queueOf(view, at);
  return {
    name: registration?.name ?? null,
    skus: registration?.sku === undefined ? [] : [registration.sku],
    freeze: at === null ? null : freezeAt(view, at),
    held: queue.length,
    longestMs: Math.max(0, ...queue.map(({ ageMs }) => ageMs)),
  };
}

async function identity(context: PageContext, cluster: string, now: Now): Promise<Html> {
  const { total, states: counted, skus } = await nodesOf(context, cluster);
  const states = [
    ["in-service", "in service", "up"],
    ["down", "down", "down"],
    ["maintenance", "maintenance", "maint"],
    ["unknown", "unobserved", "unknown"],
  ] as const;
  const bar = stackedBar(
    states.map(([state, words, kind]) => ({
      kind,
      part: total === 0 ? 0 : counted[state] / total,
      title: `${whole(counted[state])} ${words}`,
    })),
    `Nodes of ${cluster} by state`,
  );
  const counts = states
    .filter(([state]) => state === "in-service" || counted[state] > 0)
    .map(([state, words]) => {
      const source = context.api("/v1/nodes", { cluster, state, limit: "1" });
      const list = `${context.link(`/clusters/${pathSegment(cluster)}`, { state })}#p-nodes`;
      return html`<a class="state-count" href="${list}" data-source="${source}"
        ><b>${countFigure("total", counted[state])}</b> ${words}</a
      > `;
    });
  return html`<p class="sub">
      <span data-source="${context.api("/v1/nodes", { cluster, limit: "1" })}"
        >${countFigure("total", total)} nodes</span
      >${skus.length > 0 && html` · ${skus.slice(0, 3).join(", ")}`}
    </p>
    ${freezeBox(context, now.freeze)}
    <p class="held-line">
      ${now.held === 0 ? "No rollout is held" : html`<b>${whole(now.held)}</b> ${now.held === 1 ? "rollout" : "rollouts"} held, the longest ${durationText(now.longestMs)}`}
    </p>
    <div class="state-bar">${bar}</div>
    <p class="state-counts">${counts}</p>`;
}

function freezeBox({ stand, zone }: PageContext, freeze: Freeze | null): Html {
  if (freeze === null) return html`<p class="held-line">No freeze in force</p>`;
  const what = freeze.part === null ? html`<b>Frozen</b>` : html`<b>Frozen, ${freeze.part}</b>`;
  const until =
    freeze.until === null
      ? html`, no end is known`
      : html` until ${timeHtml(freeze.until, minuteText(freeze.until, zone, stand.at))}`;
  const left =
    freeze.until === null || stand.at === null
      ? null
      : html`${durationText(freeze.until - stand.at)} left · `;
  return html`<p class="freeze">
    ${what}${until}<br />${left}<span class="mono">${freeze.nfzs.join(", ")}</span
    >${freeze.followedBy.length > 0 && html`, then <span class="mono">${freeze.followedBy.join(", ")}</span>`}
  </p>`;
}

async function clusterFigures(context: PageContext, cluster: string): Promise<Html> {
  const document = await figuresOf(context, cluster);
  const source = documentSource(context, cluster);
  const { nis, jobUptime, mttr } = document;
  const missedSince = await missedSinceOf(context, cluster);
  return html`<div class="figures" data-source="${source}">
      <div class="kpi">
        <h3>Nodes in service ${verdict(nis.met)}</h3>
        <p class="big">${percentFigure("nis.contractual", nis.contractual)}</p>
        <p class="sub">
          ${toTarget(nis.contractual, nis.target)} · raw ${percentFigure("nis.raw", nis.raw, 2)}
        </p>
        ${missedSince !== null && sinceWords(context, missedSince)}
      </div>
      <div class="kpi">
        <h3>Job uptime ${verdict(jobUptime.met)}</h3>
        <p class="big">${percentFigure("jobUptime.contractual", jobUptime.contractual)}</p>
        <p class="sub">
          ${toTarget(jobUptime.contractual, jobUptime.target)} · ETTR
          ${percentFigure("jobUptime.ettr", jobUptime.ettr, 1)}
        </p>
      </div>
      <div class="kpi">
        <h3>Mean time to repair ${verdict(mttr.met)}</h3>
        <p class="big">${durationFigure("mttr.meanMs", mttr.meanMs)}</p>
        <p class="sub">
          ${durationFigure("mttr.restrictedMeanMs", mttr.restrictedMeanMs)} with open faults
        </p>
      </div>
    </div>
    <div class="figures" data-source="${source}">
      ${budget(nis)}
      <div class="kpi">
        <h3>Crashes a day</h3>
        <p class="big">
          ${jobUptime.crashesPerDay === null ? html`<span class="none">no data</span>` : figure("jobUptime.crashesPerDay", jobUptime.crashesPerDay, jobUptime.crashesPerDay.toFixed(1))}
        </p>
        <p class="sub">
          mean ${durationFigure("jobUptime.crashMeanMs", jobUptime.crashMeanMs)} each
        </p>
      </div>
      ${await openFaults(context, cluster)}
    </div>`;
}

/** From then on the target was missed, whatever followed in the window. */
function sinceWords({ zone, stand }: PageContext, missedSince: number): Html {
  const words = "The error budget of the whole window was spent by then: it cannot be met any more";
  return html`<p class="since" title="${words}">
    missed since ${timeHtml(missedSince, minuteText(missedSince, zone, stand.at))}
  </p>`;
}

/** How far a ratio is from its target, in percentage points: `−0.28 pt to target`. */
function toTarget(ratio: number | null, target: number): string {
  if (ratio === null) return "nothing to measure";
  const points = (ratio - target) * 100;
  const digits = Math.abs(points) < 0.01 ? 3 : 2;
  const text = Math.abs(points).toFixed(digits);
  return `${points < 0 ? "−" : "+"}${text} pt to target`;
}

function budget(nis: HeadlineFigures["nis"]): Html {
  const spent = nis.budgetSpent;
  const part = spent === null ? 0 : Math.min(1, spent);
  const bar = stackedBar(
    [
      {
        kind: spent !== null && spent > 1 ? "down" : "spent",
        part: spent !== null && spent > 1 ? 1 / spent : part,
        title: "spent of the budget",
      },
      ...(spent !== null && spent > 1
        ? [{ kind: "down over", part: 1 - 1 / spent, title: "spent beyond it" }]
        : []),
    ],
    "Error budget spent",
  );
  return html`<div class="kpi">
    <h3>Error budget</h3>
    <p class="big">
      ${spent === null ? html`<span class="none">no data</span>` : html`${figure("nis.burnRates.period", spent, (spent * 100).toFixed(1))}<span class="unit">% spent</span>`}
    </p>
    <div class="budget-bar">${bar}</div>
  </div>`;
}

async function openFaults(context: PageContext, cluster: string): Promise<Html> {
  const faults = await openFaultsOf(context, cluster);
  const beyond = faults.filter(({ overTarget }) => overTarget).length;
  const target = faults[0]?.targetMs ?? null;
  const [oldest] = faults;
  return html`<div class="kpi">
    <h3>Open faults</h3>
    <p class="big">
      <span data-source="${context.api("/v1/faults", { cluster, open: "true", limit: "1" })}"
        >${countFigure("total", faults.length)}</span
      >${target !== null && beyond > 0 && html`<span class="unit" data-source="${context.api("/v1/faults", { cluster, open: "true", overdue: "true", limit: "1" })}"> ${countFigure("total", beyond)} beyond ${durationText(target)}</span>`}
    </p>
    ${oldest === undefined ? html`<p class="sub">none</p>` : await whomToAsk(context, oldest)}
  </div>`;
}

/** Where to go first: the oldest open fault, what it is, and who told of it; the ledger has no telephone numbers. */
async function whomToAsk(context: PageContext, fault: FaultRow): Promise<Html> {
  const { cluster, node, category, component, durationMs, eventId } = fault;
  const [event] = await context.ledger.store.findByIds([eventId]);
  const { actor, source } = event?.attribution ?? {};
  const by = [actor, source].filter((each) => each !== undefined && each !== null).join(", ");
  const href = context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
  return html`<p class="sub">
    oldest ${durationText(durationMs)}: <a href="${href}">${node}</a>,
    ${category}${component !== null && ` (${component})`};
    <a href="${context.link(`/events/${eventId}`)}">told</a>
    ${by === "" ? "by nobody named" : html`by <b>${by}</b>`}
  </p>`;
}
