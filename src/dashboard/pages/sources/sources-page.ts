/** `/sources`: which systems tell this ledger what happens, when they did so last, and what became of it. */
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { Signs } from "../../../sources/watch/silence.ts";
import type { SourceState } from "../../../sources/watch/source-log.ts";
import { bad, counted, figure, good, whole } from "../../frame/figures.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare, empty, panel } from "../../frame/panel.ts";
import { secondText, timeHtml } from "../../frame/times.ts";
import { listTable } from "../../tables/list-table.ts";

export const sourcesPage: PageDefinition = {
  path: "/sources",
  place: "audit",
  isOfProcess: true,
  title: () => "Sources",
  panels: (context) => ({
    headline: async () => headline(context),
    sources: async () => sourcesPanel(context),
    payloads: async () => payloadsPanel(context),
    refusals: async () => refusalsPanel(context),
  }),
};

const api = "/v1/sources";

function headline({ sources }: PageContext): Html {
  const silent = sources.log.all().filter(({ source }) => sources.silence.of(source.name).isSilent);
  const all = counted(sources.log.all().length, "source");
  const sentence =
    sources.log.all().length === 0
      ? "No foreign system tells this ledger what happens; events may come through the interface."
      : silent.length === 0
        ? `${all}; what this instance has heard since it started, whatever the position.`
        : `${all}, of which ${silent.length} silent: ${silent.map(({ source }) => source.name).join(", ")}.`;
  return bare(
    "headline",
    html`<div class="title-line">
      <h1>Sources</h1>
      <p class="sentence">${sentence}</p>
    </div>`,
  );
}

function sourcesPanel(context: PageContext): Html {
  const { log, silence } = context.sources;
  const title = "Who tells this ledger what happens";
  const states = log.all();
  if (states.length === 0)
    return panel("sources", {
      title,
      body: empty("No source is configured.", "fleetledger serve --sources sources.json"),
    });
  return panel("sources", {
    title,
    body: listTable({
      title,
      source: api,
      heads: ["Source", "Kind", "Cluster", "Last seen", "State"],
      rows: states.map((state, i) => sourceRow(context, state, silence.of(state.source.name), i)),
    }),
  });
}

function sourceRow(context: PageContext, { source }: SourceState, signs: Signs, i: number): Html {
  const seen = signs.lastSeenAt;
  const state = signs.isSilent
    ? bad("silent")
    : seen === null
      ? html`not heard yet`
      : good("heard");
  return html`<tr>
    <th scope="row">${source.name}</th>
    <td>${source.kind}</td>
    <td>${source.cluster}</td>
    <td>
      ${figure(`sources.${i}.lastSeen`, seen === null ? null : formatInstant(seen), seen === null ? "–" : instant(context, seen))}
    </td>
    <td>${state}</td>
  </tr>`;
}

const counts = [
  ["observations", "Observations"],
  ["appended", "Appended"],
  ["duplicates", "Duplicates"],
  ["absorbed", "Known already"],
  ["ignored", "Ignored"],
  ["truncated", "Left out"],
  ["refused", "Refused"],
] as const;

function payloadsPanel(context: PageContext): Html {
  const title = "What became of the last payloads";
  const rows = context.sources.log.all().flatMap(({ source, payloads }, i) =>
    payloads.map((each, k) => ({
      at: each.at,
      of: source.name,
      each,
      pointer: `sources.${i}.payloads.${k}`,
    })),
  );
  if (rows.length === 0)
    return panel("payloads", { title, body: empty("No payload has come since the start.") });
  rows.sort((a, b) => b.at - a.at);
  return panel("payloads", {
    title,
    note: "events in appended and duplicates, observations in the rest",
    body: listTable({
      title,
      source: api,
      heads: [
        "Source",
        "Taken",
        ...counts.map(([, name]) => ({ title: name, kind: "number" as const })),
      ],
      rows: rows.map(
        ({ at, of, each, pointer }) =>
          html`<tr>
            <th scope="row">${of}</th>
            <td>${instant(context, at)}</td>
            ${counts.map(
              ([name]) =>
                html`<td class="number">
                  ${figure(`${pointer}.${name}`, each[name], whole(each[name]))}
                </td>`,
            )}
          </tr>`,
      ),
    }),
  });
}

function refusalsPanel(context: PageContext): Html {
  const title = "What was refused of them";
  const rows = context.sources.log
    .all()
    .flatMap(({ source, refusals }) => refusals.map((each) => ({ of: source.name, ...each })))
    .sort((a, b) => b.at - a.at);
  if (rows.length === 0)
    return panel("refusals", { title, body: empty("Nothing was refused since the start.") });
  return panel("refusals", {
    title,
    body: listTable({
      title,
      source: api,
      heads: ["Source", "When", "Where", "Why"],
      rows: rows.map(
        ({ of, at, path, detail }) =>
          html`<tr>
            <th scope="row">${of}</th>
            <td>${instant(context, at)}</td>
            <td>${path === "" ? "the payload" : path}</td>
            <td>${detail}</td>
          </tr>`,
      ),
    }),
  });
}

function instant({ zone }: PageContext, at: number): Html {
  return timeHtml(at, secondText(at, zone, null));
}
