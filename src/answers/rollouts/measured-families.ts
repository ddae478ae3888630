/** How the families of rollouts stand by their measured impact, as lists of rollouts show it. */
import { type FamilyStanding, familiesAt, marksAny } from "../../../projections/impact/families.ts";
import { Fleet, rolloutsOf } from "../../../projections/impact/fleet.ts";
import { type Update, familiesOf } from "../../../projections/rollouts/declared.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import type { Ledger } from "../../ledger/ledger.ts";

interface FamilyState {
  readonly family: string;
  readonly fastPath: boolean;
  readonly marked: boolean;
}

/** The families of a rollout of a cluster, by name; `null` if no submission is known. */
export type MeasuredFamilies = (
  cluster: string,
  status: RolloutStatus,
) => readonly FamilyState[] | null;

export function familyStateJson(standing: FamilyStanding, updates: readonly Update[]): FamilyState {
  return {
    family: standing.family,
    fastPath: standing.hasFastPath,
    marked: marksAny(standing, updates),
  };
}

interface RowOf {
  readonly cluster: string;
  readonly each: { readonly status: RolloutStatus };
}

/** Measures only the families of the rows, by the facts before the instant. */
export async function measuredFamilies(
  ledger: Ledger,
  { sequence, at }: { readonly sequence: number; readonly at: number | null },
  rows: readonly RowOf[],
): Promise<MeasuredFamilies> {
  const found = new Map<string, ReadonlyMap<string, FamilyStanding>>();
  for (const [cluster, own] of Map.groupBy(rows, (row) => row.cluster)) {
    const names = new Set(own.flatMap(({ each }) => namesOf(each.status)));
    if (at === null || names.size === 0) continue;
    const terms = rolloutPolicyAt(ledger.view(cluster, sequence).rolloutPolicies, at - 1);
    const standings = await ledger.answer(cluster, sequence, (view) =>
      familiesAt(new Fleet(view, { at, factsBefore: at }), rolloutsOf(view), terms, names),
    );
    found.set(cluster, new Map(standings.map((each) => [each.family, each])));
  }
  return (cluster, status) => {
    const { submission } = status;
    if (submission === null) return null;
    return namesOf(status).flatMap((family) => {
      const standing = found.get(cluster)?.get(family);
      return standing === undefined ? [] : [familyStateJson(standing, submission.data.updates)];
    });
  };
}

function namesOf({ submission }: RolloutStatus): readonly string[] {
  return submission === null ? [] : familiesOf(submission.data);
}
