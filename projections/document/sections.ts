/** Figures as sections of the SLA document: instants in text, and a note where a figure has nothing to measure. */
import type { RolloutsFigure } from "../figures/blocked-queue.ts";
import type { BurnRates } from "../figures/error-budget.ts";
import { formatInstant } from "../time/instant.ts";
import type { JobImpact } from "../figures/job-impact.ts";
import type { JobUptimeFigure } from "../figures/job-uptime.ts";
import type { MtbfFigure } from "../figures/mtbf.ts";
import type { MttrFigure } from "../figures/mttr.ts";
import type { NisFigure } from "../figures/nis.ts";
import type { Window } from "../time/period.ts";
import type {
  ExclusionRow,
  JobUptimeSection,
  MttrSection,
  NfzRow,
  NisSection,
  RolloutsSection,
  SlaDocument,
} from "./types.ts";
import type { NfzTimeline } from "../nfz/timeline.ts";

/** The notes that hold, as one text. */
function notes(...lines: (string | false)[]): { note?: string } {
  const holding = lines.filter((line) => line !== false);
  return holding.length === 0 ? {} : { note: holding.join(" ") };
}

/** `reportZone` is that of the period, `policyZone` that of the policy's months. */
export function nisSection(
  figure: NisFigure,
  burn: BurnRates,
  reportZone: string,
  policyZone: string,
): NisSection {
  return {
    ...figure,
    budgetLeftNodeMs: figure.budgetNodeMs - figure.budgetSpentNodeMs,
    burnRates: burn,
    exclusions: figure.exclusions.map(
      ({ kind, node, maintenanceId, from, to, ms, eventIds }): ExclusionRow => ({
        kind,
        node,
        ...(maintenanceId === null ? {} : { maintenanceId }),
        from: formatInstant(from),
        to: formatInstant(to),
        ms,
        eventIds,
      }),
    ),
    announcedLate: figure.announcedLate.map(({ node, maintenanceId, ms, eventIds }) => ({
      node,
      maintenanceId,
      ms,
      eventIds,
    })),
    ...notes(
      figure.raw === null && "No node was a member in the period.",
      figure.raw !== null &&
        figure.contractual === null &&
        "All member node-time of the period is excluded.",
      ...burnNotes(figure, burn),
      reportZone !== policyZone &&
        `The period is in ${reportZone}; the maintenance allowance follows the calendar months of the policy's zone, ${policyZone}.`,
    ),
  };
}

/** Why a burn rate is missing where the figure itself is there. */
function burnNotes({ contractual }: NisFigure, burn: BurnRates): (string | false)[] {
  const { oneHour, sixHours, threeDays, period } = burn;
  const hasBudget = period !== null;
  return [
    contractual !== null && !hasBudget && "A target of 1 leaves no error budget to burn.",
    hasBudget &&
      [oneHour, sixHours, threeDays].includes(null) &&
      "A burn rate is missing where no node-time counts in the hours before the period's end.",
  ];
}

export function mttrSection({ closedWithoutLength, ...figure }: MttrFigure): MttrSection {
  return {
    ...figure,
    open: figure.open.map((each) => ({ ...each, since: formatInstant(each.since) })),
    censored: figure.censored.map((each) => ({
      ...each,
      since: formatInstant(each.since),
      until: formatInstant(each.until),
    })),
    ...notes(
      figure.faultsClosed === 0 && "No fault was closed in the period.",
      figure.faultsClosed > 0 &&
        figure.nodeOutages.closed === 0 &&
        whyNoOutageEnded(figure.faultsClosed, closedWithoutLength),
      figure.faultsOpened === 0 &&
        "No fault was opened in the period, so there is no restricted mean.",
    ),
  };
}

/** Where faults were closed and no outage ended. */
function whyNoOutageEnded(closed: number, withoutLength: number): string {
  const none = "No outage of a node ended in the period";
  if (withoutLength === closed) return `${none}: every fault that was closed lasted no time.`;
  if (withoutLength === 0) return `${none}: another fault was open each time.`;
  return `${none}: a fault that was closed lasted no time, or another one was still open.`;
}

export function mtbfSection(figure: MtbfFigure): SlaDocument["mtbf"] {
  return {
    ...figure,
    ...notes(
      figure.faultsOpened === 0 && "No fault was opened in the period.",
      figure.faultsPerThousandNodeDays === null && "No node was a member in the period.",
    ),
  };
}

export function jobUptimeSection(figure: JobUptimeFigure, impact: JobImpact): JobUptimeSection {
  const { jobs, uptime, contractual, crashMeanMs, interruptions } = figure;
  return {
    ...figure,
    open: figure.open.map((each) => ({ ...each, since: formatInstant(each.since) })),
    outages: impact.outages,
    checkpointAdvice: impact.advice,
    ...notes(
      jobs.length === 0 && "No job was there in the period.",
      jobs.length > 0 &&
        uptime === null &&
        "No job ran or was interrupted for any time on any node in the period.",
      uptime !== null &&
        contractual === null &&
        "All time of the jobs in the period was interrupted by the user.",
      uptime !== null &&
        jobs.some((job) => job.uptime === null) &&
        "A job without uptime and ettr neither ran nor was interrupted for any time in the period.",
      jobs.length > 0 && crashMeanMs === null && "No crash was resumed in the period.",
      jobs.length > 0 && interruptions === 0 && "No interruption began in the period.",
      jobs.length > 0 &&
        impact.advice.checkpointCostMs === null &&
        "No checkpoint was complete in the period.",
      impact.advice.checkpointCostMs !== null &&
        impact.advice.checkpointIntervalMs === null &&
        "No checkpoint of the period follows another one.",
      impact.advice.youngDalyIntervalMs !== null &&
        impact.advice.expectedEttrAtAdvice === null &&
        "No ETTR can be expected where checkpoints cost no time, or no time ran between interruptions.",
    ),
  };
}

export function rolloutsSection(figure: RolloutsFigure): RolloutsSection {
  const noProgress = figure.blocked.some((each) => each.nodesDone === null);
  const noSubmission = figure.blocked.some((each) => each.urgency === null);
  return {
    ...figure,
    blocked: figure.blocked.map((each) => ({
      ...each,
      since: formatInstant(each.since),
      nextRelease: formatInstant(each.nextRelease),
    })),
    ...notes(
      noProgress && "A rollout without nodesDone and nodesTotal has not reported any progress.",
      noSubmission &&
        "A rollout without urgency was blocked, but not submitted as far as is known.",
    ),
  };
}

/** The occurrences that touch the window, not cut to it, by NFZ. */
export function nfzSection(nfzs: Iterable<NfzTimeline>, window: Window): NfzRow[] {
  const rows: NfzRow[] = [];
  for (const { nfz, occurrences } of nfzs) {
    const touching = occurrences.filter(
      (each) => each.from < each.to && each.from < window.to && each.to > window.from,
    );
    if (touching.length === 0) continue;
    rows.push({
      nfz,
      occurrences: touching.map(({ from, to }) => ({
        from: formatInstant(from),
        to: formatInstant(to),
      })),
    });
  }
  return rows;
}
