/** The lists of nodes, faults and jobs as pages. */
import type { FaultGroup, FaultRow } from "../../answers/lists/faults.ts";
import type { JobListRow } from "../../answers/lists/jobs.ts";
import type { NodeRow } from "../../answers/lists/nodes.ts";
import { duration, instant, noData, percent, whole } from "../../reports/html/format.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import type { ListHead } from "./list-frame.ts";
import { entityAddress, listPage } from "./list-frame.ts";

export function nodePage(head: ListHead, nodes: readonly NodeRow[]): string {
  return listPage(head, {
    title: "Nodes",
    caption: "Members of the clusters at the instant",
    heads: [
      "Node",
      "Cluster",
      "State",
      "Since",
      "Open faults",
      "Faults in the period",
      "Rack",
      "SKU",
    ],
    none: "No nodes match.",
    rows: nodes.map(
      (each) =>
        html`<tr>
          <th scope="row">
            <a href="${entityAddress("nodes", head, each.cluster, each.node)}">${each.node}</a>
          </th>
          <td>${each.cluster}</td>
          <td>${each.state}</td>
          <td>${each.since === null ? "before the period" : instant(each.since)}</td>
          <td class="wrap">${each.openFaults.join(", ")}</td>
          <td>${whole(each.faults)}${each.boundExceeded && " (repeat offender)"}</td>
          <td>${each.rack}</td>
          <td>${each.sku}</td>
        </tr>`,
    ),
  });
}

export function faultPage(head: ListHead, faults: readonly FaultRow[]): string {
  return listPage(head, {
    title: "Faults",
    caption: "Faults, by when they began",
    heads: ["Fault", "Node", "Cluster", "Cause", "Since", "Until", "Duration", "Target"],
    none: "No faults match.",
    rows: faults.map(
      (each) =>
        html`<tr>
          <th scope="row"><a href="/events/${each.eventId}${asOf(head)}">${each.faultId}</a></th>
          <td>
            <a href="${entityAddress("nodes", head, each.cluster, each.node)}">${each.node}</a>
          </td>
          <td>${each.cluster}</td>
          <td>${each.category}${each.component !== null && html`, ${each.component}`}</td>
          <td>${instant(each.since)}</td>
          <td>
            ${each.until === null ? "open" : instant(each.until)}${each.outcome === "censored" && " (node decommissioned)"}
          </td>
          <td>
            ${duration(each.durationMs)}
            ${each.overTarget && html`<span class="badge missed">✗ over target</span>`}
          </td>
          <td>${duration(each.targetMs)}</td>
        </tr>`,
    ),
  });
}

export function faultGroupPage(head: ListHead, groups: readonly FaultGroup[], by: string): string {
  return listPage(head, {
    title: `Faults by ${by}`,
    caption: `Faults by ${by}, most first`,
    heads: [
      "Group",
      "Cluster",
      "Faults",
      "Open",
      "Over target",
      "Repaired",
      "Mean",
      "Median",
      "90 %",
    ],
    none: "No faults match.",
    rows: groups.map(
      (each) =>
        html`<tr>
          <th scope="row">${each.group}</th>
          <td>${each.cluster}</td>
          <td>${whole(each.faults)}</td>
          <td>${whole(each.open)}</td>
          <td>${whole(each.overTarget)}</td>
          <td>${whole(each.repaired)}</td>
          <td>${duration(each.meanMs)}</td>
          <td>${duration(each.medianMs)}</td>
          <td>${duration(each.p90Ms)}</td>
        </tr>`,
    ),
  });
}

export function jobPage(head: ListHead, jobs: readonly JobListRow[]): string {
  return listPage(head, {
    title: "Jobs",
    caption: "Jobs that were alive in the period",
    heads: ["Job", "Cluster", "State", "Nodes", "Began", "Uptime", "ETTR", "Crashes", "Lost"],
    none: "No jobs match.",
    rows: jobs.map(
      (each) =>
        html`<tr>
          <th scope="row">
            <a href="${entityAddress("jobs", head, each.cluster, each.job)}">${each.job}</a>
          </th>
          <td>${each.cluster}</td>
          <td class="wrap">${stateOf(each, head)}</td>
          <td>${each.nodes === null ? "–" : whole(each.nodes)}</td>
          <td>${each.startedAt === null ? noData : instant(each.startedAt)}</td>
          <td>${percent(each.uptime)}</td>
          <td>${percent(each.ettr)}</td>
          <td>${whole(each.crashes)}</td>
          <td>${duration(each.lostMs)}</td>
        </tr>`,
    ),
  });
}

function stateOf({ state, outcome, endedAt, interruption }: JobListRow, head: ListHead): Html {
  if (interruption !== null) {
    return html`interrupted by
      <a href="/events/${interruption.eventId}${asOf(head)}">${interruption.kind}</a> since
      ${instant(interruption.since)}`;
  }
  if (state !== "ended") return html`${state.replace("-", " ")}`;
  return html`${outcome ?? state}${endedAt !== null && html` ${instant(endedAt)}`}`;
}

/** Query suffix for links of a page that looks back, so that they look back to the same position. */
function asOf({ isPast, asOf: { sequence } }: ListHead): string {
  return isPast ? `?asOf=${sequence}` : "";
}
