/** Events of a rollout of updates, and of co-tests of updates. */
import { z } from "zod";
import { maxListLength } from "../limits/events.ts";
import { eventType } from "./event-type.ts";
import {
  clusterName,
  coTestName,
  count,
  environmentName,
  eventId,
  instant,
  longText,
  nfzIds,
  nfzName,
  nodeList,
  nodeScope,
  rolloutName,
  text,
} from "./fields/fields.ts";

const rollout = { rollout: rolloutName, cluster: clusterName };
const update = z.strictObject({
  component: text.describe("What is updated."),
  version: text.describe("The new version."),
  family: text.optional().describe("The line of versions that it belongs to."),
});
const environment = environmentName
  .optional()
  .describe("Where the test ran. Default: an unnamed one, the empty text.");
const fastPath = z
  .array(nfzName)
  .max(maxListLength)
  .optional()
  .describe("The no-fly zones that only the fast path covers; left out without the fast path.");
const updates = z.array(update).max(maxListLength).describe("What is to be installed, together.");
const phase = (meaning: string) =>
  eventType({ version: 1, entity: "rollout", meaning, data: z.strictObject(rollout) });
const coTest = {
  coTest: coTestName,
  cluster: clusterName.optional(),
  updates,
  environment,
  evidence: longText.optional().describe("Where its result can be seen, such as a link."),
};

export const rolloutEvents = {
  RolloutSubmitted: eventType({
    version: 1,
    entity: "rollout",
    meaning: "Somebody asks for a rollout. Without `targets` it is for the whole cluster.",
    instants: ["deadline"],
    data: z.strictObject({
      ...rollout,
      targets: nodeScope.optional(),
      updates,
      impact: z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("impactless") }),
          z.strictObject({ kind: z.literal("impactful"), secondsPerNode: z.number().min(0) }),
        ])
        .describe("Whether it takes nodes out of service, and for how many seconds each."),
      urgency: z
        .enum(["routine", "important", "security", "emergency"])
        .describe("How urgent it is."),
      deadline: instant.optional().describe("When it has to be done."),
    }),
  }),
  RolloutBlocked: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The rollout asked to start, and these no-fly zones forbade it: it waits.",
    data: z.strictObject({ ...rollout, nfzIds }),
  }),
  RolloutUnblocked: phase("The rollout may start: what blocked it is over."),
  RolloutRefused: eventType({
    version: 1,
    entity: "rollout",
    meaning: "Policy refused a command for another reason than a no-fly zone.",
    data: z.strictObject({
      ...rollout,
      command: z.enum(["start", "override"]).describe("What was asked."),
      code: z.enum(["needs-co-test", "role-needed"]).describe("Why it was refused."),
      roles: z
        .array(text)
        .max(maxListLength)
        .optional()
        .describe("The roles of which any would have done."),
      pairs: z
        .array(
          z.strictObject({
            rollout: rolloutName,
            status: z.enum(["conflict", "failed", "never"]),
          }),
        )
        .max(maxListLength)
        .optional()
        .describe("The rollouts with which it would have met untested."),
    }),
  }),
  RolloutOverrideGranted: eventType({
    version: 1,
    entity: "rollout",
    meaning:
      "Somebody lets the rollout start in spite of these no-fly zones, until the override expires.",
    instants: ["expiresAt"],
    needs: ["actor", "reason"],
    data: z.strictObject({
      ...rollout,
      role: text.describe("The role that gives the right to do so."),
      nfzIds,
      expiresAt: instant.describe("When it ends."),
    }),
  }),
  RolloutOverrideRevoked: eventType({
    version: 1,
    entity: "rollout",
    meaning: "An override ends before it expires.",
    needs: ["actor", "reason"],
    eventIds: ["override"],
    data: z.strictObject({
      ...rollout,
      override: eventId.describe("The id of the event that granted it."),
    }),
  }),
  RolloutStarted: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The rollout begins.",
    data: z.strictObject({ ...rollout, fastPath }),
  }),
  RolloutProgressed: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The rollout tells how far it is.",
    data: z.strictObject({
      ...rollout,
      nodesDone: count.describe("Nodes that are done."),
      nodesTotal: count.describe("Nodes that it is for."),
      nodes: nodeList.optional().describe("The nodes that are done since it last told."),
    }),
  }),
  RolloutPaused: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The rollout stops for a while.",
    data: z.strictObject({
      ...rollout,
      nfzIds: nfzIds.optional().describe("The no-fly zones that made it stop, if any did."),
    }),
  }),
  RolloutResumed: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The rollout goes on.",
    data: z.strictObject({ ...rollout, fastPath }),
  }),
  RolloutVerificationStarted: phase("Every node is updated; the rollout is being verified."),
  RolloutRollbackOrdered: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The ledger orders that what the rollout has changed be undone.",
    data: z.strictObject({
      ...rollout,
      nfzIds: nfzIds.optional().describe("The no-fly zones that demand it."),
    }),
  }),
  RolloutCompleted: phase("The rollout is done: every node is updated and verified."),
  RolloutFailed: phase("The rollout ended without success."),
  RolloutRolledBack: phase("What the rollout had changed is undone."),
  RolloutCancelled: phase("The rollout is given up before it is done."),
  RolloutSuperseded: eventType({
    version: 1,
    entity: "rollout",
    meaning: "A later rollout takes the place of this one.",
    data: z.strictObject({
      ...rollout,
      supersededBy: rolloutName.optional().describe("The later rollout."),
    }),
  }),
};

export const coTestEvents = {
  CoTestPassed: eventType({
    version: 1,
    entity: "cotest",
    meaning: "These updates passed a test together.",
    data: z.strictObject(coTest),
  }),
  CoTestFailed: eventType({
    version: 1,
    entity: "cotest",
    meaning: "These updates failed a test together.",
    data: z.strictObject(coTest),
  }),
};
