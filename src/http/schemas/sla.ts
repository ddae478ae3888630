/** The sections of the SLA document, for the documentation of the interface. */
import { z } from "zod";
import { instantText, ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";

const ratio = z
  .number()
  .nullable()
  .describe("From 0 to 1, nine decimals; null without anything to measure.");
const met = z.boolean().nullable();
const ids = z.array(z.string());
const note = z.string().nullable().optional();

export const period = z.object({
  label: z.string(),
  from: instantText,
  to: instantText,
  zone: z.string(),
  complete: z.boolean().describe("False where the period is not over at this position: it is cut."),
});
export const policy = z.looseObject({ eventId: z.string().nullable() });

export const nisSection = z.looseObject({
  target: z.number(),
  met,
  raw: ratio,
  contractual: ratio,
  memberNodeMs: ms,
  inServiceNodeMs: ms,
  downNodeMs: ms,
  maintenanceNodeMs: ms,
  unknownNodeMs: ms,
  excludedNodeMs: ms,
  budgetNodeMs: ms,
  budgetSpentNodeMs: ms,
  exclusions: z.array(
    z.looseObject({
      kind: z.string(),
      node: z.string(),
      from: instantText.describe("The first excluded instant in the period."),
      to: instantText.describe(
        "The end of the last one; `ms` is less than what lies between where that is not all excluded.",
      ),
      ms,
      eventIds: ids,
    }),
  ),
  announcedLate: z.array(
    z.looseObject({ node: z.string(), maintenanceId: z.string(), ms, eventIds: ids }),
  ),
  note,
});

export const mttrSection = z.looseObject({
  targetMs: ms,
  met,
  faultsOpened: wholeCount,
  faultsClosed: wholeCount,
  meanMs: ms.nullable(),
  medianMs: ms.nullable(),
  p90Ms: ms.nullable(),
  withinTarget: ratio,
  restrictedMeanMs: ms.nullable(),
  restrictedToMs: ms.nullable(),
  metRestricted: met,
  byCause: z.record(z.string(), z.looseObject({ closed: wholeCount, meanMs: ms.nullable() })),
  byComponent: z.record(z.string(), z.looseObject({ closed: wholeCount, meanMs: ms.nullable() })),
  open: z.array(
    z.looseObject({
      faultId: z.string(),
      node: z.string(),
      since: instantText,
      ageMs: ms,
      overTarget: z.boolean(),
    }),
  ),
  censored: z.array(
    z.looseObject({
      faultId: z.string(),
      node: z.string(),
      since: instantText,
      until: instantText,
    }),
  ),
  note,
});

const jobFigures = {
  uptime: ratio,
  ettr: ratio,
  interruptions: wholeCount,
  crashes: wholeCount,
};

export const jobUptimeSection = z.looseObject({
  ...jobFigures,
  target: z.number(),
  met,
  contractual: ratio,
  runningNodeMs: ms,
  interruptedNodeMs: ms,
  pausedNodeMs: ms,
  keptNodeMs: ms,
  checkpointingNodeMs: ms,
  lostNodeMs: ms,
  crashesUnresumed: wholeCount,
  crashesPerDay: z.number().nullable(),
  crashMeanMs: ms.nullable(),
  attribution: z.record(z.string(), z.looseObject({ interruptedNodeMs: ms, lostNodeMs: ms })),
  open: z.array(
    z.looseObject({ job: z.string(), since: instantText, ageMs: ms, kind: z.string() }),
  ),
  jobs: z.array(
    z.looseObject({
      ...jobFigures,
      job: z.string(),
      runningMs: ms,
      interruptedMs: ms,
      pausedMs: ms,
      keptMs: ms,
      checkpointingMs: ms,
      lostMs: ms,
    }),
  ),
  note,
});

export const blockedRollout = z.looseObject({
  rollout: z.string(),
  since: instantText,
  ageMs: ms,
  nfzIds: ids,
  nextRelease: nullableInstant,
  releaseOverdue: z.boolean(),
  nodesDone: wholeCount.nullable(),
  nodesTotal: wholeCount.nullable(),
});

const rolloutsSection = z.looseObject({
  blocked: z.array(blockedRollout),
  blockedMs: ms,
  refusals: wholeCount,
  overrides: wholeCount,
});

export const occurrences = z.array(z.looseObject({ from: instantText, to: instantText }));
export const findingRow = z.looseObject({
  kind: z.string(),
  eventId: z
    .string()
    .describe("The fact that did not fit; of an overdue release the latest refusal."),
  at: instantText.describe("When the fact occurred; of an overdue release the period's end."),
  subject: z.enum(["node", "job", "rollout", "nfz"]),
  name: z.string(),
});
/** Counts alone. */
export const findingTally = z.looseObject({ findings: z.record(z.string(), wholeCount) });
const dataQualitySection = findingTally.extend({
  list: z.array(findingRow).describe("Every finding, by time, event and kind."),
});

export const slaDocument = z.looseObject({
  definitions: z.string(),
  tzdata: z.string(),
  cluster: z.string(),
  recordedAtKept: z
    .literal(true)
    .optional()
    .describe("Recorded times were kept from elsewhere by an import into the empty ledger."),
  asOf: position,
  period,
  policy,
  policyChanges: z.array(
    z.looseObject({ eventId: z.string(), at: instantText, recordedAt: instantText }),
  ),
  nis: nisSection,
  mttr: mttrSection,
  jobUptime: jobUptimeSection,
  rollouts: rolloutsSection,
  nfz: z.array(z.looseObject({ nfz: z.string(), occurrences })),
  dataQuality: dataQualitySection,
  evidence: z
    .looseObject({ faults: ids, interruptions: ids })
    .describe("Event ids of the faults and interruptions that went in."),
});
