/** The SLA report for people: every figure against its target, then what is open, excluded and odd. */
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { shownText } from "../../shown-text.ts";
import type { LedgerSlaDocument } from "../../ledger/documents.ts";
import {
  decimalText,
  duration,
  instantShort,
  metText,
  nodeHours,
  number,
  percent,
  percentTarget,
  table,
} from "./figures.ts";

interface TextOptions {
  /** Entries of a list that are shown. */
  readonly listLimit: number;
  /** What the reader must know of ledger time as it stands to this machine's clock. */
  readonly warning?: string | null;
}

const rule = "=".repeat(100);

export function reportText(report: LedgerSlaDocument, options: TextOptions): string {
  const lines = [
    ...heading(report, options.warning ?? null),
    ...nodesPart(report, options),
    ...repairPart(report, options),
    ...jobsPart(report, options),
    ...rolloutsPart(report, options),
    ...dataPart(report, options),
  ];
  return `${lines.map(shownText).join("\n")}\n`;
}

function heading(report: LedgerSlaDocument, warning: string | null): string[] {
  const { period, policy } = report;
  const cut = period.complete ? "" : "  CUT: the period is not over";
  const terms = policy.eventId === null ? "none set, the defaults hold" : `event ${policy.eventId}`;
  const lines = [
    rule,
    `SLA report  ${report.cluster}  ${period.label}  (${period.zone})${cut}`,
    `${period.from} to ${period.to}, as of sequence ${number(report.asOf.sequence)}`,
    `policy: ${terms}; ${report.definitions}; time zones ${report.tzdata}`,
  ];
  if (report.recordedAtKept === true) {
    lines.push("recorded times were kept from where the events were imported from");
  }
  if (warning !== null) lines.push(`WARNING: ${warning}`);
  for (const change of report.policyChanges) {
    lines.push(`policy changed ${instantShort(change.at)}: event ${change.eventId}`);
  }
  return [...lines, rule];
}

function nodesPart({ nis }: SlaDocument, options: TextOptions): string[] {
  const target = `target ${percentTarget(nis.target)}`;
  const budgetLeft = nis.budgetNodeMs - nis.budgetSpentNodeMs;
  return [
    "Nodes in service (NIS)",
    ...table([
      ["contractual", percent(nis.contractual), `${target}: ${metText(nis.met)}`],
      ["raw", percent(nis.raw), "nothing excluded"],
      ["member", nodeHours(nis.memberNodeMs), ""],
      ["in service", nodeHours(nis.inServiceNodeMs), ""],
      ["down", nodeHours(nis.downNodeMs), ""],
      ["maintenance", nodeHours(nis.maintenanceNodeMs), ""],
      ["unknown", nodeHours(nis.unknownNodeMs), ""],
      ["excluded", nodeHours(nis.excludedNodeMs), `${number(nis.exclusions.length)} stretches`],
      ["error budget", nodeHours(nis.budgetNodeMs), ""],
      ["budget spent", nodeHours(nis.budgetSpentNodeMs), `left ${nodeHours(budgetLeft)}`],
    ]),
    ...note(nis.note),
    ...list(
      "Excluded",
      nis.exclusions.map(({ kind, node, maintenanceId, ms }) => [
        node,
        nodeHours(ms),
        maintenanceId === undefined ? kind : `${kind} ${maintenanceId}`,
      ]),
      options,
    ),
    ...list(
      "Announced too late, not excluded",
      nis.announcedLate.map(({ node, maintenanceId, ms }) => [node, nodeHours(ms), maintenanceId]),
      options,
    ),
    "",
  ];
}

function repairPart({ mttr, mtbf }: SlaDocument, options: TextOptions): string[] {
  const target = `target ${duration(mttr.targetMs)}`;
  const over = mttr.open.filter((fault) => fault.overTarget).length;
  const causes = Object.entries(mttr.byCause);
  const whole = { ...options, listLimit: Infinity };
  return [
    "Mean time to repair (MTTR)",
    ...table([
      ["mean of the closed", duration(mttr.meanMs), `${target}: ${metText(mttr.met)}`],
      ["restricted mean", duration(mttr.restrictedMeanMs), restrictedText(mttr)],
      ["median", duration(mttr.medianMs), ""],
      ["90th percentile", duration(mttr.p90Ms), ""],
      ["within the target", percent(mttr.withinTarget), ""],
      ["faults opened", number(mttr.faultsOpened), ""],
      ["faults closed", number(mttr.faultsClosed), ""],
      ["faults open", number(mttr.open.length), `${number(over)} beyond the target`],
      ["mean time between faults", duration(mtbf.mtbfMs), "of a node in service"],
    ]),
    ...note(mttr.note),
    ...list(
      "By cause",
      causes.map(([cause, group]) => [
        cause,
        duration(group.meanMs),
        `${number(group.closed)} closed`,
      ]),
      whole,
    ),
    ...list("Open faults, oldest first", mttr.open.map(openFault), options),
    ...list(
      "Ended by decommissioning, not repaired",
      mttr.censored.map((fault) => [fault.node, fault.faultId, instantShort(fault.until)]),
      options,
    ),
    "",
  ];
}

function restrictedText(mttr: SlaDocument["mttr"]): string {
  if (mttr.restrictedToMs === null) return "";
  return `with the open ones, up to ${duration(mttr.restrictedToMs)}: ${metText(mttr.metRestricted)}`;
}

function openFault(fault: SlaDocument["mttr"]["open"][number]): string[] {
  const age = `${duration(fault.ageMs)}${fault.overTarget ? " OVER" : ""}`;
  return [fault.node, age, `since ${instantShort(fault.since)}  ${fault.faultId}`];
}

function jobsPart({ jobUptime: jobs }: SlaDocument, options: TextOptions): string[] {
  if (jobs.jobs.length === 0) return ["Jobs", ...note(jobs.note), ""];
  const target = `target ${percentTarget(jobs.target)}`;
  const perDay = jobs.crashesPerDay === null ? "-" : decimalText(jobs.crashesPerDay, 2);
  return [
    "Jobs",
    ...table([
      ["uptime, contractual", percent(jobs.contractual), `${target}: ${metText(jobs.met)}`],
      ["uptime, raw", percent(jobs.uptime), "with what users stopped"],
      ["effective training time (ETTR)", percent(jobs.ettr), ""],
      [
        "crashes a day",
        perDay,
        `${number(jobs.crashes)} of ${number(jobs.interruptions)} interruptions`,
      ],
      ["mean crash", duration(jobs.crashMeanMs), `${number(jobs.crashesUnresumed)} not resumed`],
      ["running", nodeHours(jobs.runningNodeMs), ""],
      ["interrupted", nodeHours(jobs.interruptedNodeMs), ""],
      ["lost", nodeHours(jobs.lostNodeMs), ""],
      ["checkpointing", nodeHours(jobs.checkpointingNodeMs), ""],
      ["paused", nodeHours(jobs.pausedNodeMs), ""],
    ]),
    ...note(jobs.note),
    ...list("Interrupted and lost node-time by cause", attributionRows(jobs.attribution), {
      ...options,
      listLimit: Infinity,
    }),
    ...list(
      "Interrupted now",
      jobs.open.map(({ job, ageMs, kind, since }) => [
        job,
        duration(ageMs),
        `${kind}, since ${instantShort(since)}`,
      ]),
      options,
    ),
    "",
  ];
}

function attributionRows(attribution: SlaDocument["jobUptime"]["attribution"]): string[][] {
  return Object.entries(attribution)
    .filter(([, { interruptedNodeMs, lostNodeMs }]) => interruptedNodeMs + lostNodeMs > 0)
    .map(([kind, { interruptedNodeMs, lostNodeMs }]) => [
      kind,
      nodeHours(interruptedNodeMs),
      `lost ${nodeHours(lostNodeMs)}`,
    ]);
}

function rolloutsPart({ rollouts, nfz }: SlaDocument, options: TextOptions): string[] {
  return [
    "Rollouts",
    ...table([
      ["blocked at the end", number(rollouts.blocked.length), ""],
      ["time blocked, all rollouts", duration(rollouts.blockedMs), ""],
      ["refusals", number(rollouts.refusals), ""],
      ["overrides", number(rollouts.overrides), ""],
    ]),
    ...note(rollouts.note),
    ...list(
      "Blocked, oldest first",
      rollouts.blocked.map((each) => [
        each.rollout,
        duration(each.ageMs),
        `by ${each.nfzIds.join(", ")}; ${releaseText(each)}`,
      ]),
      options,
    ),
    ...list(
      "No-fly zones",
      nfz.map(({ nfz: id, occurrences }) => [
        id,
        number(occurrences.length),
        occurrences
          .slice(0, 2)
          .map(({ from, to }) => `${instantShort(from)} to ${instantShort(to)}`)
          .join("; "),
      ]),
      options,
    ),
    "",
  ];
}

function releaseText(each: SlaDocument["rollouts"]["blocked"][number]): string {
  return each.releaseOverdue ? "RELEASE OVERDUE" : `next release ${instantShort(each.nextRelease)}`;
}

function dataPart({ dataQuality }: SlaDocument, options: TextOptions): string[] {
  const findings = Object.entries(dataQuality.findings);
  if (findings.length === 0) return ["Data quality: no findings"];
  return [
    "Data quality: facts that were kept and changed no figure",
    ...table(findings.map(([kind, count]) => [kind, number(count ?? 0)])),
    ...list(
      "Each, by time",
      dataQuality.list.map((each) => [
        each.kind,
        `${each.subject} ${each.name}`,
        `event ${each.eventId}, ${instantShort(each.at)}`,
      ]),
      options,
    ),
  ];
}

function note(text: string | undefined): string[] {
  return text === undefined ? [] : [`  note: ${text}`];
}

function list(
  title: string,
  rows: readonly (readonly string[])[],
  { listLimit }: TextOptions,
): string[] {
  if (rows.length === 0) return [];
  const lines = [`  ${title} (${number(rows.length)})`, ...table(rows.slice(0, listLimit), "    ")];
  if (rows.length > listLimit) {
    lines.push(`    and ${number(rows.length - listLimit)} more: --all shows them`);
  }
  return lines;
}
