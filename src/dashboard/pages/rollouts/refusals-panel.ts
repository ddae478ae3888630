/** What was refused, what was let pass all the same, and what was done inside no-fly zones without asking. */
import { doneDays, shownRefusals } from "../../../limits/pages.ts";
import { formatInstant, parseInstant } from "../../../../projections/time/instant.ts";
import type { ViolationsAnswer } from "../../../answers/rollouts/violations.ts";
import { usualWindow, violationsAnswer } from "../../../answers/rollouts/violations.ts";
import { maxListRows, maxPageSize } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { pathSegment } from "../../../path-segment.ts";
import { eventWords } from "../../cluster/event-words.ts";
import { bad, countFigure, counted, whole } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { dayMs } from "./board-rows.ts";
import type { Attributed } from "./refusals.ts";
import { refusalsOf } from "./refusals.ts";
import { rolloutHref, whenHtml, zoneLinks } from "./words.ts";
import { listTable } from "../../tables/list-table.ts";

const limit = String(maxPageSize);

export async function refusalsPanel(context: PageContext): Promise<Html> {
  const { refusals, overrides, shown, total } = await refusalsOf(context);
  const title = "Refusals and overrides";
  if (total === 0) {
    return panel("refusals", {
      title,
      body: empty(`Nothing was refused in the last ${doneDays} days, and nothing overridden.`),
    });
  }
  const rest = total - shown.length;
  return panel("refusals", {
    title,
    note: `${counted(refusals, "refusal")}, ${counted(overrides, "override")} granted or revoked in the last ${doneDays} days, the newest first`,
    tools: tables(context),
    body: html`${listTable({ title, heads: ["When", "What", "Cluster", "Actor", "Reason"], rows: shown.map((each) => line(context, each)) })}
    ${rest > 0 && html`<p class="more">${whole(rest)} more: ${logLink(context, "RolloutBlocked", "refusals")}, ${logLink(context, "RolloutOverrideGranted", "overrides")}</p>`}`,
  });
}

function logLink(context: PageContext, type: string, words: string): Html {
  const { cluster } = context.filters;
  return html`<a href="${context.link("/audit/events", { type, cluster })}">all ${words}</a>`;
}

/** The same events as tables. */
function tables(context: PageContext): Html {
  const { at } = context.stand;
  const { cluster } = context.filters;
  const csv = (type: string, words: string) => {
    const from = formatInstant((at ?? 0) - doneDays * dayMs);
    const to = formatInstant(at ?? 0);
    const href = context.api("/v1/events", { type, cluster, from, to, limit, format: "csv" });
    return html`<a class="csv" href="${href}" download>${words} CSV</a>`;
  };
  return html`${csv("RolloutBlocked", "Refusals")} ${csv("RolloutOverrideGranted", "Overrides")}`;
}

function line(context: PageContext, { fact, actor, reason }: Attributed): Html {
  const { cluster, rollout } = fact.data;
  const isOverride = fact.type.startsWith("RolloutOverride");
  return html`<tr class="${isOverride && "override"}">
    <th scope="row">
      <a href="${context.link(`/events/${fact.id}`)}">${whenHtml(context, fact.occurredAt)}</a>
    </th>
    <td>
      <a href="${rolloutHref(context, cluster, rollout)}">${eventWords(context, fact)}</a>
    </td>
    <td>${cluster}</td>
    <td>${actor}</td>
    <td class="wrap">${reason}</td>
  </tr>`;
}

function nodePath(cluster: string, node: string): string {
  return `/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`;
}

const kindWords = {
  start: "started inside a zone",
  resume: "resumed inside a zone",
  progress: "went on after the ledger paused it",
  maintenance: "maintenance began inside a zone",
} as const;

export async function violationsPanel(context: PageContext): Promise<Html> {
  const { ledger, stand, filters } = context;
  const { cluster } = filters;
  const window = usualWindow({}, stand.at);
  const answer = await context.shared(`violations of ${cluster ?? "all"}`, () =>
    violationsAnswer(
      ledger,
      { cluster, ...window, sequence: stand.sequence },
      { limit: maxListRows },
    ),
  );
  const title = "Violations";
  const asked = {
    cluster,
    from: formatInstant(window.from),
    to: formatInstant(window.to),
  };
  const source = context.api("/v1/rollouts/violations", asked);
  const newest = answer.violations.toReversed().slice(0, shownRefusals);
  if (answer.total === 0) {
    return panel("violations", {
      title,
      body: empty(`Nothing was done inside a no-fly zone in the last ${doneDays} days.`),
    });
  }
  return panel("violations", {
    title,
    note: html`<span data-source="${source}">${countFigure("total", answer.total)}</span> in the
      last ${doneDays} days`,
    csv: context.api("/v1/rollouts/violations", { ...asked, format: "csv" }),
    body: html`${listTable({ title, heads: ["When", "What", "Node or rollout", "Cluster", "Zones"], rows: newest.map((each) => violationLine(context, each)) })}
    ${answer.total > newest.length && html`<p class="more">${whole(answer.total - newest.length)} more in the CSV</p>`}`,
  });
}

function violationLine(
  context: PageContext,
  {
    kind,
    rollout,
    cluster,
    at,
    event,
    nfzs,
    node,
    reported,
    seen,
  }: ViolationsAnswer["violations"][number],
): Html {
  const named = [
    rollout === null ? null : [rolloutHref(context, cluster, rollout), rollout],
    node === undefined ? null : [context.link(nodePath(cluster, node)), node],
  ].filter((each) => each !== null);
  const who = named.map(([href, name], i) => html`${i > 0 && ", "}<a href="${href}">${name}</a>`);
  return html`<tr>
    <th scope="row">
      <a href="${context.link(`/events/${event}`)}">${whenHtml(context, parseInstant(at) ?? 0)}</a>
    </th>
    <td>
      ${kindWords[kind]}<span class="sub"
        >, ${reported ? "without asking" : "the ledger let it pass"}</span
      >
      ${seen && bad("the ledger knew")}
    </td>
    <td>${who}</td>
    <td>${cluster}</td>
    <td>${zoneLinks(context, cluster, nfzs)}</td>
  </tr>`;
}
