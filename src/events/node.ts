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
  nfzIds,
  nodeName,
  rolloutName,
  text,
} from "./fields/fields.ts";

const node = { cluster: clusterName, node: nodeName };

export const nodeEvents = {
  NodeCommissioned: eventType({
    version: 1,
    entity: "node",
    meaning: "The node joins the cluster: its time counts from here on.",
    data: z.strictObject({
      ...node,
      rack: label.optional().describe("The rack that it stands in."),
      sku: label.optional().describe("Its model."),
      gpus: count.optional().describe("How many GPUs it has."),
    }),
  }),
  NodeDecommissioned: eventType({
    version: 1,
    entity: "node",
    meaning: "The node leaves the cluster: its time no longer counts.",
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
      category: z
        .enum(["hardware", "software", "network", "facility", "human", "unknown"])
        .describe("What kind of cause it was."),
      component: text
        .optional()
        .describe("Such as gpu, hbm, nvlink, nic, ib-link, switch, psu, host, storage."),
      codes: z
        .array(text)
        .max(maxListLength)
        .optional()
        .describe("The maker's codes; for a GPU: XID."),
      detectedAt: instant
        .optional()
        .describe("When somebody noticed; the fault counts from `occurredAt`."),
    }),
  }),
  NodeRepairStarted: eventType({
    version: 1,
    entity: "node",
    meaning: "A phase of the repair of a fault begins.",
    data: z.strictObject({
      ...node,
      faultId,
      phase: z
        .enum(["drain", "diagnose", "repair", "validate"])
        .describe("Which phase begins; it lasts until the next one or the return."),
    }),
  }),
  NodeReturned: eventType({
    version: 1,
    entity: "node",
    meaning: "The node works again: the faults that it names are over.",
    data: z.strictObject({
      ...node,
      faultIds: z.array(faultId).max(maxListLength).describe("The faults that are over."),
      how: z.enum(["automatic", "manual"]).optional().describe("Whether a person had to do it."),
    }),
  }),
  NodeMaintenanceAnnounced: eventType({
    version: 1,
    entity: "node",
    meaning:
      "A maintenance is planned. Notice counts from the moment that the ledger records this.",
    instants: ["plannedFrom", "plannedTo"],
    data: z.strictObject({
      ...node,
      maintenanceId,
      plannedFrom: instant.describe("When it is planned to begin."),
      plannedTo: instant.describe("When it is planned to end."),
      rolloutId: rolloutName.optional(),
    }),
  }),
  NodeMaintenanceStarted: eventType({
    version: 1,
    entity: "node",
    meaning: "The maintenance begins, whether or not it was announced.",
    data: z.strictObject({
      ...node,
      maintenanceId,
      rolloutId: rolloutName.optional(),
      role: text.optional().describe("The role that let it begin inside a no-fly zone."),
    }),
  }),
  NodeMaintenanceEnded: eventType({
    version: 1,
    entity: "node",
    meaning: "The maintenance ends.",
    data: z.strictObject({ ...node, maintenanceId, rolloutId: rolloutName.optional() }),
  }),
  NodeObservationLost: eventType({
    version: 1,
    entity: "node",
    meaning: "Monitoring lost sight of the node: its state is unknown, not down.",
    data: z.strictObject({ ...node, observer: text.optional().describe("What watched it.") }),
  }),
  NodeObservationRestored: eventType({
    version: 1,
    entity: "node",
    meaning: "Monitoring sees the node again.",
    data: z.strictObject({ ...node, observer: text.optional().describe("What watches it.") }),
  }),
  NodeScaleAllowed: eventType({
    version: 1,
    entity: "node",
    meaning: "A request to scale onto the node was allowed.",
    data: z.strictObject({ ...node, request: text.optional().describe("The id of the request.") }),
  }),
  NodeScaleDenied: eventType({
    version: 1,
    entity: "node",
    meaning: "A request to scale onto the node was denied, with the reasons.",
    data: z.strictObject({
      ...node,
      request: text.optional().describe("The id of the request."),
      reasons: z.array(text).max(maxListLength).optional().describe("Why it was denied."),
    }),
  }),
  NodeMaintenanceRefused: eventType({
    version: 1,
    entity: "node",
    meaning: "A maintenance was not allowed to begin, because of these no-fly zones.",
    data: z.strictObject({
      ...node,
      maintenanceId,
      nfzIds,
      rolloutId: rolloutName.optional(),
    }),
  }),
};
