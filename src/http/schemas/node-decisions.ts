/** Requests and answers about scaling onto nodes and about maintenance. */
import { z } from "zod";
import { unschedulableReasons } from "../../../projections/nodes/schedulable.ts";
import {
  decisionEvent,
  documented,
  instantText,
  maintainedNode,
  ms,
  nullableInstant,
  position,
  problemAnswers,
  wholeCount,
} from "../../answers/schemas.ts";
import {
  clusterName,
  instant,
  nodeList,
  nodeScope,
  rolloutName,
  text,
} from "../../events/fields/fields.ts";
import { decided } from "./decisions.ts";

const name = z.string();
const next = z.string().nullable().describe("The address of the next page; null on the last page.");

const reasons = z
  .array(z.enum(unschedulableReasons))
  .describe("Why no work may be scaled onto the node; empty if it may.");
const until = nullableInstant.describe(
  "The latest planned end of the maintenance that stands in the way; null if none is known.",
);

/** A scale request, without the members of every command. */
export const scaleRequest = {
  cluster: clusterName,
  nodes: nodeList.min(1).optional().describe("The nodes, or hostlists of them."),
  targets: nodeScope
    .optional()
    .describe("In place of nodes: those that match each of nodes, racks and SKUs given."),
};

export const scaleAnswer = z
  .strictObject({
    request: z.guid().describe("The id of the request, which its records name."),
    cluster: name,
    allowed: z.boolean().describe("Whether every node is allowed."),
    ...decided,
    outcome: z
      .enum(["appended", "repeated"])
      .describe("Decided now, or the repeat of a request with this id."),
    nodes: z
      .array(
        z.strictObject({
          node: name,
          allowed: z.boolean(),
          reasons,
          until,
          event: decisionEvent
            .nullable()
            .describe("The record; null for a node that no fact names."),
        }),
      )
      .describe("By name."),
  })
  .meta({ id: "ScaleAnswer" });

/** The members of commands on maintenance, without those of every command. */
export const maintenanceCommand = {
  cluster: clusterName,
  targets: nodeScope.optional(),
  plannedFrom: instant
    .optional()
    .describe("When it is planned to begin. Only announcing records it."),
  plannedTo: instant.optional().describe("When it is planned to end. Only announcing records it."),
  rolloutId: rolloutName.optional().describe("The rollout that it is for."),
  role: text
    .optional()
    .describe(
      "Of a start inside a no-fly zone: one of the policy's override roles that the caller has. Needs a reason.",
    ),
};

const maintenanceAnswer = z
  .strictObject({
    maintenance: name,
    cluster: name,
    ...decided,
    results: z.array(maintainedNode).describe("By name."),
  })
  .meta({ id: "MaintenanceAnswer" });

/** The answers of a command on many nodes, by status. */
export const maintenanceAnswers = documented({
  200: {
    description: "Nothing to do on any node, or a repeat of a command with this id.",
    content: { "application/json": { schema: maintenanceAnswer } },
  },
  201: {
    description: "Decided, appended and durable on every node.",
    content: { "application/json": { schema: maintenanceAnswer } },
  },
  207: {
    description: "The nodes differ: each result has a status of its own.",
    content: { "application/json": { schema: maintenanceAnswer } },
  },
  ...problemAnswers,
});

export const schedulable = z
  .strictObject({
    asOf: position,
    at: nullableInstant,
    cluster: name,
    node: name,
    schedulable: z.boolean(),
    reasons,
    until,
  })
  .meta({ id: "Schedulable" });

export const scaleHoldPage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Number of nodes on all pages."),
  byReason: z
    .strictObject(Object.fromEntries(unschedulableReasons.map((reason) => [reason, wholeCount])))
    .describe("Number of nodes for each reason; a node may have several."),
  holds: z.array(z.strictObject({ cluster: name, node: name, reasons, until })),
  next,
});

export const overduePage = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount.describe("Number of stretches of maintenance on all pages."),
  overdue: z.array(
    z.strictObject({
      cluster: name,
      node: name,
      maintenanceId: name,
      rolloutId: name.nullable(),
      since: instantText,
      ageMs: ms.describe("How long it has been open."),
      plannedTo: nullableInstant.describe("Of its latest announcement; null if there is none."),
      dueAt: instantText.describe(
        "When it should have been over: plannedTo, or, with no announcement, after the longest time that the policy allows.",
      ),
      overdueMs: ms,
      event: z.string().describe("The event of its start."),
    }),
  ),
  next,
});

const reviewResponse = z.strictObject({
  uid: name,
  allowed: z.boolean(),
  status: z
    .strictObject({ code: z.literal(403), reason: z.literal("Forbidden"), message: z.string() })
    .optional(),
  warnings: z.array(z.string()).optional(),
});

export const admissionAnswer = z
  .strictObject({
    apiVersion: z.literal("admission.k8s.io/v1"),
    kind: z.literal("AdmissionReview"),
    response: reviewResponse,
  })
  .meta({ id: "AdmissionReviewAnswer" });
