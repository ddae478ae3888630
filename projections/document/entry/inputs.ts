/** What the figures of a period are computed from. Each part is made once, when a figure first asks for it. */
import { type RolloutsFigure, rolloutsIn } from "../../figures/blocked-queue.ts";
import { withLookBack } from "../../figures/error-budget.ts";
import {
  type Exclusions,
  excludedParts,
  exclusionsIn,
  exclusionsInSteps,
  monthsAround,
} from "../../figures/exclusions/exclusions.ts";
import { type NisFigure, nisIn } from "../../figures/nis.ts";
import {
  asPolicy,
  type Policy,
  type PolicyFact,
  policyFactOf,
} from "../../figures/exclusions/policy.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { cutPeriod, parsePeriod, resolvePeriod, zoneNamed } from "../../time/period.ts";
import { RefusedRequest } from "../../time/refused-request.ts";
import { exact } from "../../arithmetic/ratio.ts";
import type { ZoneTable } from "../../time/zone-table.ts";
import type { ClusterView } from "../../view.ts";
import { viewWith } from "../../view-with.ts";
import type { DefinitionsVersion } from "./definitions.ts";
import { exclusionsInScope, isPart, nodesInScope, type Scope } from "./scope.ts";
import { newestDefinitions } from "./since.ts";

export interface SlaRequest {
  /** `2026`, `2026-Q1`, `2026-03`, `2026-03-10` or `FROM/TO`. */
  readonly period: string;
  /** An IANA zone. Default: the zone of the policy in force at the start of the period, taken in UTC. */
  readonly zone?: string | undefined;
  /** Default: the newest. */
  readonly definitions?: DefinitionsVersion | undefined;
}

/** A period of a cluster, cut where the ledger's knowledge ends. */
interface ResolvedPeriod extends Interval {
  readonly label: string;
  readonly zone: string;
  readonly complete: boolean;
}

export interface FigureInputs {
  /** The cluster as far as it touches the period; nodes also in the period's calendar months and in the window of the burn rates. */
  readonly view: ClusterView;
  readonly zones: ZoneTable;
  /** The version that the document states. A figure whose rule has changed uses the rule of this version. */
  readonly definitions: DefinitionsVersion;
  readonly period: ResolvedPeriod;
  readonly window: Interval;
  /** The policy in force at the window's start, and the fact that set it. */
  readonly policy: Policy;
  readonly policyFact: PolicyFact | null;
  /** The nodes that the figures are about: all of the cluster's, or those in the scope. */
  readonly nodes: () => readonly NodeTimeline[];
  /** What the policies exclude from the window, or from a shorter part of it. */
  readonly exclusions: (part?: Interval) => Exclusions;
  /** Prepares what takes long, a few nodes at a time. */
  readonly prepare: () => Generator<undefined, void>;
  /** How much they exclude, without the list: that costs several times as much. */
  readonly excludedNodeMs: (part: Interval) => number;
  readonly nis: () => NisFigure;
  /** The same sums and ratios, with empty lists. */
  readonly nisSums: () => NisFigure;
  readonly rollouts: () => RolloutsFigure;
}

/**
 * The inputs of a period, for the cluster or a part of it. Throws RefusedRequest for a malformed or skipped period, a
 * period that has not begun, or an unknown zone or cluster.
 */
export function inputsOf(
  view: ClusterView,
  request: SlaRequest,
  zones: ZoneTable,
  scope: Scope = {},
): FigureInputs {
  const period = resolveRequest(view, request, zones);
  const window = { from: period.from, to: period.to };
  const policyFact = policyFactOf(view.policies, window);
  const policy = asPolicy(policyFact);
  const monthsZone = zoneNamed(policy.zone, zones);
  const near = nodesNear(view, monthsAround(withLookBack(window), monthsZone), window);
  const nodes = once(() => {
    const all = near.entities("node");
    return [...(isPart(scope) ? nodesInScope(all, scope) : all)];
  });
  const exclude = (part: Interval) => {
    const excluded = exclusionsIn(near, part, monthsZone);
    return isPart(scope) ? exclusionsInScope(excluded, near, scope) : excluded;
  };
  const ofWindow = once(() => exclude(window));
  const excludedNodeMs = (part: Interval) => {
    if (isPart(scope)) return exclude(part).excludedNodeMs;
    let sumMs = 0;
    excludedParts(near, part, monthsZone, (from, to) => {
      sumMs = exact(sumMs + to - from, "excluded node-time");
    });
    return sumMs;
  };
  return {
    view: near,
    zones,
    definitions: request.definitions ?? newestDefinitions,
    period,
    window,
    policy,
    policyFact,
    nodes,
    prepare: () => exclusionsInSteps(near, window, monthsZone),
    exclusions: (part = window) => (part === window ? ofWindow() : exclude(part)),
    excludedNodeMs,
    nis: once(() => nisIn(nodes(), window, policy.nisTarget, ofWindow())),
    nisSums: once(() => {
      const excluded = {
        exclusions: [],
        announcedLate: [],
        excludedNodeMs: excludedNodeMs(window),
      };
      return nisIn(nodes(), window, policy.nisTarget, excluded);
    }),
    rollouts: once(() => rolloutsIn(near, window)),
  };
}

/** Nodes as far as they touch the wider window, which exclusions and burn rates need; everything else within the window itself. */
function nodesNear(view: ClusterView, wider: Interval, window: Interval): ClusterView {
  const near = view.within(wider);
  const inside = view.within(window);
  return viewWith(near, {
    entities: (kind) => (kind === "node" ? near : inside).entities(kind),
  });
}

/** Returns the result of `make`, which runs once, at the first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

export function resolveRequest(
  view: ClusterView,
  request: SlaRequest,
  zones: ZoneTable,
): ResolvedPeriod {
  const { period: label } = request;
  const { asked, zone } = resolveUncut(view, request, zones);
  return { label, ...cutPeriod(asked, view.headRecordedAt, label), zone };
}

/** The same, but also for a period that ends later than the ledger knows, or has not begun. */
export function resolveUncut(
  view: ClusterView,
  request: SlaRequest,
  zones: ZoneTable,
): { readonly asked: Interval; readonly zone: string } {
  const { period: label } = request;
  const period = parsePeriod(label);
  const zone = request.zone ?? policyZone(view, label, zones);
  const rules = zoneNamed(zone, zones);
  if (!view.known) {
    throw new RefusedRequest("unknown-cluster", "cluster", `unknown cluster "${view.cluster}"`);
  }
  return { asked: resolvePeriod(period, rules, label), zone };
}

/** The zone of the policy in force at the start of the period, taken in UTC. */
function policyZone(view: ClusterView, period: string, zones: ZoneTable): string {
  const { from, to } = resolvePeriod(parsePeriod(period), zoneNamed("UTC", zones), period);
  const window = { from, to: Math.min(to, view.headRecordedAt ?? to) };
  return asPolicy(policyFactOf(view.policies, window)).zone;
}
