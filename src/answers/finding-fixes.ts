/** What is wrong with a fact that did not fit and how to fix it: two sentences to whoever sent it. */
import type { FindingKind } from "../../projections/facts/finding.ts";

const fixes: Readonly<Record<FindingKind, string>> = {
  "fault-id-used":
    "An earlier NodeFailed of this node has the same faultId. Give each outage its own faultId, or retract this event if it repeats the earlier one.",
  "return-ends-nothing":
    "None of these faults is open at this time. Send the missing NodeFailed, or correct the faultIds or the time of this return.",
  "return-before-failure":
    "The return is up to five minutes earlier than the failure that it ends, so the fault has no duration. Correct the time of the return or of the failure.",
  "not-a-member":
    "The node is not commissioned in this cluster at this time. Send the missing NodeCommissioned, or correct the time, node or cluster of one of the two.",
  "membership-does-not-fit":
    "The node is commissioned twice, or decommissioned without being commissioned. Send the event that is missing in between, or retract this one.",
  "maintenance-does-not-fit":
    "The maintenanceId was used before, or the maintenance that this event ends is not open. Use a new maintenanceId, send the missing start, or correct the time of the end.",
  "observation-does-not-fit":
    "Observation is lost twice, or restored without being lost. Send the event that is missing in between, or retract this one.",
  "job-does-not-fit":
    "The job is not in a state in which this can happen. Send the job's missing earlier event, or correct the time or the job of this one.",
  "unknown-checkpoint":
    "No earlier JobCheckpointed of this job has the checkpointId. Send it, or correct the resume to name a completed checkpoint.",
  "rollout-does-not-fit":
    "The rollout is not in a state in which this can happen. Send the rollout's missing earlier event, or correct the time or the rollout of this one.",
  "nfz-does-not-fit":
    "The no-fly zone is not in a state in which this can happen. Give each zone its own id, name an occurrence that exists, or correct the time.",
  "release-overdue":
    "The no-fly zones that blocked this rollout are over, but it was not released. Send RolloutUnblocked or RolloutStarted.",
};

/** What each kind is called in a sentence. */
const names: Readonly<Record<FindingKind, string>> = {
  "fault-id-used": "a fault's id used twice",
  "return-ends-nothing": "a return to service that ends no fault",
  "return-before-failure": "a return to service before the failure",
  "not-a-member": "about a node that was not commissioned",
  "membership-does-not-fit": "commissioned or decommissioned twice",
  "maintenance-does-not-fit": "maintenance that begins or ends twice",
  "observation-does-not-fit": "observation lost or restored twice",
  "job-does-not-fit": "not possible in the job's state",
  "unknown-checkpoint": "a checkpoint that nobody told of",
  "rollout-does-not-fit": "not possible in the rollout's state",
  "nfz-does-not-fit": "not possible in the no-fly zone's state",
  "release-overdue": "a held rollout that nobody released",
};

export function findingName(kind: FindingKind): string {
  return names[kind];
}

export function fixOf(kind: FindingKind): string {
  return fixes[kind];
}
