/** The states of nodes over time: a canvas that an island fills from `/v1/node-states`, and the same figures as a table. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { PageContext } from "../frame/page.ts";
import { cellOf } from "./marked-cell.ts";
import { pathSegment } from "../../path-segment.ts";

interface NodeStates {
  readonly cluster: string;
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly rack?: string;
  readonly order?: "rack" | "worst" | "name";
  /** Names the canvas on its page, so that it outlives a refresh. */
  readonly key: string;
  /** How high it is drawn. */
  readonly kind: "small" | "large";
  readonly label: string;
  /** Whether it shows another window at once when a chart of the page is zoomed. */
  readonly follows?: boolean;
}

export function nodeStates(context: PageContext, asked: NodeStates): Html {
  const { cluster, from, to, rack, order, key, kind, label, follows = false } = asked;
  const source = context.api("/v1/node-states", { cluster, from, to, rack, order });
  const page = context.link(`/clusters/${pathSegment(cluster)}`);
  const table = context.api("/v1/node-states", { cluster, from, to, rack, order, format: "csv" });
  const marked = cellOf(context);
  return html`<div
    class="node-states ${kind}"
    data-island="node-states"
    data-island-key="${key}"
    data-src="${source}"
    data-page="${page}"
    data-label="${label}"
    ${follows && { html: 'data-follows="window"' }}
    ${marked !== null && html`data-marked-node="${marked.node}" data-marked-at="${marked.at}"`}
  >
    <noscript
      ><p class="sub">
        The picture needs scripts; <a href="${table}">its figures as a table</a>.
      </p></noscript
    >
  </div>`;
}
