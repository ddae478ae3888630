/** What the text of the policy says of the measured impact of a rollout, by plain lists of facts. It shares no code with the product. */
import { clopperPearsonOdds } from "../../projections/impact/clopper-pearson.ts";
import { expandNodes } from "../facts/hostlist.ts";
import type { OracleFact } from "../facts/oracle-event.ts";
import { compareText, groupBy } from "../facts/oracle-event.ts";
import type { Window } from "../facts/period.ts";
import { contains, overlapMs } from "../facts/period.ts";
import type { Stretch } from "../facts/stretches.ts";
import type { Interruption, Run } from "../figures/jobs.ts";
import { jobRuns } from "../figures/jobs.ts";
import { OPEN } from "../figures/memberships.ts";
import type { OracleNode } from "../figures/node-states.ts";
import { nodeIntervals, nodesOf, stateAt } from "../figures/node-states.ts";
import type { OracleRollout } from "../gate/rollouts.ts";
import { membersBy, rolloutsBy, targetsOf } from "../gate/rollouts.ts";

interface Treated {
  readonly node: OracleNode;
  readonly b: number;
  /** `null` while it is not over. */
  readonly a: number | null;
}

export interface OracleCost {
  readonly eventId: string;
  readonly interruptedNodeMs: number;
  readonly lostNodeMs: number;
}

export interface OracleImpact {
  readonly rollout: string;
  readonly treated: number;
  readonly before: { readonly count: number; readonly exposureMs: number };
  readonly after: { readonly count: number; readonly exposureMs: number };
  readonly outOfServiceMs: number;
  /** By event id. */
  readonly costs: readonly OracleCost[];
  readonly verdict: string | null;
  readonly reasons: readonly string[];
}

const ended = [
  "RolloutCompleted",
  "RolloutFailed",
  "RolloutRolledBack",
  "RolloutCancelled",
  "RolloutSuperseded",
];

/** By the facts of one cluster that are seen at an instant. */
export class OracleFleet {
  readonly rollouts: readonly OracleRollout[];
  readonly at: number;
  readonly #facts: readonly OracleFact[];
  readonly #nodes: readonly OracleNode[];
  readonly #runs: readonly Run[];

  constructor(facts: readonly OracleFact[], at: number) {
    this.at = at;
    this.#facts = facts;
    this.rollouts = rolloutsBy(facts);
    this.#nodes = nodesOf(facts);
    const jobs = groupBy(
      facts.filter(({ type }) => type.startsWith("Job")),
      ({ data }) => data.job ?? "",
    );
    this.#runs = [...jobs].flatMap(([job, own]) => jobRuns(job, own).runs);
  }

  /** Stretches of maintenance that name the rollout; all that name any, if none is given. By start, then id. */
  #stretches({ stretches }: OracleNode, rollout?: string): Stretch[] {
    return stretches
      .filter(({ kind }) => kind === "maintenance")
      .filter(({ startedBy: { data } }) => data.rolloutId !== undefined)
      .filter(({ startedBy: { data } }) => rollout === undefined || data.rolloutId === rollout)
      .sort((x, y) => x.from - y.from || compareText(x.maintenanceId ?? "", y.maintenanceId ?? ""));
  }

  #treated(rollout: OracleRollout): Treated[] {
    const start = rollout.startedBy?.at;
    const members = membersBy(this.#facts.filter(({ at }) => start !== undefined && at <= start));
    const targets = targetsOf(rollout, members);
    const steps = rollout.applied.filter(({ type }) => type === "RolloutProgressed");
    const end = rollout.applied.find(({ type }) => ended.includes(type))?.at ?? null;
    return this.#nodes.flatMap((node): Treated[] => {
      const stretches = this.#stretches(node, rollout.rollout);
      const [first, last] = [stretches[0], stretches.at(-1)];
      if (first !== undefined && last !== undefined)
        return [{ node, b: first.from, a: last.to === OPEN ? null : last.to }];
      if (start === undefined || !members.some((each) => each.node === node.node)) return [];
      if (targets !== null && !targets.has(node.node)) return [];
      const step = steps.find(({ data }) => expandNodes(data.nodes ?? []).has(node.node));
      return [{ node, b: start, a: step?.at ?? end }];
    });
  }

  /** The nodes that a rollout is about. */
  nodesOf(rollout: OracleRollout): OracleNode[] {
    return this.#treated(rollout).map(({ node }) => node);
  }

  /** The instants at which jobs were interrupted by rollouts or maintenance. */
  interruptions(): number[] {
    const all = this.#runs.flatMap(({ interruptions }) => interruptions);
    return all
      .filter(({ kind }) => kind === "rollout" || kind === "maintenance")
      .map(({ from }) => from);
  }

  #exposed(windows: readonly (readonly [OracleNode, Window])[]) {
    let [count, exposureMs] = [0, 0];
    for (const [{ memberships, faults }, { from, to }] of windows) {
      const window = { from, to: Math.min(to, this.at) };
      if (window.to <= window.from) continue;
      exposureMs += memberships.reduce((sum, each) => sum + overlapMs(each, window), 0);
      count += faults.filter((each) => contains(window, each.from)).length;
    }
    return { count, exposureMs };
  }

  #outOfServiceMs(rollout: string): number {
    return this.#nodes.reduce((sum, node) => {
      const all = this.#stretches(node);
      const from = all[0]?.from;
      if (from === undefined) return sum;
      const pieces = nodeIntervals(node, { from, to: this.at }).filter((piece) => {
        const open = all.filter((each) => contains(each, piece.from));
        const isOurs = open[0]?.startedBy.data.rolloutId === rollout;
        return isOurs && stateAt(node, piece.from) === "maintenance";
      });
      return pieces.reduce((more, piece) => more + piece.to - piece.from, sum);
    }, 0);
  }

  #isCausedBy(rollout: string, { by, nodes }: Interruption): boolean {
    const { cause } = by.data;
    if (cause?.rolloutId === rollout) return true;
    if (cause?.maintenanceId === undefined) return false;
    return this.#nodes.some(
      (node) =>
        (cause.node === undefined ? nodes.has(node.node) : cause.node === node.node) &&
        this.#stretches(node, rollout).some(
          ({ maintenanceId }) => maintenanceId === cause.maintenanceId,
        ),
    );
  }

  #costs(rollout: string): OracleCost[] {
    const costs = this.#runs.flatMap((run) =>
      run.interruptions
        .filter((each) => this.#isCausedBy(rollout, each))
        .map((each) => costOf(run, each, this.at)),
    );
    return costs.sort((x, y) => compareText(x.eventId, y.eventId));
  }

  /** Other rollouts that started in the windows on the same nodes; by start, then id. */
  confoundersOf(rollout: OracleRollout, windowMs: number) {
    const treated = this.#treated(rollout).filter(({ a }) => a !== null);
    return this.rollouts
      .filter((each) => each !== rollout)
      .flatMap((other) => {
        const startedAt = other.startedBy?.at;
        if (startedAt === undefined) return [];
        const its = new Set(this.#treated(other).map(({ node }) => node));
        const met = treated.filter(
          ({ node, b, a }) =>
            its.has(node) &&
            (contains({ from: b - windowMs, to: b }, startedAt) ||
              contains({ from: a ?? OPEN, to: (a ?? OPEN) + windowMs }, startedAt)) &&
            startedAt < this.at,
        );
        return met.length === 0 ? [] : [{ rollout: other.rollout, startedAt, nodes: met.length }];
      })
      .sort((x, y) => x.startedAt - y.startedAt || compareText(x.rollout, y.rollout));
  }

  impactOf(rollout: OracleRollout, windowMs: number): OracleImpact {
    const treated = this.#treated(rollout);
    const over = treated.flatMap(({ node, b, a }) => (a === null ? [] : [{ node, b, a }]));
    const before = this.#exposed(
      over.map(({ node, b }) => [node, { from: b - windowMs, to: b }] as const),
    );
    const after = this.#exposed(
      over.map(({ node, a }) => [node, { from: a, to: a + windowMs }] as const),
    );
    const outOfServiceMs = this.#outOfServiceMs(rollout.rollout);
    const costs = this.#costs(rollout.rollout);
    const begun = this.#nodes.filter(
      (node) => this.#stretches(node, rollout.rollout).length > 0,
    ).length;
    const measured = { treated: over.length, before, after, outOfServiceMs, costs };
    const told = { rollout: rollout.rollout, ...measured };
    if (rollout.startedBy === null) return { ...told, verdict: null, reasons: [] };
    const reasons = reasonsOf(rollout, measured, begun);
    const isOver =
      rollout.applied.some(({ type }) => ended.includes(type)) &&
      over.every(({ a }) => a + windowMs <= this.at);
    const otherwise = isOver ? "as-declared" : "pending";
    return { ...told, verdict: reasons.length > 0 ? "missed" : otherwise, reasons };
  }
}

/** The interrupted and lost node-time of an interruption, up to an instant. */
function costOf(run: Run, interruption: Interruption, at: number): OracleCost {
  const edges = [
    ...run.stretches.flatMap(({ from, to }) => [from, to]),
    ...run.losses.flatMap(({ since, until }) => [since, until]),
  ];
  const instants = [...new Set([...edges.filter((each) => each < at), at])].sort((x, y) => x - y);
  let [interruptedNodeMs, lostNodeMs] = [0, 0];
  for (const [index, to] of instants.entries()) {
    const from = instants[index - 1];
    const stretch = run.stretches.find((each) => from !== undefined && contains(each, from));
    if (from === undefined || stretch === undefined) continue;
    const nodeMs = (to - from) * stretch.weight;
    if (stretch.interruption === interruption) interruptedNodeMs += nodeMs;
    if (stretch.state !== "running") continue;
    const loss = run.losses.find(({ since, until }) => since <= from && from < until);
    if (loss?.interruption === interruption) lostNodeMs += nodeMs;
  }
  return { eventId: interruption.by.id, interruptedNodeMs, lostNodeMs };
}

/** Rounded half up as a decimal: whole micros are enough, and do away with what binary fractions leave. */
export function declaredMs(secondsPerNode = 0): number {
  return Math.floor(Math.round(secondsPerNode * 1e9) / 1e6 + 0.5);
}

type Measured = Pick<OracleImpact, "before" | "after" | "outOfServiceMs" | "costs">;

function reasonsOf(
  { submission }: OracleRollout,
  { before, after, outOfServiceMs, costs }: Measured,
  begun: number,
): string[] {
  const declared = submission?.data.impact;
  const reasons: string[] = [];
  if (lowerOf(before, after) > 1) reasons.push("failure-rate");
  if (declared?.kind === "impactless" && outOfServiceMs > 0) reasons.push("out-of-service");
  if (declared?.kind === "impactless" && costs.length > 0) reasons.push("job-interrupted");
  if (declared?.kind === "impactful") {
    if (4 * outOfServiceMs > 5 * declaredMs(declared.secondsPerNode) * begun)
      reasons.push("longer-than-declared");
  }
  return reasons;
}

function lowerOf(before: OracleImpact["before"], after: OracleImpact["after"]): number {
  if (before.exposureMs === 0 || after.exposureMs === 0) return 0;
  const { lower } = clopperPearsonOdds(after.count, after.count + before.count);
  return (lower * before.exposureMs) / after.exposureMs;
}
