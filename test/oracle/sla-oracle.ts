import { effectiveFacts } from "./facts/effective-facts.ts";
import { countFindings } from "./figures/findings.ts";
import { jobRuns } from "./figures/jobs.ts";
import { jobUptimeSection } from "./figures/job-uptime.ts";
import type { OracleJobUptime } from "./figures/job-uptime.ts";
import { mttrSection } from "./figures/mttr.ts";
import type { OracleMttr } from "./figures/mttr.ts";
import { nfzCalendars, nfzSection } from "./figures/nfz.ts";
import type { OracleNfz } from "./figures/nfz.ts";
import { nisSection } from "./figures/nis.ts";
import type { OracleNis } from "./figures/nis.ts";
import { nodesOf } from "./figures/node-states.ts";
import {
  OracleRefusal,
  groupBy,
  instantText,
  milliseconds,
  required,
} from "./facts/oracle-event.ts";
import type { OracleEvent, OracleFact } from "./facts/oracle-event.ts";
import { cutAtLastRecorded, wholePeriod } from "./facts/period.ts";
import { policyAt, policyChanges } from "./figures/policies.ts";
import type { OraclePolicy, OraclePolicyChange } from "./figures/policies.ts";
import { rolloutFindings, rolloutsSection } from "./figures/rollouts.ts";
import type { OracleRollouts } from "./figures/rollouts.ts";

export interface OracleRequest {
  readonly cluster: string;
  readonly period: string;
  readonly zone?: string;
  readonly asOf?: number;
}

/** The SLA document of interface.md, without `definitions`, `tzdata` and the notes. */
export interface OracleDocument {
  readonly cluster: string;
  readonly asOf: { readonly sequence: number };
  readonly period: {
    readonly label: string;
    readonly from: string;
    readonly to: string;
    readonly zone: string;
    readonly complete: boolean;
  };
  readonly policy: OraclePolicy;
  readonly policyChanges: readonly OraclePolicyChange[];
  readonly nis: OracleNis;
  readonly mttr: OracleMttr;
  readonly jobUptime: OracleJobUptime;
  readonly rollouts: OracleRollouts;
  readonly nfz: readonly OracleNfz[];
  readonly dataQuality: { readonly findings: Readonly<Record<string, number>> };
}

/**
 * Without a zone given, the report's is that of the policy at the start of the period taken in UTC. If none was set by
 * then, a first one within the window counts, and the window ends where the period is cut.
 */
function reportZone(
  facts: readonly OracleFact[],
  request: OracleRequest,
  lastRecorded: number,
): string {
  if (request.zone !== undefined) return request.zone;
  const { from, to } = wholePeriod(request.period, "UTC");
  return policyAt(facts, { from, to: Math.min(to, lastRecorded) }).zone;
}

/**
 * The SLA document of one cluster and period, straight from the events: the place of an event in the list, from 1, is
 * its sequence. Throws an OracleRefusal where no report can be given.
 */
export function oracleSlaDocument(
  events: readonly OracleEvent[],
  request: OracleRequest,
): OracleDocument {
  const sequence = request.asOf ?? events.length;
  if (sequence > events.length) throw new OracleRefusal(`sequence ${sequence} is past the head`);
  const seen = events.slice(0, sequence);
  const lastRecorded = Math.max(...seen.map((event) => milliseconds(event.recordedAt)));
  const facts = effectiveFacts(seen).filter((fact) => fact.data.cluster === request.cluster);
  if (facts.length === 0) throw new OracleRefusal(`nothing is known of ${request.cluster}`);

  const zone = reportZone(facts, request, lastRecorded);
  const period = cutAtLastRecorded(wholePeriod(request.period, zone), lastRecorded);
  const window = { from: period.from, to: period.to };
  const policy = policyAt(facts, window);

  const nodes = nodesOf(facts);
  const ofJobs = facts.filter((fact) => fact.type.startsWith("Job"));
  const jobs = [...groupBy(ofJobs, (fact) => required(fact.data.job, "job"))].map(([job, mine]) =>
    jobRuns(job, mine),
  );
  const calendars = nfzCalendars(facts);
  const rollouts = rolloutsSection(facts, window);
  const findings = [
    ...nodes.flatMap((node) => node.findings),
    ...jobs.flatMap((job) => job.findings),
    ...calendars.flatMap((calendar) => calendar.findings),
    ...rolloutFindings(facts),
  ];
  const overdue = rollouts.blocked.filter((rollout) => rollout.releaseOverdue).length;
  return {
    cluster: request.cluster,
    asOf: { sequence },
    period: {
      label: request.period,
      from: instantText(period.from),
      to: instantText(period.to),
      zone,
      complete: period.complete,
    },
    policy,
    policyChanges: policyChanges(facts, window),
    nis: nisSection({ facts, nodes, window, policyZone: policy.zone, lastRecorded }, policy),
    mttr: mttrSection(
      nodes.flatMap((node) => node.faults),
      window,
      policy,
    ),
    jobUptime: jobUptimeSection(
      jobs.flatMap((job) => job.runs),
      window,
      policy,
    ),
    rollouts,
    nfz: nfzSection(calendars, window),
    dataQuality: { findings: countFindings(findings, window, overdue) },
  };
}
