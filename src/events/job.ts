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
    meaning: "The job runs; within 24 h of a failed finish this resumes the same run.",
    data: z.strictObject({
      ...job,
      nodes: nodeList,
      gpus: count.optional(),
      from: restorePoint.optional(),
    }),
  }),
  JobCheckpointed: eventType({
    version: 1,
    entity: "job",
    meaning: "A checkpoint was complete at `occurredAt`.",
    data: z.strictObject({ ...job, checkpointId, durationMs }),
  }),
  JobInterrupted: eventType({
    version: 1,
    entity: "job",
    meaning: "The job stopped against its owner's plan (or by it, when the cause says so).",
    data: z.strictObject({ ...job, cause }),
  }),
  JobResumed: eventType({
    version: 1,
    entity: "job",
    meaning: "The job runs again.",
    data: z.strictObject({ ...job, from: restorePoint.optional(), nodes: nodeList.optional() }),
  }),
  JobPaused: eventType({
    version: 1,
    entity: "job",
    meaning: "The owner paused the job.",
    data: z.strictObject(job),
  }),
  JobUnpaused: eventType({
    version: 1,
    entity: "job",
    meaning: "The owner let it go on.",
    data: z.strictObject(job),
  }),
  JobNodesChanged: eventType({
    version: 1,
    entity: "job",
    meaning: "The job holds these nodes now.",
    data: z.strictObject({ ...job, nodes: nodeList }),
  }),
  JobFinished: eventType({
    version: 1,
    entity: "job",
    meaning: "The job ended; a failed outcome is an interruption that a start within 24 h resumes.",
    data: z.strictObject({
      ...job,
      outcome: z.enum(["completed", "failed", "cancelled"]),
      cause: cause.optional(),
    }),
  }),
};
