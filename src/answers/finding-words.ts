/** How to fix a finding, in a sentence for the sender of the fact. */
import type { FindingKind } from "../../projections/facts/finding.ts";

const mends: Readonly<Record<FindingKind, string>> = {
  "fault-id-used":
    "Give each outage a faultId of its own: correct the event, or retract it if it states an outage again.",
  "return-ends-nothing":
    "Send the NodeFailed of these faults, or correct the faultIds or the time of the return.",
  "return-before-failure":
    "Correct the time of the return, or of the failure: it lies up to five minutes before it.",
  "not-a-member":
    "Send the NodeCommissioned of the node, or correct its time, the node or the cluster.",
  "membership-does-not-fit":
    "Send the commissioning or decommissioning that lies between, or retract this one.",
  "maintenance-does-not-fit":
    "Give each maintenance an id of its own, send the start that is missing, or correct the time of the end.",
  "observation-does-not-fit":
    "Send the loss or the restoration that lies between, or retract this.",
  "job-does-not-fit":
    "Send the job's event that is missing before this one, or correct its time or the job.",
  "unknown-checkpoint":
    "Send the JobCheckpointed of that id, or correct the resume to name one that was complete.",
  "rollout-does-not-fit":
    "Send the rollout's event that is missing before this one, or correct its time or the rollout.",
  "nfz-does-not-fit":
    "Give each no-fly zone an id of its own, name an occurrence that is there, or correct the time.",
  "release-overdue":
    "Send RolloutUnblocked or RolloutStarted: the no-fly zones are over, and nobody released it.",
};

export function mendOf(kind: FindingKind): string {
  return mends[kind];
}
