/** Events of a cluster as a whole. */
import { z } from "zod";
import { eventType } from "./event-type.ts";
import { maxListLength } from "../limits/events.ts";
import { clusterName, environmentName, label, longText, text, zone } from "./fields/fields.ts";

const policyMs = z.int().min(0);

export const clusterEvents = {
  ClusterRegistered: eventType({
    version: 1,
    entity: "cluster",
    meaning: "Sent once, when a cluster comes into service or is first reported on.",
    data: z.strictObject({
      cluster: clusterName,
      name: longText.optional().describe("The name that people use."),
      sku: label.optional().describe("The model of its nodes."),
      region: label.optional().describe("Where it stands."),
      zone: zone.optional(),
    }),
  }),
  SlaPolicySet: eventType({
    version: 1,
    entity: "cluster",
    meaning:
      "Sent when the terms of the agreement begin or change: they are in force from `occurredAt`.",
    data: z.strictObject({
      cluster: clusterName,
      nisTarget: z.number().min(0).max(1).describe("Ratio of nodes in service, such as 0.95."),
      jobUptimeTarget: z.number().min(0).max(1).describe("Ratio of job uptime, such as 0.9."),
      mttrTargetMs: z.int().min(0).describe("Mean time to repair, in milliseconds."),
      noticeHours: z
        .number()
        .min(0)
        .max(100_000)
        .describe("Notice that an announced maintenance needs, in hours."),
      monthlyAllowanceNodeHours: z
        .number()
        .min(0)
        .max(1_000_000_000)
        .describe("Maintenance that may be excluded in a calendar month, in node-hours."),
      excludeUnknown: z.boolean().describe("Whether unobserved time is excluded."),
      excludeDownInMaintenance: z
        .boolean()
        .optional()
        .describe(
          "Whether down time inside an announced maintenance window is excluded as maintenance is. Default: false.",
        ),
      zone: zone.describe("The zone of the policy's calendar months."),
    }),
  }),
  RolloutPolicySet: eventType({
    version: 1,
    entity: "cluster",
    meaning:
      "Sent when the rules for rollouts begin or change: they are in force from `occurredAt`.",
    data: z.strictObject({
      cluster: clusterName,
      coTest: z
        .enum(["none", "companions"])
        .describe("Whether a rollout starts only if tested with all that it meets on its nodes."),
      coTestEnvironments: z
        .array(environmentName)
        .max(maxListLength)
        .optional()
        .describe(
          "Environments whose tests count; an empty text is the unnamed one. Default: all.",
        ),
      coTestValidDays: z
        .number()
        .positive()
        .max(100_000)
        .optional()
        .describe("For how many days a passed test counts. Default: for ever."),
      overrideRoles: z
        .array(text)
        .min(1)
        .max(maxListLength)
        .describe("Roles of which any may override a no-fly zone."),
      overrideMaxMs: policyMs.describe("For how long an override may last at most, milliseconds."),
      fastPath: z
        .boolean()
        .describe("Whether rollouts that were never impactful start in spite of no-fly zones."),
      fastPathPasses: z
        .int()
        .min(1)
        .describe("As-declared rollouts in a row that give a family its fast path back."),
      fastPathNodeDays: z
        .number()
        .min(0)
        .max(1_000_000_000)
        .describe("Node-days of exposure that each of them needs."),
      imminentMs: policyMs.describe(
        "How long before a maintenance a node takes no new work, milliseconds.",
      ),
      maintenanceMaxMs: policyMs.describe(
        "How long a maintenance without a planned end lasts before it is overdue, milliseconds.",
      ),
      impactWindowMs: policyMs.describe(
        "The window before and after a rollout in which its impact is measured, milliseconds.",
      ),
      maxBundle: z.int().min(2).max(16).describe("Rollouts in one proposed co-test, at most."),
    }),
  }),
};
