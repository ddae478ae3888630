/** The fleet in one sentence, and which window is looked at. */
import type { HeadlineFigures } from "../../cluster/cluster-facts.ts";
import { queueAnswer } from "../../../answers/rollouts/queue.ts";
import { maxListRows } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { oneStep } from "../../../turns.ts";
import { figuresOf } from "../../cluster/cluster-facts.ts";
import { freezeAt } from "../../cluster/freeze.ts";
import { counted } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { inPeriod, periodSwitch } from "../../cluster/period-switch.ts";

export async function fleetHeadline(context: PageContext): Promise<Html> {
  const { clusters, stand } = context;
  const settled = await Promise.allSettled(clusters.map((cluster) => figuresOf(context, cluster)));
  const figures = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const frozen = await Promise.all(clusters.map((cluster) => isFrozen(context, cluster)));
  const queue = await queueAt(context);
  const refused = settled.find((each) => each.status === "rejected")?.reason;
  const words = sentence({
    figures,
    why: figures.length === 0 && refused instanceof Error ? refused.message : null,
    clusters: clusters.length,
    frozen: frozen.filter((each) => each).length,
    overdue: queue.overdue,
    isPast: stand.isPast,
  });
  return bare(
    "headline",
    html`<div class="title-line">
        <h1>Fleet</h1>
        <p class="sentence">${words}</p>
        ${await periodSwitch(context, clusters[0] ?? null)}
      </div>
      ${legend()}`,
    stand.isPast ? "past" : "",
  );
}

export function queueAt(context: PageContext) {
  const { ledger, stand } = context;
  return context.shared("queue", () =>
    queueAnswer(ledger, { sequence: stand.sequence, at: stand.at }, { limit: maxListRows }),
  );
}

function isFrozen(context: PageContext, cluster: string): Promise<boolean> {
  const { at } = context.stand;
  return context.once("is frozen", cluster, (view) =>
    oneStep(() => at !== null && freezeAt(view, at) !== null),
  );
}

interface FleetNow {
  /** Of the clusters whose figures can be given. */
  readonly figures: readonly HeadlineFigures[];
  /** Why there are no figures, where there are none at all. */
  readonly why: string | null;
  readonly clusters: number;
  readonly frozen: number;
  readonly overdue: number;
  readonly isPast: boolean;
}

function sentence({ figures, why, clusters, frozen, overdue, isPast }: FleetNow): string {
  const first = why === null ? verdictWords(figures, clusters) : `no figures: ${why}`;
  const is = (count: number) =>
    isPast ? (count === 1 ? "was" : "were") : count === 1 ? "is" : "are";
  const when = isPast ? "then" : "now";
  const now = `${frozen === 0 ? "none" : frozen} ${is(Math.max(1, frozen))} frozen ${when}`;
  const releases =
    overdue === 0
      ? `no release ${is(1)} overdue`
      : `${counted(overdue, "release")} ${is(overdue)} overdue`;
  const text = `${first}; ${now}; ${releases}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What was missed; that targets were met is said only of targets that there was something to measure for. */
function verdictWords(figures: readonly HeadlineFigures[], clusters: number): string {
  const period = figures[0] === undefined ? "" : ` ${inPeriod(figures[0].period)}`;
  const missed = (name: "nis" | "jobUptime" | "mttr") =>
    figures.filter((each) => each[name].met === false).length;
  if (missed("nis") > 0) {
    return `${missed("nis")} of ${counted(clusters, "cluster")} missed NIS${period}`;
  }
  const others = [
    [missed("jobUptime"), "job uptime"],
    [missed("mttr"), "MTTR"],
  ] as const;
  const words = others.filter(([count]) => count > 0).map(([count, of]) => `${count} missed ${of}`);
  const isMet = figures.some(({ nis }) => nis.met === true);
  if (words.length > 0) {
    return isMet ? `NIS was met${period}; ${words.join(" and ")}` : words.join(" and ") + period;
  }
  const isAnyMet = figures.some(({ nis, jobUptime, mttr }) =>
    [nis, jobUptime, mttr].some(({ met }) => met === true),
  );
  if (!isAnyMet) return `nothing is measured against a target${period}`;
  const without = clusters - figures.filter(({ nis }) => nis.met !== null).length;
  const but = without === 0 ? "" : `, NIS of ${counted(without, "cluster")} is not measured`;
  return `every target was met${period}${but}`;
}

/** What the colours mean: said once for the page. */
export function legend(more: string | null = null): Html {
  return html`<ul class="legend" aria-label="Legend">
    <li><i class="swatch up"></i>in service</li>
    <li><i class="swatch down"></i>down</li>
    <li><i class="swatch maint"></i>maintenance</li>
    <li><i class="swatch unknown"></i>unobserved</li>
    <li><i class="swatch nfz"></i>no-fly zone</li>
    <li class="how">${more ?? "a cell shows its worst state, deeper the more of it"}</li>
  </ul>`;
}
