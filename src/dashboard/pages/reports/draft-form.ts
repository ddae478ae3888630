/** The choice of a draft's cluster and period, and the door to issuing it. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { keptFields } from "../../frame/kept-fields.ts";
import type { PageContext } from "../../frame/page.ts";
import { bare } from "../../frame/panel.ts";
import { isRefusedFigure } from "../../cluster/cluster-facts.ts";
import { draftCluster, draftDocument } from "./draft-choice.ts";

export async function draftForm(context: PageContext): Promise<Html> {
  const { clusters, written } = context;
  const cluster = draftCluster(context);
  if (cluster === null) return bare("draft-form", html``);
  const period = await draftPeriod(context);
  return bare(
    "draft-form",
    html`<form class="panel filters" method="get" action="/reports" aria-labelledby="draft-title">
      <h2 id="draft-title">Draft a report</h2>
      <label
        >Cluster
        <select name="cluster">
          ${clusters.map(
            (name) =>
              html`<option value="${name}" ${name === cluster && { html: "selected" }}>
                ${name}
              </option>`,
          )}
        </select></label
      >
      <label
        >Period
        <input
          name="period"
          value="${written.get("period") ?? period ?? ""}"
          placeholder="2026-03, 2026-Q1, 2026-W12"
          required
      /></label>
      ${keptFields(written, ["cluster", "period", "from", "to", "before"])}
      <button type="submit">Draft</button>
      ${!context.reader.may("POST", "/v1/reports") ? null : context.stand.isPast ? html`<p class="sub">A report is issued as of now, not of the past.</p>` : issueDoor(context, cluster, period)}
    </form>`,
  );
}

/** The period as a report would name it; what was written, if that is refused. */
async function draftPeriod(context: PageContext): Promise<string | null> {
  try {
    return (await draftDocument(context))?.period.label ?? null;
  } catch (error) {
    if (!isRefusedFigure(error)) throw error;
    return context.written.get("period");
  }
}

function issueDoor(context: PageContext, cluster: string, period: string | null): Html {
  const body = JSON.stringify({ cluster, period, actor: "YOU", reason: "WHY" });
  const command = `curl ${context.origin}/v1/reports -H 'Content-Type: application/json' -d '${body}'`;
  return html`<div
    data-island="issue"
    data-island-key="issue-${cluster}-${period}"
    data-cluster="${cluster}"
    data-period="${period}"
    data-report="${context.link("/reports/")}"
  >
    <noscript
      ><p class="sub">To issue it without scripts: <code>${command}</code></p></noscript
    >
  </div>`;
}
