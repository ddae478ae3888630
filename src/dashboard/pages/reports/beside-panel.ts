/** The main figures as issued and as they would be reported now, side by side, whether they differ or not. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { figure, verdict } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { panel } from "../../frame/panel.ts";
import type { MainFigure } from "./main-figures.ts";
import { changeText, mainFigures, mainText } from "./main-figures.ts";
import { restatedOf, restatedSource } from "./restated-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

export async function besidePanel(context: PageContext): Promise<Html> {
  const { document, answer } = await restatedOf(context);
  const report = pathSegment(context.params["report"] ?? "");
  return panel("beside", {
    title: "Side by side",
    note: "the main figures; the documents to print have all of them",
    body: html`<div class="scroll" role="region" aria-label="Side by side, as a table" tabindex="0">
      <table>
        <caption class="hidden">
          The main figures as issued and as restated
        </caption>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" class="number">As issued</th>
            <th scope="col" class="number">${context.stand.isPast ? "Then" : "Now"}</th>
            <th scope="col" class="number">Difference</th>
          </tr>
        </thead>
        <tbody>
          ${mainFigures.map((main) =>
            besideRow(main, document, answer.restated, {
              before: context.api(`/v1/reports/${report}`),
              after: restatedSource(context),
            }),
          )}
        </tbody>
      </table>
    </div>`,
  });
}

function besideRow(
  main: MainFigure,
  issued: SlaDocument,
  restated: SlaDocument | null,
  sources: { readonly before: string; readonly after: string },
): Html {
  const before = main.of(issued);
  const after = restated === null ? null : main.of(restated);
  return html`<tr class="${before === after ? "" : "differs"}">
    <th scope="row">${main.title}</th>
    <td class="number" data-source="${sources.before}">
      ${main.met !== undefined && verdict(main.met(issued))}
      ${figure(main.path, before, mainText(main, before))}
    </td>
    <td class="number" data-source="${sources.after}">
      ${main.met !== undefined && restated !== null && verdict(main.met(restated))}
      ${restated === null ? html`<span class="none">no report</span>` : figure(`restated.${main.path}`, after, mainText(main, after))}
    </td>
    <td class="number">${changeText(main, before, after)}</td>
  </tr>`;
}
