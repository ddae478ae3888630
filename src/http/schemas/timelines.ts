/** Timelines of nodes, jobs, rollouts and no-fly zones in answers. */
import { shownRolloutStates } from "../../../projections/rollouts/status.ts";
import { z } from "zod";
import { findingKinds } from "../../../projections/facts/finding.ts";
import { interruptionKinds } from "../../../projections/jobs/timeline.ts";
import { catalogue } from "../../events/catalogue.ts";
import { instantText, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";

const name = z.string();
const nullableName = z.string().nullable();
const eventId = z.string().describe("The id of an event.");
const nullableEventId = eventId.nullable();
const ends = {
  from: nullableInstant,
  to: nullableInstant.describe("null: it lasts."),
};
const findings = z.array(z.strictObject({ kind: z.enum(findingKinds), at: instantText, eventId }));

const membership = z.strictObject({
  ...ends,
  commissionedBy: eventId,
  decommissionedBy: nullableEventId,
  rack: nullableName,
  sku: nullableName,
  gpus: wholeCount.nullable(),
});

const fault = z.strictObject({
  faultId: name,
  category: name,
  component: nullableName,
  outcome: z
    .enum(["open", "repaired", "censored"])
    .describe("censored: the node was decommissioned before it was repaired."),
  how: z.enum(["automatic", "manual"]).nullable().describe("How the node was returned."),
  ...ends,
  failedAt: instantText.describe("Earlier than `from` if the node was commissioned in between."),
  detectedAt: nullableInstant,
  phases: z.array(
    z.strictObject({
      phase: z.enum(["drain", "diagnose", "repair", "validate"]),
      at: instantText,
    }),
  ),
  eventId: eventId.describe("The event of the failure."),
  endedBy: nullableEventId.describe("The return or decommissioning that ended it."),
});

const interval = { ...ends, node: name, startId: eventId, endId: nullableEventId };

const announcement = z.strictObject({
  id: eventId,
  maintenanceId: name,
  recordedAt: instantText,
  amendedBy: z.array(eventId),
  plannedFrom: instantText,
  plannedTo: instantText,
  rolloutId: nullableName,
});

const nodeState = z.enum(["down", "maintenance", "unknown", "in-service"]);

export const nodeTimeline = z
  .strictObject({
    asOf: position,
    at: nullableInstant,
    cluster: name,
    node: name,
    state: z
      .enum([...nodeState.options, "not-a-member"])
      .describe("The state at the instant; not-a-member outside a membership."),
    memberships: z.array(membership),
    segments: z.array(z.strictObject({ ...ends, state: nodeState })),
    faults: z.array(fault),
    maintenance: z.array(
      z.strictObject({
        ...interval,
        maintenanceId: name,
        rolloutId: nullableName,
        announcedBy: z.array(eventId),
      }),
    ),
    announcements: z.array(announcement),
    unknown: z.array(z.strictObject(interval)),
    findings,
  })
  .meta({ id: "NodeTimeline" });

const piece = { ...ends, nodes: wholeCount.describe("How many nodes the job held.") };
const pieces = z.array(z.strictObject(piece));

export const jobTimeline = z
  .strictObject({
    asOf: position,
    cluster: name,
    job: name,
    runs: z.array(
      z.strictObject({
        ...ends,
        startId: eventId,
        finishId: nullableEventId.describe("The finish; null while the run lasts."),
        outcome: z.enum(["completed", "failed", "cancelled"]).nullable(),
      }),
    ),
    running: pieces,
    paused: pieces,
    interruptions: z.array(
      z.strictObject({
        ...piece,
        eventId: eventId.describe("The interruption, or the failed finish."),
        kind: z.enum(interruptionKinds),
        faultId: nullableName,
        node: nullableName,
        rolloutId: nullableName,
        maintenanceId: nullableName,
        resumedAt: nullableInstant.describe(
          "When the job ran again; null if it has not, or ended instead.",
        ),
      }),
    ),
    kept: pieces,
    checkpointing: pieces,
    lost: z.array(
      z.strictObject({
        ...piece,
        interruption: wholeCount.describe(
          "Index in `interruptions` of the first that lost this time.",
        ),
      }),
    ),
    checkpoints: z.array(
      z.strictObject({
        checkpointId: name,
        at: instantText.describe("When the checkpoint was complete."),
        durationMs: z.int(),
        sinceLastMs: z.int().nullable().describe("Since the run's previous checkpoint."),
      }),
    ),
    findings,
  })
  .meta({ id: "JobTimeline" });

const submitted = catalogue.RolloutSubmitted.data.shape;
const refusal = z.strictObject({ at: instantText, eventId, nfzIds: z.array(name) });
const applied = z.array(z.strictObject({ type: name, at: instantText, eventId }));

export const rolloutTimeline = z
  .strictObject({
    cluster: name,
    rollout: name,
    state: z.enum(shownRolloutStates),
    submittedAt: nullableInstant,
    targets: submitted.targets.unwrap().nullable(),
    updates: submitted.updates,
    impact: submitted.impact.nullable(),
    urgency: submitted.urgency.nullable(),
    deadline: nullableInstant,
    nodesDone: wholeCount.nullable().describe("null without progress."),
    nodesTotal: wholeCount.nullable(),
    blocked: z.array(
      z.strictObject({ ...ends, endId: nullableEventId, refusals: z.array(refusal) }),
    ),
    overrides: z.array(
      z.strictObject({
        eventId,
        at: instantText,
        role: name,
        nfzIds: z.array(name),
        expiresAt: instantText,
      }),
    ),
    history: applied,
    findings,
  })
  .meta({ id: "RolloutTimeline" });

const declared = catalogue.NfzDeclared.data.shape;

export const nfzTimeline = z
  .strictObject({
    cluster: name,
    nfz: name,
    scope: declared.scope.unwrap().nullable(),
    inFlight: declared.inFlight.nullable(),
    recurrence: declared.recurrence.unwrap().nullable(),
    noFastPath: z.boolean().describe("Whether it holds rollouts on the fast path too."),
    tzdata: nullableName,
    resolvedUntil: nullableInstant.describe(
      "Up to where the occurrences of its rule are recorded; null if none will follow.",
    ),
    inForce: z.boolean(),
    occurrences: z.array(z.strictObject(ends)),
    history: applied,
    findings,
  })
  .meta({ id: "NfzTimeline" });
