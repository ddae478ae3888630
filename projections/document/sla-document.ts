/** The SLA document of a cluster and period: the same for the command line, the API and an issued report. */
import { rolloutsIn } from "../figures/blocked-queue.ts";
import type { ClusterView } from "../view.ts";
import { allFindings, findingCounts, type PlacedFinding } from "../figures/data-quality.ts";
import { burnRates, withLookBack } from "../figures/error-budget.ts";
import { evidenceIn } from "../figures/evidence.ts";
import { exclusionsIn, monthsAround } from "../figures/exclusions.ts";
import { jobImpactIn } from "../figures/job-impact.ts";
import { formatInstant } from "../time/instant.ts";
import { jobUptimeIn } from "../figures/job-uptime.ts";
import { mtbfIn } from "../figures/mtbf.ts";
import { mttrIn } from "../figures/mttr.ts";
import { nisIn } from "../figures/nis.ts";
import { cutPeriod, parsePeriod, resolvePeriod, type Window, zoneNamed } from "../time/period.ts";
import { asPolicy, type Policy, policyChanges, policyFactOf } from "../figures/policy.ts";
import { RefusedRequest } from "../time/refused-request.ts";
import {
  jobUptimeSection,
  mtbfSection,
  mttrSection,
  nfzSection,
  nisSection,
  rolloutsSection,
} from "./sections.ts";
import type { FindingRow, SlaDocument } from "./types.ts";
import type { ZoneTable } from "../time/zone-table.ts";

export type { SlaDocument } from "./types.ts";

/** The version of the definitions that every figure follows (docs/measures.md). */
const definitionsVersion = "fleetledger-measures/1";

interface SlaRequest {
  /** `2026`, `2026-Q1`, `2026-03`, `2026-03-10` or `FROM/TO`. */
  readonly period: string;
  /** An IANA zone; left out, that of the policy at the start of the period taken in UTC. */
  readonly zone?: string | undefined;
}

/** A period of a cluster with everything that its figures are held against. */
interface ResolvedPeriod extends Window {
  readonly zone: string;
  readonly complete: boolean;
}

/**
 * The window that a request is about, cut at what the ledger knows. Throws RefusedRequest: a malformed
 * or skipped period, one that has not begun, an unknown zone or cluster.
 */
export function resolveRequest(
  view: ClusterView,
  request: SlaRequest,
  zones: ZoneTable,
): ResolvedPeriod {
  const period = parsePeriod(request.period);
  const zone = request.zone ?? policyZone(view, request.period, zones);
  const rules = zoneNamed(zone, zones);
  if (!view.known) {
    throw new RefusedRequest(
      "unknown-cluster",
      "cluster",
      `the ledger knows no cluster "${view.cluster}"`,
    );
  }
  const window = resolvePeriod(period, rules, request.period);
  return { ...cutPeriod(window, view.headRecordedAt, request.period), zone };
}

function findingRow({ kind, factId, at, subject, name }: PlacedFinding): FindingRow {
  return { kind, eventId: factId, at: formatInstant(at), subject, name };
}

/** The zone of the policy at the start of the period taken in UTC. */
function policyZone(view: ClusterView, period: string, zones: ZoneTable): string {
  const { from, to } = resolvePeriod(parsePeriod(period), zoneNamed("UTC", zones), period);
  const window = { from, to: Math.min(to, view.headRecordedAt ?? to) };
  return asPolicy(policyFactOf(view.policies, window)).zone;
}

/** Computes the SLA document. Throws RefusedRequest, and FigureTooLarge for a sum past 2^53 - 1. */
export function slaDocument(view: ClusterView, request: SlaRequest, zones: ZoneTable): SlaDocument {
  const period = resolveRequest(view, request, zones);
  const { from, to } = period;
  const window = { from, to };
  const atStart = policyFactOf(view.policies, window);
  const policy: Policy = asPolicy(atStart);
  const monthsZone = zoneNamed(policy.zone, zones);
  const near = view.within(monthsAround(withLookBack(window), monthsZone));
  const excluded = exclusionsIn(near, window, monthsZone);
  const nodes = [...near.entities("node")];
  const nis = nisIn(nodes, window, policy.nisTarget, excluded);
  const burn = burnRates(nodes, window, nis, (part) => exclusionsIn(near, part, monthsZone));
  const changes = policyChanges(view.policies, window, atStart, excluded.monthPolicies);
  const uptime = jobUptimeIn(near.entities("job"), window, policy.jobUptimeTarget);
  const rollouts = rolloutsIn(near, window);
  const findings = allFindings(near, window, rollouts.blocked);
  return {
    definitions: definitionsVersion,
    tzdata: zones.version,
    cluster: view.cluster,
    asOf: { sequence: view.sequence },
    period: {
      label: request.period,
      from: formatInstant(from),
      to: formatInstant(to),
      zone: period.zone,
      complete: period.complete,
    },
    policy,
    policyChanges: changes.map(({ id, occurredAt, recordedAt }) => ({
      eventId: id,
      at: formatInstant(occurredAt),
      recordedAt: formatInstant(recordedAt),
    })),
    nis: nisSection(nis, burn, period.zone, policy.zone),
    mttr: mttrSection(mttrIn(nodes, window, policy.mttrTargetMs)),
    mtbf: mtbfSection(mtbfIn(nodes, window, nis)),
    jobUptime: jobUptimeSection(uptime, jobImpactIn(near, nodes, window)),
    rollouts: rolloutsSection(rollouts),
    nfz: nfzSection(near.entities("nfz"), window),
    dataQuality: { findings: findingCounts(findings), list: findings.map(findingRow) },
    evidence: evidenceIn(nodes, near.entities("job"), window),
  };
}
