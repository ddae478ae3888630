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
import { periodSwitch, periodWords } from "../../cluster/period-switch.ts";

export async function fleetHeadline(context: PageContext): Promise<Html> {
  const { clusters, stand } = context;
  const settled = await Promise.allSettled(clusters.map((cluster) => figuresOf(context, cluster)));
  const documents = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const frozen = await Promise.all(clusters.map((cluster) => isFrozen(context, cluster)));
  const queue = await queueAt(context);
  const words = sentence(
    documents,
    clusters.length,
    frozen.filter((each) => each).length,
    queue.overdue,
  );
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

function sentence(
  documents: readonly HeadlineFigures[],
  clusters: number,
  frozen: number,
  overdue: number,
): string {
  const missed = (name: "nis" | "jobUptime" | "mttr") =>
    documents.filter((each) => each[name].met === false).length;
  const period = documents[0] === undefined ? "" : ` in ${periodWords(documents[0].period)}`;
  const first =
    missed("nis") > 0
      ? `${missed("nis")} of ${counted(clusters, "cluster")} missed NIS${period}`
      : missed("jobUptime") + missed("mttr") > 0
        ? `NIS was met${period}; ${missed("jobUptime")} missed job uptime and ${missed("mttr")} MTTR`
        : `every target was met${period}`;
  const now =
    frozen === 0 ? "none is frozen now" : `${frozen} ${frozen === 1 ? "is" : "are"} frozen now`;
  const releases =
    overdue === 0
      ? "no release is overdue"
      : `${counted(overdue, "release")} ${overdue === 1 ? "is" : "are"} overdue`;
  const text = `${first}; ${now}; ${releases}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
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
