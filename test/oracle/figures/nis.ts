import { announcedLate, exclusions } from "./exclusions.ts";
import type { ExclusionScope, OracleAnnouncedLate, OracleExclusion } from "./exclusions.ts";
import { timeInState } from "./node-states.ts";
import type { NodeState } from "./node-states.ts";
import type { OraclePolicy } from "./policies.ts";
import {
  compare,
  decimal,
  floor,
  fraction,
  multiply,
  ninthDecimal,
  ratio,
  safeInteger,
  subtract,
} from "../facts/rational.ts";

export interface OracleNis {
  readonly target: number;
  readonly met: boolean | null;
  readonly raw: number | null;
  readonly contractual: number | null;
  readonly memberNodeMs: number;
  readonly inServiceNodeMs: number;
  readonly downNodeMs: number;
  readonly maintenanceNodeMs: number;
  readonly unknownNodeMs: number;
  readonly excludedNodeMs: number;
  readonly budgetNodeMs: number;
  readonly budgetSpentNodeMs: number;
  readonly exclusions: readonly OracleExclusion[];
  readonly announcedLate: readonly OracleAnnouncedLate[];
}

/** measures.md, NIS: in-service node-time by member node-time, raw and with the exclusions of the policy. */
export function nisSection(scope: ExclusionScope, policy: OraclePolicy): OracleNis {
  const timeIn = (state: NodeState): number =>
    scope.nodes.reduce((sum, node) => sum + timeInState(node, state, scope.window), 0);
  const inServiceNodeMs = timeIn("in service");
  const downNodeMs = timeIn("down");
  const maintenanceNodeMs = timeIn("maintenance");
  const unknownNodeMs = timeIn("unknown");
  const memberNodeMs = inServiceNodeMs + downNodeMs + maintenanceNodeMs + unknownNodeMs;

  const excluded = exclusions(scope);
  const excludedNodeMs = excluded.reduce((sum, exclusion) => sum + exclusion.ms, 0);
  const counted = memberNodeMs - excludedNodeMs;
  const raw = ratio(inServiceNodeMs, memberNodeMs);
  const contractual = ratio(inServiceNodeMs, counted);
  const target = decimal(policy.nisTarget);
  const budget = floor(multiply(subtract(fraction(1n), target), fraction(counted)));
  return {
    target: policy.nisTarget,
    met: contractual && compare(contractual, target) >= 0,
    raw: raw && ninthDecimal(raw),
    contractual: contractual && ninthDecimal(contractual),
    memberNodeMs,
    inServiceNodeMs,
    downNodeMs,
    maintenanceNodeMs,
    unknownNodeMs,
    excludedNodeMs,
    budgetNodeMs: safeInteger(budget),
    budgetSpentNodeMs: counted - inServiceNodeMs,
    exclusions: excluded,
    announcedLate: announcedLate(scope),
  };
}
