/** `/find`: what goes by a name, as a page; with scripts the field in the header shows the same as one types. */
import { z } from "zod";
import type { hitKinds } from "../../../answers/lists/find.ts";
import { found } from "../../../answers/lists/find.ts";
import { maxNameLength } from "../../../limits/events.ts";
import { maxHits } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { counted, figure, whole } from "../../frame/figures.ts";
import { keptFields } from "../../frame/kept-fields.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare, empty, panel } from "../../frame/panel.ts";

export const findPage: PageDefinition = {
  path: "/find",
  place: null,
  filters: { q: z.string().trim().min(1).max(maxNameLength).optional() },
  title: () => "Find",
  panels: (context) => ({
    asked: () => askedForm(context),
    found: () => foundPanel(context),
  }),
};

/** Kinds that people call otherwise than the ledger does. */
const kindWords: Partial<Record<(typeof hitKinds)[number], string>> = { nfz: "no-fly zone" };

async function hitsOf(context: PageContext) {
  const { ledger, stand, filters } = context;
  const { q } = filters;
  if (q === undefined) return null;
  return await context.shared(`find ${q}`, () => found(ledger, q, stand.sequence));
}

async function askedForm(context: PageContext): Promise<Html> {
  const { filters, written } = context;
  return bare(
    "asked",
    html`<div class="title-line">
        <h1>Find</h1>
        <p class="sentence">${sentence(filters["q"], (await hitsOf(context))?.length ?? 0)}</p>
      </div>
      <form class="panel filters" method="get" action="/find" aria-label="Find by name">
        <label class="wide"
          >Name, part of a name, event id or #sequence
          <input name="q" type="search" value="${filters["q"]}" />
        </label>
        ${keptFields(written, ["q"])}
        <button type="submit">Find</button>
      </form>`,
  );
}

function sentence(q: string | undefined, hits: number): string {
  if (q === undefined) return "Nodes, jobs, rollouts, no-fly zones and events by their names.";
  if (hits === 0) return `Nothing goes by "${q}".`;
  if (hits === maxHits) return `The first ${maxHits} that go by "${q}": a longer name finds fewer.`;
  return `${counted(hits, "thing")} ${hits === 1 ? "goes" : "go"} by "${q}".`;
}

async function foundPanel(context: PageContext): Promise<Html> {
  const { q } = context.filters;
  const title = "Found";
  const hits = await hitsOf(context);
  if (hits === null)
    return panel("found", { title, body: empty("Enter a name, or a part of one.") });
  const source = context.api("/v1/find", { q });
  if (hits.length === 0)
    return panel("found", { title, body: empty(`Nothing begins with or contains "${q}".`) });
  return panel("found", {
    title,
    body: html`<table class="found" data-source="${source}">
      <caption class="hidden">
        What goes by the name
      </caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Cluster</th>
        </tr>
      </thead>
      <tbody>
        ${hits.map(
          ({ name, kind, cluster, href, event }, i) =>
            html`<tr>
              <th scope="row"><a href="${context.link(href)}">${name}</a></th>
              <td>
                ${event === null ? (kindWords[kind] ?? kind) : html`${event.type} ${figure(`hits.${i}.event.sequence`, event.sequence, `#${whole(event.sequence)}`)}`}
              </td>
              <td>${cluster}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  });
}
