/** Families of updates by what they did: which have the impactless fast path, and which rollouts took it away. */
import { type FamiliesAnswer, familiesAnswer } from "../../../answers/rollouts/impact.ts";
import { reasonWords } from "../../../answers/rollouts/impact-words.ts";
import { maxListRows } from "../../../limits/requests.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import {
  bad,
  countFigure,
  counted,
  durationFigure,
  figure,
  good,
  whole,
} from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { shownClusters } from "./board-rows.ts";
import { rolloutHref } from "./words.ts";
import { listTable } from "../../tables/list-table.ts";

/** As `/v1/impact/families` of the clusters shown answers. */
function familiesOn(context: PageContext): Promise<FamiliesAnswer> {
  const { ledger, stand, filters } = context;
  const { cluster } = filters;
  const { sequence, at } = stand;
  return context.shared(`families ${cluster ?? ""}`, () =>
    familiesAnswer(ledger, { cluster, sequence, at }, { limit: maxListRows }),
  );
}

export async function familiesPanel(context: PageContext): Promise<Html> {
  const { families, total } = await familiesOn(context);
  const { cluster } = context.filters;
  const title = "Families of updates";
  if (families.length === 0)
    return panel("families", { title, body: empty("No rollout was submitted yet.") });
  const lost = families.filter(({ fastPath }) => !fastPath).length;
  return panel("families", {
    title,
    note: `${whole(lost)} of ${counted(total, "family", "families")} lost the impactless fast path`,
    csv: context.api("/v1/impact/families", { cluster, format: "csv" }, "at"),
    body: listTable({
      title,
      source: context.api("/v1/impact/families", { cluster }, "at"),
      isTall: true,
      heads: [
        "Family",
        ...(shownClusters(context).length > 1 ? ["Cluster"] : []),
        "Fast path",
        { title: "Started", kind: "number" },
        { title: "As declared", kind: "number" },
        { title: "Missed", kind: "number" },
        { title: "Out of service a node", kind: "number" },
        { title: "Interruptions", kind: "number" },
        "Last miss",
      ],
      rows: families.map((each, i) => line(context, each, i)),
    }),
  });
}

function line(context: PageContext, each: FamiliesAnswer["families"][number], i: number): Html {
  const { cluster, family, fastPath, withdrawnBy, started, asDeclared, missed } = each;
  const count = (name: "started" | "asDeclared" | "missed" | "interruptions", value: number) =>
    html`<td class="number">${countFigure(`families.${i}.${name}`, value)}</td>`;
  const state = figure(`families.${i}.fastPath`, fastPath, fastPath ? good("has it") : bad("lost"));
  const why = withdrawnBy?.reasons.map((reason) => reasonWords[reason]).join("; ") ?? "";
  return html`<tr>
    <th scope="row">${family}</th>
    ${shownClusters(context).length > 1 && html`<td>${cluster}</td>`}
    <td>${state}</td>
    ${count("started", started)} ${count("asDeclared", asDeclared)} ${count("missed", missed)}
    <td class="number">
      ${started === 0 ? "" : durationFigure(`families.${i}.outOfServiceMeanMs`, each.outOfServiceMeanMs)}
    </td>
    ${count("interruptions", each.interruptions)}
    <td class="wrap">
      ${
        withdrawnBy !== null &&
        html`<a href="${rolloutHref(context, cluster, withdrawnBy.rollout)}"
            >${withdrawnBy.rollout}</a
          >: ${why}`
      }
    </td>
  </tr>`;
}
