/** A node's facts as its folds take them. */
import type { Fact, FactOf } from "./fact.ts";
import type { FindingKind } from "./finding.ts";

/** The facts of one node, by type, each list by `compareFacts`. */
export interface NodeFacts {
  readonly membershipAndObservation: readonly Fact[];
  readonly failures: readonly FactOf<"NodeFailed">[];
  readonly repairs: readonly FactOf<"NodeRepairStarted">[];
  readonly returns: readonly FactOf<"NodeReturned">[];
  readonly announcements: readonly FactOf<"NodeMaintenanceAnnounced">[];
  readonly maintenanceStarts: readonly FactOf<"NodeMaintenanceStarted">[];
  readonly maintenanceEnds: readonly FactOf<"NodeMaintenanceEnded">[];
}

/** Adds a finding. */
export type Report = (kind: FindingKind, fact: Fact) => void;
