/** Facts that did not fit, one a line: what is wrong, of what, when it occurred, and what to do about it. */
import type { FindingKind } from "../../../projections/facts/finding.ts";
import { findingName, fixOf } from "../../answers/finding-fixes.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { figure } from "../frame/figures.ts";
import type { PageContext } from "../frame/page.ts";
import { minuteText, timeHtml } from "../frame/times.ts";
import { listTable } from "./list-table.ts";

interface ListedFinding {
  readonly kind: FindingKind;
  readonly at: number;
  readonly factId: string;
  /** Where the answer of the table's source has the kind. */
  readonly path?: string;
  /** What the fact is about, where the table is not about one thing. */
  readonly of?: { readonly name: string; readonly cluster: string };
}

interface FindingTable {
  readonly title: string;
  readonly findings: readonly ListedFinding[];
  readonly source?: string;
}

export function findingTable(context: PageContext, table: FindingTable): Html {
  const { title, findings, source } = table;
  const isOfMany = findings.some(({ of }) => of !== undefined);
  return listTable({
    title,
    heads: [
      "Finding",
      ...(isOfMany ? ["Of", "Cluster"] : []),
      "Occurred",
      { title: "How to fix it", kind: "fix" },
    ],
    rows: findings.map((each) => line(context, each)),
    ...(source !== undefined && { source }),
  });
}

function line(context: PageContext, finding: ListedFinding): Html {
  const { zone, stand } = context;
  const { kind, at, factId, path, of } = finding;
  const words = findingName(kind);
  return html`<tr>
    <th scope="row">
      <a href="${context.link(`/events/${factId}`)}"
        >${path === undefined ? words : figure(path, kind, words)}</a
      >
    </th>
    ${
      of !== undefined &&
      html`<td class="member">${of.name}</td>
        <td class="member">${of.cluster}</td>`
    }
    <td>${timeHtml(at, minuteText(at, zone, stand.at))}</td>
    <td class="fix sub">${fixOf(kind)}</td>
  </tr>`;
}
