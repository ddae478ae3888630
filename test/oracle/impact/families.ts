/** What the text of the policy says of families of updates and the fast path. It shares no code with the product. */
import type { OracleData, OracleUpdate } from "../facts/oracle-event.ts";
import { compareText } from "../facts/oracle-event.ts";
import type { OracleRollout } from "../gate/rollouts.ts";
import type { OracleFleet, OracleImpact } from "./impact.ts";
import { declaredMs } from "./impact.ts";

export interface OracleFamily {
  readonly family: string;
  readonly hasFastPath: boolean;
  /** `component=version`. */
  readonly marked: ReadonlySet<string>;
  /** Started rollouts with their verdicts, by start, then id. */
  readonly rollouts: readonly OracleImpact[];
}

const dayMs = 86_400_000;

export const familyOf = ({ family, component }: OracleUpdate): string => family ?? component;
const versionOf = ({ component, version }: OracleUpdate): string => `${component}=${version}`;
const updatesOf = ({ submission }: OracleRollout): readonly OracleUpdate[] =>
  submission?.data.updates ?? [];

/** Of all rollouts that were submitted, by name. */
export function familiesOf(fleet: OracleFleet, policy: OracleData): OracleFamily[] {
  const names = new Set(fleet.rollouts.flatMap(updatesOf).map(familyOf));
  return [...names].sort(compareText).map((family) => standingOf(family, fleet, policy));
}

function standingOf(family: string, fleet: OracleFleet, policy: OracleData): OracleFamily {
  const started = fleet.rollouts
    .filter((each) => each.startedBy !== null)
    .filter((each) => updatesOf(each).some((update) => familyOf(update) === family))
    .sort(
      (a, b) =>
        (a.startedBy?.at ?? 0) - (b.startedBy?.at ?? 0) || compareText(a.rollout, b.rollout),
    );
  const marked = new Set<string>();
  const impacts: OracleImpact[] = [];
  let [hasFastPath, passes] = [true, 0];
  for (const rollout of started) {
    const impact = fleet.impactOf(rollout, policy.impactWindowMs ?? 0);
    impacts.push(impact);
    const versions = updatesOf(rollout)
      .filter((update) => familyOf(update) === family)
      .map(versionOf);
    if (impact.verdict === "missed") {
      [hasFastPath, passes] = [false, 0];
      for (const version of versions) marked.add(version);
    }
    const isPass =
      impact.verdict === "as-declared" &&
      rollout.submission?.data.impact?.kind === "impactless" &&
      !versions.some((version) => marked.has(version)) &&
      impact.after.exposureMs >= Math.round((policy.fastPathNodeDays ?? 0) * dayMs * 1_000) / 1_000;
    if (isPass && !hasFastPath) passes++;
    if (passes >= (policy.fastPathPasses ?? 1)) hasFastPath = true;
  }
  return { family, hasFastPath, marked, rollouts: impacts };
}

/** Whether the family objects to what a rollout installs of it. */
function objects({ family, hasFastPath, marked }: OracleFamily, rollout: OracleRollout): boolean {
  const own = updatesOf(rollout).filter((update) => familyOf(update) === family);
  return !hasFastPath || own.some((update) => marked.has(versionOf(update)));
}

const ownFamilies = (rollout: OracleRollout, families: readonly OracleFamily[]) =>
  families.filter(({ family }) => updatesOf(rollout).some((each) => familyOf(each) === family));

export function isOnFastPath(
  rollout: OracleRollout,
  families: readonly OracleFamily[],
  policy: OracleData,
): boolean {
  return (
    policy.fastPath === true &&
    rollout.submission?.data.impact?.kind === "impactless" &&
    !ownFamilies(rollout, families).some((family) => objects(family, rollout))
  );
}

/** What a rollout costs a node of its targets: as declared, or as its families were measured. */
export function costMs(rollout: OracleRollout, families: readonly OracleFamily[]): number {
  const declared = rollout.submission?.data.impact;
  if (declared?.kind === "impactful") return declaredMs(declared.secondsPerNode);
  if (declared === undefined) return 0;
  const missed = ownFamilies(rollout, families)
    .filter((family) => objects(family, rollout))
    .flatMap(({ rollouts }) => rollouts.filter(({ verdict }) => verdict === "missed"));
  return missed.reduce(
    (most, { outOfServiceMs, treated }) =>
      Math.max(most, treated === 0 ? 0 : Math.floor(outOfServiceMs / treated + 0.5)),
    0,
  );
}
