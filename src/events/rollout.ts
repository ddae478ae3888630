/** Events of a rollout of updates, and of co-tests of updates. */
import { z } from "zod";
import { maxListLength } from "../limits/events.ts";
import { eventType } from "./event-type.ts";
import {
  clusterName,
  count,
  instant,
  nfzIds,
  placeOfNodes,
  rolloutName,
  text,
} from "./fields/fields.ts";

const rollout = { rollout: rolloutName, cluster: clusterName };
const update = z.strictObject({ component: text, version: text, family: text.optional() });
const phase = (meaning: string) =>
  eventType({ version: 1, entity: "rollout", meaning, data: z.strictObject(rollout) });
const coTest = {
  coTest: rolloutName.describe("The co-test's id."),
  cluster: clusterName.optional(),
  updates: z.array(update).max(maxListLength),
};

export const rolloutEvents = {
  RolloutSubmitted: eventType({
    version: 1,
    entity: "rollout",
    meaning: "A rollout is asked for. No targets: the whole cluster.",
    instants: ["deadline"],
    data: z.strictObject({
      ...rollout,
      targets: placeOfNodes.optional(),
      updates: z.array(update).max(maxListLength),
      impact: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("impactless") }),
        z.strictObject({ kind: z.literal("impactful"), secondsPerNode: z.number().min(0) }),
      ]),
      urgency: z.enum(["routine", "important", "security", "emergency"]),
      deadline: instant.optional(),
    }),
  }),
  RolloutBlocked: eventType({
    version: 1,
    entity: "rollout",
    meaning: "The rollout asked to start and was refused by these no-fly zones.",
    data: z.strictObject({ ...rollout, nfzIds }),
  }),
  RolloutUnblocked: phase("The no-fly zones that blocked the rollout are over; it was released."),
  RolloutOverrideGranted: eventType({
    version: 1,
    entity: "rollout",
    meaning:
      "Somebody with a role let the rollout start in spite of these no-fly zones, until it expires.",
    instants: ["expiresAt"],
    needs: ["actor", "reason"],
    data: z.strictObject({ ...rollout, role: text, nfzIds, expiresAt: instant }),
  }),
  RolloutStarted: phase("The rollout is in progress."),
  RolloutProgressed: eventType({
    version: 1,
    entity: "rollout",
    meaning: "So many of its nodes are done.",
    data: z.strictObject({ ...rollout, nodesDone: count, nodesTotal: count }),
  }),
  RolloutPaused: phase("The rollout holds."),
  RolloutResumed: phase("The rollout goes on."),
  RolloutCompleted: phase("Every node is done and verified."),
  RolloutFailed: phase("The rollout ended without success."),
  RolloutRolledBack: phase("What it had changed was undone."),
  RolloutCancelled: phase("It will not be done."),
  RolloutSuperseded: eventType({
    version: 1,
    entity: "rollout",
    meaning: "A later rollout takes its place.",
    data: z.strictObject({ ...rollout, supersededBy: rolloutName.optional() }),
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
