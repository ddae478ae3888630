/** `GET /v1/data-quality` as a page: the facts that do not fit, each with how to fix it. */
import { instant } from "../../reports/html/format.ts";
import { html } from "../../reports/html/html.ts";
import type { ListHead } from "./list-frame.ts";
import { listPage } from "./list-frame.ts";

interface ListedFinding {
  readonly cluster: string;
  readonly kind: string;
  readonly eventId: string;
  readonly at: string;
  readonly subject: string;
  readonly name: string;
  readonly fix: string;
}

export function findingsPage(head: ListHead, findings: readonly ListedFinding[]): string {
  return listPage(head, {
    title: "Facts that did not fit",
    caption: "They are kept, but change no figure",
    heads: ["Event", "Finding", "Cluster", "Of", "Occurred", "How to fix it"],
    none: "All facts of the period fit.",
    rows: findings.map(
      (each) =>
        html`<tr>
          <th scope="row">
            <a href="/events/${each.eventId}${head.isPast && `?asOf=${head.asOf.sequence}`}"
              >${each.eventId}</a
            >
          </th>
          <td>${each.kind}</td>
          <td>${each.cluster}</td>
          <td>${each.subject} ${each.name}</td>
          <td>${instant(each.at)}</td>
          <td class="wrap">${each.fix}</td>
        </tr>`,
    ),
  });
}
