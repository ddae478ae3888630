/** Events of a cluster as a whole. */
import { z } from "zod";
import { eventType } from "./event-type.ts";
import { clusterName, label, longText, zone } from "./fields/fields.ts";

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
};
