/** Answers about the cost of no-fly zones, real and hypothetical. */
import { z } from "zod";
import { instantText, ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";
import { instant, longText } from "../../events/fields/fields.ts";
import { maxListLength } from "../../limits/events.ts";
import { declaration } from "./nfz.ts";
import { sections } from "./sla.ts";

const name = z.string();

const costOfNfz = z.strictObject({
  nfz: name,
  inForceMs: ms,
  blockedMs: ms.describe(
    "Time for which rollouts waited while their latest refusal named it and it was in force; where several held one, each gets all of it.",
  ),
  aloneMs: ms.describe(
    "The part of it in which no other zone that the refusal named was in force.",
  ),
});

const missedDeadline = z.strictObject({
  rollout: name,
  deadline: instantText,
  blockedAfterMs: ms.describe("For how long it was blocked after its deadline, in the period."),
});

const sums = {
  inForceMs: ms.describe("Time in which any zone was in force."),
  nfzs: z.array(costOfNfz).describe("Zones that were in force in the period, by name."),
  blockedMs: ms.describe("Time that rollouts spent in the blocked queue."),
  blockedDays: z.number().describe("The same in days, rounded at the 9th decimal."),
  wakeUpMs: ms.describe(
    "The part of it in which no zone that held the rollout was in force any more.",
  ),
};

const countsOfDay = <T extends z.ZodType>(interruptions: T) => ({
  released: wholeCount.describe("Rollouts that were released."),
  started: wholeCount.describe("Rollouts that started."),
  interruptions,
  faults: wholeCount.describe("Faults that began on the nodes of the rollouts that started."),
});

const thaw = <T extends z.ZodType>(interruptions: T) =>
  z.strictObject({
    at: instantText.describe("When the last zone ended."),
    since: instantText.describe("When the first zone came into force."),
    after: z.strictObject(countsOfDay(interruptions)).describe("In the 24 h from its end."),
    before: z.strictObject(countsOfDay(interruptions)).describe("In the 24 h before it began."),
  });

const period = sections.period;

export const nfzCost = z
  .strictObject({
    asOf: position,
    cluster: name,
    period,
    ...sums,
    deadlinesMissed: z
      .array(missedDeadline)
      .describe("Security and emergency updates that were blocked at their deadline."),
    overrides: wholeCount.describe("Overrides granted."),
    fastPathStarts: wholeCount.describe("Starts and resumes that only the fast path let pass."),
    violations: wholeCount.describe("Starts, resumes, progress and maintenance inside zones."),
    thaws: z
      .array(thaw(wholeCount.describe("Interruptions of jobs by rollouts or maintenance.")))
      .describe("Ends of the time in which any zone was in force, by instant."),
  })
  .meta({ id: "NfzCost" });

const { clusters, reason: _reason, ...stated } = declaration;

/** One declaration of a hypothetical calendar. */
const hypothesis = z
  .strictObject({
    ...stated,
    clusters: clusters
      .optional()
      .describe("Default: the cluster that is asked about. Zones of other clusters are left out."),
    reason: longText.optional(),
    declaredAt: instant
      .optional()
      .describe("When it is decided: nothing is in force before. Default: the period's start."),
  })
  .refine(
    ({ occurrences, recurrence }) => (occurrences === undefined) !== (recurrence === undefined),
    {
      path: ["occurrences"],
      error: "must be given, or recurrence, and not both",
    },
  );

export const hypotheses = z.array(hypothesis).max(maxListLength);

const nisFigures =
  sections.nis instanceof z.ZodObject
    ? sections.nis
        .pick({
          target: true,
          met: true,
          raw: true,
          contractual: true,
          memberNodeMs: true,
          inServiceNodeMs: true,
          downNodeMs: true,
          maintenanceNodeMs: true,
          unknownNodeMs: true,
          excludedNodeMs: true,
          budgetNodeMs: true,
          budgetSpentNodeMs: true,
        })
        .meta({ id: "NisOfCalendar" })
    : sections.nis;

const side = z
  .strictObject({
    ...sums,
    queue: z
      .array(
        z.strictObject({
          rollout: name,
          since: instantText,
          ageMs: ms,
          nfzIds: z.array(name),
          nextRelease: nullableInstant,
          releaseOverdue: z.boolean(),
        }),
      )
      .describe("The blocked queue at the period's end."),
    overdueFixes: z
      .array(missedDeadline)
      .describe("Security and emergency updates that were blocked at their deadline."),
    thaws: z.array(thaw(z.null().describe("Not known under another calendar."))),
    nis: nisFigures,
    jobUptime: z.null().describe("Not known under another calendar."),
  })
  .meta({ id: "CalendarSide" });

export const whatIf = z
  .strictObject({
    asOf: position,
    cluster: name,
    period,
    actual: side.describe("As the ledger has it."),
    whatIf: side.describe("With the stated zones instead of all real ones."),
    assumptions: z.array(z.string()),
    note: z.string().describe("What is not given, and why."),
  })
  .meta({ id: "WhatIf" });
