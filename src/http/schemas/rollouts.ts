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
  "The first instant, not before the one asked about, at which no matching no-fly zone is in force; null if nobody has said.",
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
    .describe("The impact that it was submitted with; null if no submission is known."),
  measured: z.null().describe("The impact that was measured of its families: not measured yet."),
  coTest: z.null().describe("Its pairs by the state of their test: not known yet."),
  nodes: wholeCount.describe("Nodes of its targets; of the whole cluster, its members."),
  blockedMs: ms.describe("All its time in the queue up to the instant."),
  covered: covered.describe("The no-fly zones in force that an override lets it pass."),
});

const thawStep = z.strictObject({
  at: nullableInstant.describe("When they may start; null if nobody has said."),
  rollouts: wholeCount,
  nodes: wholeCount.describe("Nodes of their targets."),
  impactfulNodes: wholeCount.describe(
    "Nodes in service that those touch which are declared to take nodes out of service.",
  ),
  nodeMs: ms.describe("Node-time that these take, as declared."),
  jobs: wholeCount.describe("Jobs that run on these nodes."),
});

export const queuePage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Rollouts of all pages."),
  oldestAgeMs: ms.nullable(),
  overdue: wholeCount.describe("Rollouts whose no-fly zones have ended but that nobody released."),
  inFlight: wholeCount.describe(
    "Rollouts in progress under a no-fly zone that lets them finish what is in flight.",
  ),
  thaw: z.array(thawStep).describe("What may start when: by instant."),
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
      length: wholeCount.describe("Rollouts that were blocked then."),
      oldestAgeMs: ms.nullable().describe("How long the oldest of them had waited; null of none."),
    }),
  ),
});

export const violationPage = z.strictObject({
  asOf: position,
  from: instantText,
  to: instantText,
  total: wholeCount.describe("Violations of all pages."),
  violations: z.array(
    z.strictObject({
      kind: z.enum(violationKinds),
      rollout: name.nullable().describe("null: maintenance that is no rollout's."),
      cluster: name,
      at: instantText,
      event: eventId.describe("The event of the start, resume, progress or maintenance."),
      nfzs: z.array(name).describe("The no-fly zones that it was inside of, by name."),
      node: name.optional().describe("Of maintenance."),
      reported: z
        .boolean()
        .describe("It was reported; else the ledger was asked, and let it pass."),
      seen: z
        .boolean()
        .describe("The ledger let it pass although it knew of the no-fly zone: it must not."),
    }),
  ),
  next,
});

export const rolloutPage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Rollouts of all pages."),
  rollouts: z.array(rolloutTimeline),
  next,
});

export const oneRollout = z
  .strictObject({
    asOf: position,
    at: nullableInstant,
    ...rolloutTimeline.shape,
    nfzs: z.array(nfzInForce).describe("The no-fly zones that hold it, by name."),
    covered: covered.describe("Those in force that something lets it pass."),
    nextStart: nextStart.describe(
      "The first instant, not before the one asked about, at which no matching no-fly zone is in force; null if nobody has said, or the rollout is over.",
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
        reported: z.boolean().describe("It was reported; else the ledger granted it."),
      }),
    ),
    history: z
      .array(
        z.strictObject({
          sequence: z.int().min(1),
          eventId,
          type: name,
          at: instantText.describe("As last corrected."),
          actor: name.nullable().describe("Who stated it."),
          reason: z.string().nullable(),
          reported: z.boolean().describe("It was reported; else the ledger decided it."),
          corrected: z.boolean(),
          fits: z
            .boolean()
            .describe("false: it contradicts what was before it, and changes nothing."),
        }),
      )
      .describe("Facts before the instant, by the time at which they occurred: this page of them."),
    next,
  })
  .meta({ id: "Rollout" });
