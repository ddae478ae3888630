/** What the text of the policy says of rollouts and of the nodes they target, by plain lists of facts. */
import { applyInTheOrderThatFits } from "../facts/fitting-order.ts";
import { expandNodes } from "../facts/hostlist.ts";
import type { OracleData, OracleFact } from "../facts/oracle-event.ts";
import { groupBy } from "../facts/oracle-event.ts";

export interface OracleMember {
  readonly node: string;
  readonly rack: string | null;
  readonly sku: string | null;
}

export interface OracleRollout {
  readonly rollout: string;
  /** `null` as long as no fact sets one. */
  readonly state: string | null;
  readonly submission: OracleFact | null;
  /** The first fact that put it in progress. */
  readonly startedBy: OracleFact | null;
  readonly completedAt: number | null;
  /** Every fact that applied, in their order. */
  readonly applied: readonly OracleFact[];
}

const terminal: Readonly<Record<string, string>> = {
  RolloutCompleted: "completed",
  RolloutFailed: "failed",
  RolloutRolledBack: "rolled-back",
  RolloutCancelled: "cancelled",
  RolloutSuperseded: "superseded",
};

const ranks = [
  "RolloutSubmitted",
  "RolloutBlocked",
  "RolloutUnblocked",
  "RolloutRefused",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
  "RolloutStarted",
  "RolloutProgressed",
  "RolloutPaused",
  "RolloutResumed",
  "RolloutVerificationStarted",
  "RolloutRollbackOrdered",
  ...Object.keys(terminal),
];
const applyEach = new Set([
  "RolloutBlocked",
  "RolloutRefused",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
]);

/** The state that a fact sets, after those before it; `undefined` if it sets none. */
function stateBy(type: string, state: string | null, hasStarted: boolean): string | undefined {
  switch (type) {
    case "RolloutSubmitted":
      return state === null ? "submitted" : undefined;
    case "RolloutBlocked":
      return hasStarted ? undefined : "blocked";
    case "RolloutUnblocked":
      return hasStarted ? undefined : "releasable";
    case "RolloutStarted":
    case "RolloutResumed":
      return "in-progress";
    case "RolloutProgressed":
      return hasStarted ? undefined : "in-progress";
    case "RolloutPaused":
      return "paused";
    case "RolloutVerificationStarted":
      return "verifying";
    case "RolloutRollbackOrdered":
      return "rolling-back";
    default:
      return terminal[type];
  }
}

function rolloutOf(rollout: string, facts: readonly OracleFact[]): OracleRollout {
  const applied: OracleFact[] = [];
  let state: string | null = null;
  let isBlocked = false;
  let startedBy: OracleFact | null = null;
  const isOver = () => applied.some(({ type }) => type in terminal);
  applyInTheOrderThatFits(facts, {
    ranks,
    onceAtAnInstant: ({ type }) => (applyEach.has(type) ? null : type),
    fits: ({ type }) => {
      if (isOver()) return false;
      if (type === "RolloutSubmitted") return !applied.some((each) => each.type === type);
      return type !== "RolloutUnblocked" || isBlocked;
    },
    apply: (fact) => {
      applied.push(fact);
      const next = stateBy(fact.type, state, startedBy !== null);
      if (next === "in-progress") startedBy ??= fact;
      if (next !== undefined) state = next;
      if (fact.type === "RolloutBlocked") isBlocked = true;
      if (["RolloutUnblocked", "RolloutStarted"].includes(fact.type)) isBlocked = false;
    },
  });
  const find = (type: string) => applied.find((each) => each.type === type) ?? null;
  return {
    rollout,
    state,
    submission: find("RolloutSubmitted"),
    startedBy,
    completedAt: find("RolloutCompleted")?.at ?? null,
    applied,
  };
}

/** Of facts of one cluster, by name. */
export function rolloutsBy(facts: readonly OracleFact[]): OracleRollout[] {
  const mine = facts.filter(({ type }) => ranks.includes(type));
  return [...groupBy(mine, ({ data }) => data.rollout ?? "")]
    .map(([rollout, own]) => rolloutOf(rollout, own))
    .sort((a, b) => (a.rollout < b.rollout ? -1 : 1));
}

export const isQueued = ({ state }: OracleRollout): boolean =>
  state !== null && ["submitted", "blocked", "releasable"].includes(state);

export const isInFlight = ({ state }: OracleRollout): boolean =>
  state !== null && ["in-progress", "paused", "verifying", "rolling-back"].includes(state);

/** The members that facts of one cluster leave. */
export function membersBy(facts: readonly OracleFact[]): OracleMember[] {
  const types = ["NodeCommissioned", "NodeDecommissioned"];
  const mine = facts.filter(({ type }) => types.includes(type));
  return [...groupBy(mine, ({ data }) => data.node ?? "")].flatMap(([node, own]) => {
    let by: OracleData | null = null;
    applyInTheOrderThatFits(own, {
      ranks: types,
      onceAtAnInstant: ({ type }) => type,
      fits: ({ type }) => (type === "NodeCommissioned") === (by === null),
      apply: ({ type, data }) => {
        by = type === "NodeCommissioned" ? data : null;
      },
    });
    const data = by as OracleData | null;
    return data === null ? [] : [{ node, rack: data.rack ?? null, sku: data.sku ?? null }];
  });
}

/** The nodes that a rollout targets: `null` if it is about the whole cluster. */
export function targetsOf(
  { submission }: OracleRollout,
  members: readonly OracleMember[],
): ReadonlySet<string> | null {
  const { nodes, racks, skus } = submission?.data.targets ?? {};
  if (nodes === undefined && racks === undefined && skus === undefined) return null;
  const named = nodes === undefined ? null : expandNodes(nodes);
  if (named !== null && racks === undefined && skus === undefined) return named;
  const those = members.filter(
    ({ node, rack, sku }) =>
      (named === null || named.has(node)) &&
      (racks === undefined || (rack !== null && racks.includes(rack))) &&
      (skus === undefined || (sku !== null && skus.includes(sku))),
  );
  return new Set(those.map(({ node }) => node));
}
