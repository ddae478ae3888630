/** Events of a training job. */
import { z } from "zod";
import { eventType } from "./event-type.ts";
import {
  cause,
  checkpointId,
  clusterName,
  count,
  durationMs,
  jobName,
  nodeList,
  restorePoint,
} from "./fields/fields.ts";

const job = { cluster: clusterName, job: jobName };

export const jobEvents = {
  JobStarted: eventType({
    version: 1,
    entity: "job",
    meaning: "The job begins to run. Within 24 h of a failed finish it resumes the same run.",
    data: z.strictObject({
      ...job,
      nodes: nodeList,
      gpus: count.optional().describe("How many GPUs it uses."),
      from: restorePoint.optional(),
    }),
  }),
  JobCheckpointed: eventType({
    version: 1,
    entity: "job",
    meaning: "A checkpoint is complete, and can be gone back to.",
    data: z.strictObject({ ...job, checkpointId, durationMs }),
  }),
  JobInterrupted: eventType({
    version: 1,
    entity: "job",
    meaning: "The job stops before it is done; the cause says why.",
    data: z.strictObject({ ...job, cause }),
  }),
  JobResumed: eventType({
    version: 1,
    entity: "job",
    meaning: "The job runs again after an interruption.",
    data: z.strictObject({ ...job, from: restorePoint.optional(), nodes: nodeList.optional() }),
  }),
  JobPaused: eventType({
    version: 1,
    entity: "job",
    meaning: "The owner pauses the job: neither running nor interrupted.",
    data: z.strictObject(job),
  }),
  JobUnpaused: eventType({
    version: 1,
    entity: "job",
    meaning: "The owner lets the paused job go on.",
    data: z.strictObject(job),
  }),
  JobNodesChanged: eventType({
    version: 1,
    entity: "job",
    meaning: "The job holds these nodes from here on.",
    data: z.strictObject({ ...job, nodes: nodeList }),
  }),
  JobFinished: eventType({
    version: 1,
    entity: "job",
    meaning: "The job ends. A failed outcome is an interruption that a start within 24 h resumes.",
    data: z.strictObject({
      ...job,
      outcome: z.enum(["completed", "failed", "cancelled"]).describe("How it ended."),
      cause: cause.optional(),
    }),
  }),
};
