/** Events of a node: its membership, its faults, its maintenance and whether anybody watches it. */
import { z } from "zod";
import { maxListLength } from "../limits/events.ts";
import { eventType } from "./event-type.ts";
import {
  clusterName,
  count,
  faultId,
  instant,
  label,
  maintenanceId,
  nodeName,
  rolloutName,
  text,
} from "./fields/fields.ts";

const node = { cluster: clusterName, node: nodeName };

export const nodeEvents = {
  NodeCommissioned: eventType({
    version: 1,
    entity: "node",
    meaning: "The node is a member of the cluster from here on.",
    data: z.strictObject({
      ...node,
      rack: label.optional(),
      sku: label.optional(),
      gpus: count.optional(),
    }),
  }),
  NodeDecommissioned: eventType({
    version: 1,
    entity: "node",
    meaning: "The node is no longer a member.",
    data: z.strictObject(node),
  }),
  NodeFailed: eventType({
    version: 1,
    entity: "node",
    meaning: "A fault began: the node is down until the fault is returned.",
    instants: ["detectedAt"],
    data: z.strictObject({
      ...node,
      faultId,
      category: z.enum(["hardware", "software", "network", "facility", "human", "unknown"]),
      component: text
        .optional()
        .describe("Such as gpu, hbm, nvlink, nic, ib-link, switch, psu, host, storage."),
      codes: z
        .array(text)
        .max(maxListLength)
        .optional()
        .describe("The maker's codes; for a GPU: XID."),
      detectedAt: instant.optional(),
    }),
  }),
  NodeRepairStarted: eventType({
    version: 1,
    entity: "node",
    meaning: "A phase of a fault's repair began.",
    data: z.strictObject({
      ...node,
      faultId,
      phase: z.enum(["drain", "diagnose", "repair", "validate"]),
    }),
  }),
  NodeReturned: eventType({
    version: 1,
    entity: "node",
    meaning: "The faults that it names are over.",
    data: z.strictObject({
      ...node,
      faultIds: z.array(faultId).max(maxListLength),
      how: z.enum(["automatic", "manual"]).optional(),
    }),
  }),
  NodeMaintenanceAnnounced: eventType({
    version: 1,
    entity: "node",
    meaning: "A maintenance is planned; notice is counted from when the ledger recorded this.",
    instants: ["plannedFrom", "plannedTo"],
    data: z.strictObject({
      ...node,
      maintenanceId,
      plannedFrom: instant,
      plannedTo: instant,
      rolloutId: rolloutName.optional(),
    }),
  }),
  NodeMaintenanceStarted: eventType({
    version: 1,
    entity: "node",
    meaning: "The node is under maintenance.",
    data: z.strictObject({ ...node, maintenanceId, rolloutId: rolloutName.optional() }),
  }),
  NodeMaintenanceEnded: eventType({
    version: 1,
    entity: "node",
    meaning: "The maintenance is over.",
    data: z.strictObject({ ...node, maintenanceId, rolloutId: rolloutName.optional() }),
  }),
  NodeObservationLost: eventType({
    version: 1,
    entity: "node",
    meaning: "Nobody watches the node: its state is unknown, not down.",
    data: z.strictObject({ ...node, observer: text.optional() }),
  }),
  NodeObservationRestored: eventType({
    version: 1,
    entity: "node",
    meaning: "The node is watched again.",
    data: z.strictObject({ ...node, observer: text.optional() }),
  }),
  NodeScaleAllowed: eventType({
    version: 1,
    entity: "node",
    meaning: "A request to scale onto the node was allowed.",
    data: z.strictObject({ ...node, request: text.optional() }),
  }),
  NodeScaleDenied: eventType({
    version: 1,
    entity: "node",
    meaning: "A request to scale onto the node was denied, with the reasons.",
    data: z.strictObject({
      ...node,
      request: text.optional(),
      reasons: z.array(text).max(maxListLength).optional(),
    }),
  }),
};
