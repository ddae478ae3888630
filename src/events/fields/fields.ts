/**
 * The fields that several event types share. A schema here decides form only: what a fact claims is
 * never weighed. Instants stay text in `data` and are brought to their canonical form by
 * `normalise.ts`; the `format` in a schema's metadata is what the compiled hot-path validator checks.
 */
import { z } from "zod";
import {
  maxListLength,
  maxNameLength,
  maxNodesPerList,
  maxTextLength,
} from "../../limits/events.ts";
import { parseInstant, whyNoInstant } from "../../../projections/time/instant.ts";
import { isKnownZone } from "../../zones/zones.ts";
import { countHostlist } from "./hostlist-form.ts";
import { shownValue } from "./shown-value.ts";

/** Printable ASCII without blanks, commas and brackets: a name stands alone in a stream's name, a URL and a hostlist. */
const namePattern = /^[!-+\--Z\\^-~]+$/;
const clusterPattern = /^[!-+\--9;-Z\\^-~]+$/;

const name = (what: string) =>
  z
    .string()
    .min(1)
    .max(maxNameLength)
    .regex(namePattern, `${what} must be printable ASCII without blanks, commas and brackets`);

export const clusterName = z
  .string()
  .min(1)
  .max(maxNameLength)
  .regex(
    clusterPattern,
    "a cluster's name must be printable ASCII without blanks, commas, brackets and colons",
  )
  .describe("The cluster's name.");
export const nodeName = name("a node's name").describe("The node's name within its cluster.");
export const jobName = name("a job's name").describe("The job's name within its cluster.");
export const rolloutName = name("a rollout's name").describe("The rollout's id.");
export const coTestName = name("a co-test's name").describe("The co-test's id.");
export const nfzName = name("an NFZ's name").describe("The id of the no-fly zone.");

/** Well-formed text of some length, such as a component or a fault id. */
export const text = z
  .string()
  .min(1)
  .max(maxNameLength)
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");
/** Where a test ran: tests that name no environment have the empty text for one. */
export const environmentName = z
  .string()
  .max(maxNameLength)
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");
/** What people call a rack, a SKU or a region: it stands in no stream's name and no hostlist. */
export const label = text;
/** A paragraph at most. */
export const longText = z
  .string()
  .min(1)
  .max(maxTextLength)
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");

export const instant = z
  .string()
  .refine((value) => parseInstant(value) !== null, {
    error: ({ input }) =>
      `must be an RFC 3339 instant with an offset: ${shownValue(input)} ${whyNoInstant(String(input))}`,
  })
  .meta({ format: "ledger-instant" })
  .describe("An RFC 3339 instant with offset; digits past the millisecond are cut off.");

export const zone = z
  .string()
  .refine(isKnownZone, {
    error: ({ input }) =>
      `must be an IANA time zone, such as Europe/Berlin, not ${shownValue(input)}`,
  })
  .meta({ format: "ledger-zone" })
  .describe("An IANA time zone.");

export const eventId = z.guid().describe("The id of the event that it is about.");

export const faultId = text.describe("The fault's own id, used once on a node.");
export const maintenanceId = text.describe("The maintenance's own id, used once on a node.");
export const checkpointId = text.describe("The checkpoint's id.");

export const count = z.int().min(0);
export const durationMs = z.int().min(0).describe("Milliseconds.");

export const nodeList = z
  .array(
    z
      .string()
      .min(1)
      .max(maxTextLength)
      .refine(
        (value) => countHostlist(value) !== null,
        `must be a node's name, or a Slurm hostlist expression of at most ${maxNodesPerList} nodes`,
      )
      .meta({ format: "ledger-hostlist" }),
  )
  .max(maxNodesPerList)
  .refine(
    (list) => list.reduce((sum, item) => sum + (countHostlist(item) ?? 0), 0) <= maxNodesPerList,
    `names more than ${maxNodesPerList} nodes`,
  )
  .describe("Names of nodes or Slurm hostlist expressions, such as gpu[0001-0128,0200]; a set.");

export const nfzIds = z.array(nfzName).max(maxListLength).describe("The no-fly zones in force.");

export const cause = z
  .strictObject({
    kind: z
      .enum(["fault", "rollout", "maintenance", "software", "user", "unknown"])
      .describe("Of these, `user` alone is left out of contractual job uptime."),
    faultId: faultId.optional(),
    node: nodeName.optional(),
    rolloutId: rolloutName.optional(),
    maintenanceId: maintenanceId.optional(),
  })
  .describe("What interrupted the job.");

/** Mostly the checkpoint's id alone. */
function noRestorePoint({ input }: { readonly input?: unknown }): string {
  const id = typeof input === "string" && input !== "" ? input : "c1";
  return `must be "start" or an object such as {"checkpointId": ${shownValue(id)}}, not ${shownValue(input)}`;
}

export const restorePoint = z
  .union([z.literal("start"), z.strictObject({ checkpointId })], { error: noRestorePoint })
  .describe(
    'The checkpoint that the job goes back to, or "start". Default: the latest complete one.',
  );

export const nodeScope = z.strictObject({
  nodes: nodeList.optional(),
  racks: z.array(label).max(maxListLength).optional().describe("All nodes in these racks."),
  skus: z.array(label).max(maxListLength).optional().describe("All nodes of these models."),
});
