/** How the families of rollouts stand by their measured impact, as lists of rollouts show it. */
import {
  type FamilyStanding,
  familiesAt,
  haveFastPath,
  impactlessMs,
  marksAny,
} from "../../../projections/impact/families.ts";
import { Fleet, rolloutsOf } from "../../../projections/impact/fleet.ts";
import { type Update, familiesOf } from "../../../projections/rollouts/declared.ts";
import { type RolloutPolicy, rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";

interface FamilyState {
  readonly family: string;
  readonly fastPath: boolean;
  readonly marked: boolean;
}

export function familyStateJson(standing: FamilyStanding, updates: readonly Update[]): FamilyState {
  return {
    family: standing.family,
    fastPath: standing.hasFastPath,
    marked: marksAny(standing, updates),
  };
}

/** The families of some rollouts of a cluster, measured by the facts before the instant. */
export class MeasuredFamilies {
  readonly #standings: ReadonlyMap<string, FamilyStanding>;
  readonly #terms: RolloutPolicy;

  constructor(ledger: Ledger, view: ClusterView, at: number, statuses: readonly RolloutStatus[]) {
    const names = new Set(statuses.flatMap(namesOf));
    const { rolloutPolicies } = ledger.view(view.cluster, view.sequence);
    const terms = rolloutPolicyAt(rolloutPolicies, at - 1);
    this.#terms = terms;
    const fleet = new Fleet(view, { at, factsBefore: at });
    const standings = names.size === 0 ? [] : familiesAt(fleet, rolloutsOf(view), terms, names);
    this.#standings = new Map(standings.map((each) => [each.family, each]));
  }

  /** By name; `null` if no submission is known. */
  of(status: RolloutStatus): readonly FamilyState[] | null {
    const { submission } = status;
    if (submission === null) return null;
    return this.#of(status).map((each) => familyStateJson(each, submission.data.updates));
  }

  /** For how long a rollout that declares no impact takes a node out of service, in milliseconds. */
  impactlessMs(status: RolloutStatus): number {
    const { submission } = status;
    return submission === null ? 0 : impactlessMs(submission.data, this.#of(status));
  }

  /** Whether a start at the instant would pass no-fly zones by the fast path. */
  hasFastPath(status: RolloutStatus): boolean {
    const submission = status.submission?.data;
    if (!this.#terms.fastPath || submission?.impact.kind !== "impactless") return false;
    return haveFastPath(this.#of(status), submission.updates);
  }

  #of(status: RolloutStatus): FamilyStanding[] {
    return namesOf(status).flatMap((family) => this.#standings.get(family) ?? []);
  }
}

function namesOf({ submission }: RolloutStatus): readonly string[] {
  return submission === null ? [] : familiesOf(submission.data);
}
