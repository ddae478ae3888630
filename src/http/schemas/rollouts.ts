/** Answers about the queue, violations and single rollouts. */
import { z } from "zod";
import { violationKinds } from "../../../projections/figures/violations/violation.ts";
import { rolloutStates } from "../../../projections/rollouts/status.ts";
import { grantStates } from "../../answers/rollouts/one-rollout.ts";
import {
  instantText,
  ms,
  nfzInForce,
  nullableInstant,
  position,
  wholeCount,
} from "../../answers/schemas.ts";
import { catalogue } from "../../events/catalogue.ts";
import { pairCounts, untestedPair } from "./co-tests.ts";
import { measuredFamily } from "./impact.ts";
import { blockedRollout } from "./sla.ts";
import { rolloutTimeline } from "./timelines.ts";

const name = z.string();
const eventId = z.string().describe("The id of an event.");
const next = z.string().nullable().describe("The address of the next page; null on the last page.");

const covered = z.array(
  z.strictObject({
    nfz: name,
    by: z.string().describe("The event that granted the override, or fast-path."),
  }),
);

const nextStart = nullableInstant.describe(
  "The first instant, at or after that of the answer, at which no matching no-fly zone is in force; null if that is unknown.",
);

const queuedRollout = z.strictObject({
  cluster: name,
  ...blockedRollout,
  state: z.enum(rolloutStates).describe("blocked; paused if it waits in the middle of its nodes."),
  nextRelease: nullableInstant.describe(
    "The earliest instant at which the no-fly zones of the latest refusal let it start; null if their end is unknown.",
  ),
  nextStart,
  deadline: nullableInstant,
  deadlineOverdue: z
    .boolean()
    .describe("Whether a security or emergency update waits past its deadline."),
  declared: catalogue.RolloutSubmitted.data.shape.impact
    .nullable()
    .describe("The declared impact; null if no submission is known."),
  measured: z
    .array(measuredFamily)
    .nullable()
    .describe("How its families stand by what they did, by name; null if no submission is known."),
  coTest: pairCounts
    .nullable()
    .describe(
      "The number of its pairs with other queued rollouts, by status; null if it is not queued.",
    ),
  nodes: wholeCount.describe("Number of its target nodes; for the whole cluster, of its members."),
  blockedMs: ms.describe("Total time in the queue up to the instant."),
  covered: covered.describe("The no-fly zones in force that an override lets it pass."),
});

const thawStep = z.strictObject({
  at: nullableInstant.describe("When they may start; null if that is unknown."),
  rollouts: wholeCount,
  nodes: wholeCount.describe("Number of their target nodes."),
  impactfulNodes: wholeCount.describe(
    "Number of nodes in service that are targets of those declared to take nodes out of service.",
  ),
  nodeMs: ms.describe("Node-time out of service, as declared."),
  jobs: wholeCount.describe("Number of jobs that run on these nodes."),
});

export const queuePage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Number of rollouts on all pages."),
  oldestAgeMs: ms.nullable(),
  overdue: wholeCount.describe("Rollouts whose no-fly zones have ended but that nobody released."),
  inFlight: wholeCount.describe(
    "Rollouts in progress under a no-fly zone that lets them finish what is in flight.",
  ),
  thaw: z.array(thawStep).describe("Which rollouts may start when, by instant."),
  blocked: z.array(queuedRollout),
  next,
});

export const queueHistory = z.strictObject({
  asOf: position,
  from: instantText,
  to: instantText,
  stepMs: ms,
  steps: z.array(
    z.strictObject({
      at: instantText.describe("The step's end."),
      length: wholeCount.describe("Number of rollouts blocked then."),
      oldestAgeMs: ms
        .nullable()
        .describe("How long the oldest had waited; null if there was none."),
    }),
  ),
});

export const violationPage = z.strictObject({
  asOf: position,
  from: instantText,
  to: instantText,
  total: wholeCount.describe("Number of violations on all pages."),
  violations: z.array(
    z.strictObject({
      kind: z.enum(violationKinds),
      rollout: name.nullable().describe("null for maintenance that belongs to no rollout."),
      cluster: name,
      at: instantText,
      event: eventId.describe("The event of the start, resume, progress or maintenance."),
      nfzs: z.array(name).describe("The no-fly zones in force then, by name."),
      node: name.optional().describe("Of maintenance."),
      reported: z
        .boolean()
        .describe("true: it was only reported; false: the ledger was asked and permitted it."),
      seen: z
        .boolean()
        .describe(
          "The ledger permitted it although it knew of the no-fly zone, which must not happen.",
        ),
    }),
  ),
  next,
});

export const rolloutPage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Number of rollouts on all pages."),
  rollouts: z.array(rolloutTimeline),
  next,
});

export const oneRollout = z
  .strictObject({
    asOf: position,
    at: nullableInstant,
    ...rolloutTimeline.shape,
    nfzs: z.array(nfzInForce).describe("The no-fly zones that hold it, by name."),
    covered: covered.describe("The no-fly zones in force that something lets it pass."),
    untested: z
      .array(untestedPair)
      .describe("The companions that hold its start until it passed a co-test with them, by name."),
    nextStart: nextStart.describe(
      "The first instant, at or after that of the answer, at which no matching no-fly zone is in force; null if that is unknown, or the rollout has ended.",
    ),
    followedBy: z
      .array(nfzInForce)
      .describe(
        "Matching no-fly zones that are not in force yet and begin before nextStart, by their begin: they hold it then.",
      ),
    overrides: z.array(
      z.strictObject({
        eventId,
        at: instantText,
        role: name,
        nfzIds: z.array(name),
        expiresAt: instantText,
        state: z.enum(grantStates),
        revokedAt: nullableInstant,
        revokedBy: eventId.nullable(),
        reported: z.boolean().describe("true: it was only reported; false: the ledger granted it."),
      }),
    ),
    history: z
      .array(
        z.strictObject({
          sequence: z.int().min(1),
          eventId,
          type: name,
          at: instantText.describe("After the latest correction."),
          actor: name.nullable().describe("Who stated it."),
          reason: z.string().nullable(),
          reported: z
            .boolean()
            .describe("true: it was only reported; false: the ledger decided it."),
          corrected: z.boolean(),
          fits: z
            .boolean()
            .describe("false: it contradicts the facts before it, and changes nothing."),
        }),
      )
      .describe("Facts before the instant, in order of their time: one page of them."),
    next,
  })
  .meta({ id: "Rollout" });
