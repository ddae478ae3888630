/** What the text of the policy says of the same history under other no-fly zones, as a list of facts. It shares no code with the product. */
import { expandNodes } from "../facts/hostlist.ts";
import type { OracleFact } from "../facts/oracle-event.ts";
import { compareFacts, groupBy, instantText, milliseconds } from "../facts/oracle-event.ts";
import { contains } from "../facts/period.ts";
import type { OracleRollout } from "../gate/rollouts.ts";
import { membersBy, rolloutsBy, targetsOf } from "../gate/rollouts.ts";

interface Waiting {
  readonly refusals: readonly { readonly at: number; readonly nfzIds: readonly string[] }[];
  readonly release: number;
}

const ofRealZones = [
  "RolloutBlocked",
  "RolloutUnblocked",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
];
const ends = [
  "RolloutCompleted",
  "RolloutFailed",
  "RolloutRolledBack",
  "RolloutCancelled",
  "RolloutSuperseded",
];

/** Facts of one cluster, its own zones left out, with the declarations of other ones in their place. */
export function otherHistory(
  facts: readonly OracleFact[],
  zones: readonly OracleFact[],
): OracleFact[] {
  const real = facts.filter(({ type }) => !type.startsWith("Nfz"));
  const moves = new Map<string, number>();
  const other: OracleFact[] = real.filter(
    ({ type }) => !type.startsWith("Rollout") || type === "RolloutPolicySet",
  );
  for (const rollout of rolloutsBy(real)) {
    const own = real.filter(
      ({ type, data }) => data.rollout === rollout.rollout && type !== "RolloutPolicySet",
    );
    const ask = askOf(rollout);
    if (ask === null) {
      other.push(...own);
      continue;
    }
    const waiting = waitingFrom(ask, rollout, real, zones);
    other.push(...rolloutFacts(rollout, own, waiting));
    if (rollout.startedBy !== null)
      moves.set(rollout.rollout, waiting.release - rollout.startedBy.at);
  }
  return [...zones, ...movedMaintenance(other, moves)].sort(compareFacts);
}

/** The first refusal or start; `null` if it never asked, or had begun before it did. */
function askOf({ applied, startedBy }: OracleRollout): number | null {
  const ask = applied.find(({ type }) => ["RolloutBlocked", "RolloutStarted"].includes(type));
  return ask === undefined || (startedBy !== null && startedBy.at < ask.at) ? null : ask.at;
}

/** The names of the zones in force at an instant by the facts up to it, and of those that match the rollout. */
function zonesAt(
  at: number,
  targetsKnownAt: number,
  rollout: OracleRollout,
  real: readonly OracleFact[],
  zones: readonly OracleFact[],
) {
  const members = membersBy(real.filter((fact) => fact.at <= at));
  const isKnown = rollout.submission !== null && rollout.submission.at <= targetsKnownAt;
  const targets = isKnown ? targetsOf(rollout, members) : null;
  const inForce = zones.filter(
    ({ at: declaredAt, data }) =>
      declaredAt <= at &&
      data.occurrences?.some(({ from, to }) =>
        contains({ from: milliseconds(from), to: milliseconds(to) }, at),
      ) === true,
  );
  const matching = inForce.filter(({ data: { scope } }) => {
    if (scope === undefined || targets === null || targets.size === 0) return true;
    const { nodes, racks } = scope;
    const names =
      nodes === undefined
        ? members.filter(({ rack }) => racks?.includes(rack ?? "")).map(({ node }) => node)
        : [...expandNodes(nodes)];
    return names.some((node) => targets.has(node));
  });
  const namesOf = (list: readonly OracleFact[]) => list.map(({ data }) => data.nfz ?? "").sort();
  return { inForce: namesOf(inForce), matching: namesOf(matching) };
}

function waitingFrom(
  ask: number,
  rollout: OracleRollout,
  real: readonly OracleFact[],
  zones: readonly OracleFact[],
): Waiting {
  const changes = [
    ask,
    ...zones.flatMap(({ at, data }) => [
      at,
      ...(data.occurrences ?? []).flatMap(({ from, to }) => [milliseconds(from), milliseconds(to)]),
    ]),
    ...real.filter(({ type }) => /^Node(Decomm|Comm)/.test(type)).map(({ at }) => at),
  ];
  const refusals: { at: number; nfzIds: string[] }[] = [];
  for (const at of [...new Set(changes)].filter((each) => each >= ask).sort((a, b) => a - b)) {
    const { inForce, matching } = zonesAt(at, ask, rollout, real, zones);
    if (matching.length === 0) return { refusals, release: at };
    const named = refusals.at(-1)?.nfzIds ?? [];
    // Nobody asks again while a zone that was named is in force.
    if (!named.some((nfz) => inForce.includes(nfz))) refusals.push({ at, nfzIds: matching });
  }
  throw new Error("every zone ends");
}

function rolloutFacts(
  { rollout, startedBy, applied, submission }: OracleRollout,
  own: readonly OracleFact[],
  { refusals, release }: Waiting,
): OracleFact[] {
  const kept = own
    .filter(({ type }) => !ofRealZones.includes(type))
    .map((fact) => {
      const follows =
        startedBy !== null &&
        (fact.at > startedBy.at || (fact.at === startedBy.at && fact !== submission));
      return follows ? { ...fact, at: fact.at + release - startedBy.at } : fact;
    });
  const end = applied.find(({ type }) => ends.includes(type))?.at ?? Infinity;
  const [sample] = own;
  if (sample === undefined) return [];
  const stated = (type: string, at: number, more: object): OracleFact[] =>
    startedBy === null && at >= end
      ? []
      : [{ ...sample, type, at, id: `${type} ${at}`, data: { cluster: "c", rollout, ...more } }];
  const isStarted = startedBy?.type === "RolloutStarted";
  return [
    ...kept,
    ...refusals.flatMap(({ at, nfzIds }) => stated("RolloutBlocked", at, { nfzIds })),
    ...(isStarted || refusals.length === 0 ? [] : stated("RolloutUnblocked", release, {})),
  ];
}

/** Maintenance of a node moves with the rollout that its first start names. */
function movedMaintenance(
  facts: readonly OracleFact[],
  moves: ReadonlyMap<string, number>,
): OracleFact[] {
  const isMaintenance = ({ type }: OracleFact) => type.startsWith("NodeMaintenance");
  const keyOf = ({ data }: OracleFact) => `${data.node} ${data.maintenanceId}`;
  const groups = groupBy(facts.filter(isMaintenance), keyOf);
  return facts.map((fact) => {
    const group = isMaintenance(fact) ? (groups.get(keyOf(fact)) ?? []) : [];
    const start = group
      .filter(({ type }) => type === "NodeMaintenanceStarted")
      .sort(compareFacts)[0];
    const announced = group.find(({ data }) => data.rolloutId !== undefined);
    const owner = (start ?? announced)?.data.rolloutId;
    const moveMs = owner === undefined ? 0 : (moves.get(owner) ?? 0);
    return moveMs === 0 ? fact : moved(fact, moveMs);
  });
}

function moved(fact: OracleFact, moveMs: number): OracleFact {
  const at = fact.at + moveMs;
  const { plannedFrom, plannedTo } = fact.data;
  if (plannedFrom === undefined || plannedTo === undefined) return { ...fact, at };
  const later = (instant: string) => instantText(milliseconds(instant) + moveMs);
  const data = { ...fact.data, plannedFrom: later(plannedFrom), plannedTo: later(plannedTo) };
  return { ...fact, at, recordedAt: fact.recordedAt + moveMs, data };
}
