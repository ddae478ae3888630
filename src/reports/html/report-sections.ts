/** Sections of a printed report: policy, figures, exclusions, faults, attribution. */
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { duration, instant, percent, percentTarget, rate, whole } from "./format.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

/** A list's first so many rows are printed; the JSON and the CSV have them all. */
const maxRows = 60;

/** A table of so few rows is not split over two pages. */
const shortTable = 16;

type Cell = string | Html;

interface TableForm {
  /** Rows that are shown; left out: so many that the page stays one to read. */
  readonly limit?: number;
  /** A class of the style sheet, for tables whose columns need widths of their own. */
  readonly layout?: string;
}

/** A table whose first column names the row; columns after it may be numbers. */
export function reportTable(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  numbers: readonly number[] = [],
  { limit = maxRows, layout = "" }: TableForm = {},
): Html {
  const shown = rows.slice(0, limit);
  const left = rows.length - shown.length;
  return html`<table class="${shown.length <= shortTable ? "short" : "long"} ${layout}">
      <thead>
        <tr>
          ${heads.map((head, i) => html`<th scope="col" class="${numbers.includes(i) ? "number" : ""}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ([name = "", ...cells]) =>
            html`<tr>
              <th scope="row" class="wrap">${name}</th>
              ${cells.map((cell, i) => html`<td class="${numbers.includes(i + 1) ? "number" : "wrap"}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${left > 0 && html`<p class="note">${whole(left)} more stand in the JSON and CSV forms of this report.</p>`}`;
}

function verdict(met: boolean | null): Html {
  if (met === null) return html`nothing to measure`;
  return met ? html`<span class="met">✓ met</span>` : html`<span class="missed">✗ missed</span>`;
}

export function policySection({ policy, policyChanges, nis }: SlaDocument): Html {
  const rows: Cell[][] = [
    ["Nodes in service (NIS), contractual", `at least ${percentTarget(policy.nisTarget)}`],
    ["Job uptime, contractual", `at least ${percentTarget(policy.jobUptimeTarget)}`],
    ["Mean time to repair (MTTR)", `at most ${duration(policy.mttrTargetMs)}`],
    ["Notice of planned maintenance", `at least ${policy.noticeHours} h before`],
    ["Maintenance allowance", `${policy.monthlyAllowanceNodeHours} node-hours a calendar month`],
    ["Unobserved time", policy.excludeUnknown ? "is excluded" : "is not excluded"],
    [
      "Down time inside announced maintenance",
      policy.excludeDownInMaintenance ? "is excluded as maintenance is" : "is not excluded",
    ],
    ["Time zone of the months", policy.zone],
    ["Set by event", html`<code>${policy.eventId ?? "none: the ledger's default terms"}</code>`],
  ];
  return html`<h2>Agreed terms</h2>
    ${reportTable(["Term", "Value"], rows)}
    ${
      policyChanges.length > 0 &&
      html`<p class="note">
        Policies that were set or used in the period:
        ${policyChanges.map(({ eventId, at }, i) => html`${i > 0 && "; "}<code>${eventId}</code> of ${instant(at)}`)}.
      </p>`
    }
    ${nis.note !== undefined && html`<p class="note">${nis.note}</p>`}`;
}

export function figuresSection({ nis, mttr, mtbf, jobUptime, rollouts }: SlaDocument): Html {
  const rows: Cell[][] = [
    [
      "Nodes in service, contractual",
      percent(nis.contractual, nis.target),
      `≥ ${percentTarget(nis.target)}`,
      verdict(nis.met),
    ],
    ["Nodes in service, raw", percent(nis.raw), "", ""],
    [
      "Job uptime, contractual",
      percent(jobUptime.contractual, jobUptime.target),
      `≥ ${percentTarget(jobUptime.target)}`,
      verdict(jobUptime.met),
    ],
    ["Job uptime, raw", percent(jobUptime.uptime), "", ""],
    ["Effective training time ratio (ETTR)", percent(jobUptime.ettr), "", ""],
    [
      "MTTR of closed faults",
      duration(mttr.meanMs),
      `≤ ${duration(mttr.targetMs)}`,
      verdict(mttr.met),
    ],
    [
      "MTTR with open faults (restricted mean)",
      duration(mttr.restrictedMeanMs),
      `≤ ${duration(mttr.targetMs)}`,
      verdict(mttr.metRestricted),
    ],
    ["Repairs within the target", percent(mttr.withinTarget), "", ""],
    ["Faults opened / closed", `${whole(mttr.faultsOpened)} / ${whole(mttr.faultsClosed)}`, "", ""],
    ["Mean in-service time between faults", duration(mtbf.mtbfMs), "", ""],
    [
      "Crashes of jobs (a day)",
      `${whole(jobUptime.crashes)} (${rate(jobUptime.crashesPerDay)})`,
      "",
      "",
    ],
    ["Mean duration of a crash", duration(jobUptime.crashMeanMs), "", ""],
    ["Rollouts blocked at the end", whole(rollouts.blocked.length), "", ""],
  ];
  return html`<h2>Figures against targets</h2>
    ${reportTable(["Figure", "Value", "Target", "Result"], rows, [1, 2])}`;
}

export function nodeTimeSection({ nis }: SlaDocument): Html {
  const share = (ms: number) => percent(nis.memberNodeMs === 0 ? null : ms / nis.memberNodeMs);
  const row = (name: string, ms: number): Cell[] => [name, duration(ms), share(ms), whole(ms)];
  return html`<h2>Node-time</h2>
    ${reportTable(
      ["State", "Node-time", "Share of membership", "Exactly (ms)"],
      [
        row("Member", nis.memberNodeMs),
        row("In service", nis.inServiceNodeMs),
        row("Down", nis.downNodeMs),
        row("Maintenance", nis.maintenanceNodeMs),
        row("Unknown", nis.unknownNodeMs),
        row("Excluded by the terms", nis.excludedNodeMs),
        row("Error budget", nis.budgetNodeMs),
        row("Error budget spent", nis.budgetSpentNodeMs),
      ],
      [1, 2, 3],
    )}`;
}

const ids = (eventIds: readonly string[]): Html =>
  html`${eventIds.map((id) => html`<code>${id}</code> `)}`;

export function exclusionsSection({ nis }: SlaDocument): Html {
  const late = nis.announcedLate;
  return html`<h2>Exclusions</h2>
    ${
      nis.exclusions.length === 0
        ? html`<p class="none">Nothing is excluded.</p>`
        : html`<p>
              ${whole(nis.exclusions.length)} stretches, ${duration(nis.excludedNodeMs)} of
              node-time in all.
            </p>
            ${reportTable(
              ["Node", "Kind", "From", "To", "Excluded", "By events"],
              nis.exclusions.map((each) => [
                each.node,
                each.maintenanceId === undefined ? each.kind : `${each.kind} ${each.maintenanceId}`,
                instant(each.from),
                instant(each.to),
                duration(each.ms),
                ids(each.eventIds),
              ]),
              [4],
            )}`
    }
    ${
      late.length > 0 &&
      html`<p>Announced too late, and therefore not excluded:</p>
        ${reportTable(
          ["Node", "Maintenance", "Time", "By events"],
          late.map((each) => [
            each.node,
            each.maintenanceId,
            duration(each.ms),
            ids(each.eventIds),
          ]),
          [2],
        )}`
    }`;
}

export function faultsSection({ mttr }: SlaDocument): Html {
  const { open, censored } = mttr;
  return html`<h2>Open faults at the end of the period</h2>
    ${
      open.length === 0
        ? html`<p class="none">No fault is open.</p>`
        : reportTable(
            ["Node", "Fault", "Since", "Age", "Against the target"],
            open.map((each) => [
              each.node,
              each.faultId,
              instant(each.since),
              duration(each.ageMs),
              each.overTarget ? html`<span class="missed">✗ beyond</span>` : "within",
            ]),
            [3],
          )
    }
    ${
      censored.length > 0 &&
      html`<p>Overtaken by the node's decommissioning, and not counted as repaired:</p>
        ${reportTable(
          ["Node", "Fault", "Since", "Until"],
          censored.map((each) => [
            each.node,
            each.faultId,
            instant(each.since),
            instant(each.until),
          ]),
        )}`
    }`;
}

export function attributionSection({ jobUptime }: SlaDocument): Html {
  const { attribution } = jobUptime;
  const rows = Object.entries(attribution).map(
    ([kind, { interruptedNodeMs, lostNodeMs }]): Cell[] => [
      kind,
      duration(interruptedNodeMs),
      duration(lostNodeMs),
      whole(interruptedNodeMs),
      whole(lostNodeMs),
    ],
  );
  rows.push([
    "all",
    duration(jobUptime.interruptedNodeMs),
    duration(jobUptime.lostNodeMs),
    whole(jobUptime.interruptedNodeMs),
    whole(jobUptime.lostNodeMs),
  ]);
  return html`<h2>Attribution of interrupted and lost job time</h2>
    ${reportTable(
      ["Cause", "Interrupted node-time", "Lost node-time", "Interrupted (ms)", "Lost (ms)"],
      rows,
      [1, 2, 3, 4],
    )}`;
}

export function evidenceSection({ evidence, dataQuality, nis }: SlaDocument): Html {
  const findings = Object.entries(dataQuality.findings);
  const rows: Cell[][] = [
    ["Faults that went in", whole(evidence.faults.length)],
    ["Interruptions that went in", whole(evidence.interruptions.length)],
    ["Exclusions", whole(nis.exclusions.length)],
    ...findings.map(([kind, count]): Cell[] => [`Facts that did not fit: ${kind}`, whole(count)]),
  ];
  return html`<h2>Evidence</h2>
    ${reportTable(["What", "Count"], rows, [1])}
    <p class="note">Each is named by its event id in the JSON and CSV forms of this report.</p>`;
}
