/** Answers about the measured impact of rollouts and of families of updates. */
import { z } from "zod";
import { evidenceKinds } from "../../../projections/impact/evidence.ts";
import { missReasons, verdicts } from "../../../projections/impact/impact.ts";
import { rolloutStates } from "../../../projections/rollouts/status.ts";
import { instantText, ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";
import { catalogue } from "../../events/catalogue.ts";

const name = z.string();
const eventId = z.string().describe("The id of an event.");
const next = z.string().nullable().describe("The address of the next page; null on the last page.");
const submission = catalogue.RolloutSubmitted.data.shape;

const verdict = z
  .enum(verdicts)
  .nullable()
  .describe(
    "Whether it did as it declared; pending until it is over and every window after it has passed; null if it never started.",
  );
const reasons = z.array(z.enum(missReasons)).describe("Why it missed what it declared.");

/** How a family of updates stands. */
export const measuredFamily = z.strictObject({
  family: name,
  fastPath: z.boolean().describe("Whether the family has the fast path."),
  marked: z
    .boolean()
    .describe(
      "Whether a version that the rollout installs missed before: it never has the fast path.",
    ),
});

const exposed = (when: string) =>
  z
    .strictObject({
      faults: wholeCount.describe("Counted faults that began on the treated nodes."),
      nodeMs: ms.describe("Node-time during which the treated nodes were members."),
    })
    .describe(`In the window ${when} the treatment of each node.`);

const rateRatio = z
  .strictObject({
    ratio: z
      .number()
      .nullable()
      .describe(
        "The rate after divided by the rate before; null without a fault or node-time before, or node-time after.",
      ),
    lower: z.number().describe("Lower end of its exact 95 % interval."),
    upper: z.number().nullable().describe("Upper end; null if there is none."),
  })
  .describe("Failure rate after against before, rounded at the third decimal.");

const power = z
  .strictObject({
    factor: z.number(),
    expectedFaults: z
      .number()
      .nullable()
      .describe("Faults expected after it if nothing has changed; null without node-time before."),
    found: z
      .number()
      .nullable()
      .describe("The chance that a rate that many times as high puts the whole interval above 1."),
  })
  .describe(
    "What the comparison could have found: with few faults, even a tripled rate mostly goes unnoticed.",
  );

export const rolloutImpact = z
  .strictObject({
    asOf: position,
    at: nullableInstant,
    cluster: name,
    rollout: name,
    state: z.enum(rolloutStates),
    declared: submission.impact.nullable().describe("null if no submission is known."),
    updates: submission.updates,
    startedAt: nullableInstant.describe("The first fact that put it in progress."),
    endedAt: nullableInstant,
    windowMs: ms.describe(
      "How long the windows before and after are: `impactWindowMs` of the policy.",
    ),
    verdict,
    reasons,
    nodes: wholeCount.describe("Nodes that it treats or treated."),
    treated: wholeCount.describe(
      "Of these, the ones whose treatment is over: only they are compared.",
    ),
    outOfServiceNodeMs: ms.describe("Node-time in maintenance for this rollout."),
    outOfServiceNodes: wholeCount.describe("Nodes on which maintenance for it has begun."),
    outOfServiceMeanMs: ms.nullable().describe("Per treated node; null without any."),
    interruptions: wholeCount.describe("Interruptions of jobs that it caused."),
    jobs: wholeCount.describe("Jobs that it interrupted."),
    interruptedNodeMs: ms,
    lostNodeMs: ms,
    before: exposed("before"),
    after: exposed("after"),
    rateRatio,
    power,
    families: z.array(measuredFamily).describe("Its families, by name."),
    confounders: z
      .array(
        z.strictObject({
          rollout: name,
          startedAt: instantText,
          nodes: wholeCount.describe("Number of nodes in whose windows it started."),
        }),
      )
      .describe("Other rollouts that started on the same nodes in the windows, by start."),
    evidence: z
      .array(
        z.strictObject({
          kind: z.enum(evidenceKinds),
          at: instantText,
          to: nullableInstant.describe("Of maintenance that is over."),
          node: name.nullable(),
          job: name.nullable(),
          eventIds: z.array(eventId),
          interruptedNodeMs: ms,
          lostNodeMs: ms,
        }),
      )
      .describe("What the figures rest on, by kind, then instant: one page of it."),
    next,
  })
  .meta({ id: "RolloutImpact" });

const madeBy = z.strictObject({
  rollout: name,
  startedAt: nullableInstant,
  verdict,
  reasons,
  afterNodeMs: ms.describe("Node-time for which its nodes were watched after it."),
});

export const familyPage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Number of families on all pages."),
  families: z.array(
    z.strictObject({
      cluster: name,
      family: name,
      fastPath: z.boolean().describe("Whether its impactless rollouts may have the fast path."),
      started: wholeCount.describe("Its rollouts that have started."),
      missed: wholeCount,
      asDeclared: wholeCount,
      pending: wholeCount,
      treated: wholeCount.describe("Treated nodes, over all its rollouts."),
      outOfServiceNodeMs: ms,
      outOfServiceMeanMs: ms.nullable().describe("Per treated node; null without any."),
      interruptions: wholeCount,
      faultsBefore: wholeCount,
      faultsAfter: wholeCount,
      marked: z
        .array(
          z.strictObject({
            component: name,
            version: name,
            rollout: name.describe("The first rollout that marked it."),
          }),
        )
        .describe("Versions that missed: they never have the fast path."),
      withdrawnBy: madeBy
        .nullable()
        .describe("The last rollout that missed what it declared; null if none did."),
      passes: z
        .array(madeBy)
        .describe("The rollouts since then that count towards earning the fast path back."),
    }),
  ),
  next,
});
