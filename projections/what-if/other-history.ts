/**
 * The same history under another calendar of no-fly zones: a hypothetical list of facts, folded as ever. Each rollout asks
 * when it asked, waits for the zones of the calendar, and starts when none holds it; what really followed its start moves
 * with it. Jobs and faults stay where they were.
 */
import type { EventType } from "../../src/events/catalogue.ts";
import type { Interval } from "../arithmetic/intervals.ts";
import { foldEntity } from "../facts/entity-kind.ts";
import { type Fact, compareFacts } from "../facts/fact.ts";
import type { KindName, TimelineOf } from "../kinds.ts";
import { NfzsOverTime } from "../nfz/over-time.ts";
import type { NfzTimeline } from "../nfz/timeline.ts";
import { nodeKind } from "../nodes/kind.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";
import { rolloutKind } from "../rollouts/kind.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";
import { formatInstant, instantMs } from "../time/instant.ts";
import type { ClusterView, DecisionView } from "../view.ts";
import { viewWith } from "../view-with.ts";
import { OtherCalendar, type OtherStart } from "./other-start.ts";

/** The facts about an entity, by `occurredAt`, then id; all of them, or those of some types. */
type FactSource = Pick<DecisionView, "facts" | "factsOfTypes">;

const always: Interval = { from: -Infinity, to: Infinity };

/** `calendar` replaces every no-fly zone of the cluster; it must be ordered by name. */
export function otherHistory(
  view: ClusterView,
  source: FactSource,
  calendar: readonly NfzTimeline[],
): ClusterView {
  const whole = view.within(always);
  const rollouts = [...whole.entities("rollout")];
  const nodes = [...whole.entities("node")];
  const zones = new OtherCalendar(new NfzsOverTime(calendar), nodes);
  const moves = new Map<string, number>();
  const asking = rollouts.flatMap((each) => {
    const ask = firstAsk(each);
    return ask === null ? [] : [{ each, ask }];
  });
  const replaced = new Map<string, RolloutTimeline>();
  for (const { each, ask } of asking.sort((a, b) => a.ask - b.ask)) {
    const { rollout } = each;
    const start = zones.startOf(targetsAt(each, ask), ask);
    const made = otherFacts(each, source.facts("rollout", rollout), start);
    replaced.set(rollout, foldEntity(rolloutKind, rollout, made.facts));
    if (made.moveMs !== 0) moves.set(rollout, made.moveMs);
  }
  const moved = new Map(
    nodes.flatMap((node): [string, NodeTimeline][] => {
      const made = movedNode(node.node, source, moves);
      return made === null ? [] : [[node.node, made]];
    }),
  );
  return overlay(view, {
    node: moved,
    rollout: new Map(rollouts.map((each) => [each.rollout, replaced.get(each.rollout) ?? each])),
    nfz: new Map(calendar.map((each) => [each.nfz, each])),
  });
}

/** The first refusal or start; `null` if it never asked, or had begun before it did. */
function firstAsk({ applied, status }: RolloutTimeline): number | null {
  const ask = applied.find(({ type }) => type === "RolloutBlocked" || type === "RolloutStarted");
  if (ask === undefined) return null;
  const begun = status.startedBy?.occurredAt ?? Infinity;
  return begun < ask.occurredAt ? null : ask.occurredAt;
}

function targetsAt({ submission }: RolloutTimeline, at: number) {
  return submission !== null && submission.occurredAt <= at ? submission.data.targets : undefined;
}

/** What waited for the real zones, or passed them, has no place under others. */
const ofRealZones: ReadonlySet<string> = new Set([
  "RolloutBlocked",
  "RolloutUnblocked",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
]);

function otherFacts(
  timeline: RolloutTimeline,
  facts: readonly Fact[],
  { refusals, at: release }: OtherStart,
): { readonly facts: readonly Fact[]; readonly moveMs: number } {
  const { rollout, status } = timeline;
  const start = status.startedBy;
  // One that is never free keeps waiting: what followed its start never comes.
  const moveMs = start === null ? 0 : release - start.occurredAt;
  const kept = facts
    .filter(({ type }) => !ofRealZones.has(type))
    .flatMap((fact) => (start === null ? [fact] : movedFact(fact, start, moveMs)));
  const [sample] = facts;
  const end = start === null ? (status.endedBy?.occurredAt ?? Infinity) : Infinity;
  const stated = (
    type: "RolloutBlocked" | "RolloutUnblocked",
    at: number,
    more: object,
  ): Fact[] => {
    if (sample === undefined || at >= end) return [];
    const { cluster } = sample.data as { readonly cluster: string };
    const { sequence, since, recordedAt } = sample;
    const id = `${type} of ${rollout} at ${at}`.toLowerCase();
    const data = { rollout, cluster, ...more };
    const fact = { type, id, sequence, since, occurredAt: at, recordedAt, amendedBy: [], data };
    return [fact as unknown as Fact];
  };
  const blocked = refusals.flatMap(({ at, nfzIds }) => stated("RolloutBlocked", at, { nfzIds }));
  const hasWaited = blocked.length > 0 && Number.isFinite(release);
  const released =
    hasWaited && start?.type !== "RolloutStarted" ? stated("RolloutUnblocked", release, {}) : [];
  return { facts: [...kept, ...blocked, ...released].sort(compareFacts), moveMs };
}

/** The start and what followed it, moved; what came before as it was. Empty if it never comes. */
function movedFact(fact: Fact, start: Fact, moveMs: number): Fact[] {
  const isBefore =
    fact.occurredAt < start.occurredAt ||
    (fact.occurredAt === start.occurredAt &&
      fact.id !== start.id &&
      fact.type === "RolloutSubmitted");
  if (isBefore) return [fact];
  if (!Number.isFinite(moveMs)) return [];
  const moved = { ...fact, occurredAt: fact.occurredAt + moveMs };
  if (moved.type !== "RolloutStarted" && moved.type !== "RolloutResumed") return [moved];
  const { fastPath: _fastPath, ...data } = moved.data;
  return [{ ...moved, data }];
}

type OfMaintenance = Extract<
  Fact,
  { type: "NodeMaintenanceAnnounced" | "NodeMaintenanceStarted" | "NodeMaintenanceEnded" }
>;

function isMaintenance(fact: Fact): fact is OfMaintenance {
  return maintenanceTypes.has(fact.type);
}

const maintenanceTypes: ReadonlySet<EventType> = new Set<EventType>([
  "NodeMaintenanceAnnounced",
  "NodeMaintenanceStarted",
  "NodeMaintenanceEnded",
]);

/** The node with the maintenance of moved rollouts moved; `null` if it has none. */
function movedNode(
  node: string,
  source: FactSource,
  moves: ReadonlyMap<string, number>,
): NodeTimeline | null {
  if (moves.size === 0) return null;
  // Also maintenance that counts nowhere: moved, it may lie in a membership.
  const maintenance = source.factsOfTypes("node", node, maintenanceTypes).filter(isMaintenance);
  const rolloutOf = rolloutsOfMaintenance(maintenance);
  if (![...rolloutOf.values()].some((each) => each !== undefined && moves.has(each))) return null;
  const facts = source.facts("node", node);
  const other = facts.flatMap((fact): Fact[] => {
    const rolloutId = isMaintenance(fact) ? rolloutOf.get(fact.data.maintenanceId) : undefined;
    const moveMs = rolloutId === undefined ? undefined : moves.get(rolloutId);
    if (moveMs === undefined) return [fact];
    return Number.isFinite(moveMs) ? [movedMaintenance(fact, moveMs)] : [];
  });
  return foldEntity(nodeKind, node, other.sort(compareFacts));
}

/**
 * The rollout that each maintenance of a node names, by its id. Its first start says it, as it alone begins a stretch; without
 * one the first fact that names any.
 */
function rolloutsOfMaintenance(
  maintenance: readonly OfMaintenance[],
): ReadonlyMap<string, string | undefined> {
  const named = new Map<string, string | undefined>();
  for (const { data } of maintenance)
    if (data.rolloutId !== undefined && !named.has(data.maintenanceId))
      named.set(data.maintenanceId, data.rolloutId);
  const starts = maintenance.filter(({ type }) => type === "NodeMaintenanceStarted");
  for (const { data } of starts.toReversed()) named.set(data.maintenanceId, data.rolloutId);
  return named;
}

/** An announcement counts from when it was recorded, so that moves too, as does what it plans. */
function movedMaintenance(fact: Fact, moveMs: number): Fact {
  const occurredAt = fact.occurredAt + moveMs;
  if (fact.type !== "NodeMaintenanceAnnounced") return { ...fact, occurredAt };
  const { plannedFrom, plannedTo } = fact.data;
  const later = (instant: string) => formatInstant(instantMs(instant) + moveMs);
  const data = { ...fact.data, plannedFrom: later(plannedFrom), plannedTo: later(plannedTo) };
  return { ...fact, occurredAt, recordedAt: fact.recordedAt + moveMs, data };
}

interface Others {
  /** Only nodes that differ. */
  readonly node: ReadonlyMap<string, NodeTimeline>;
  /** All of them. */
  readonly rollout: ReadonlyMap<string, RolloutTimeline>;
  readonly nfz: ReadonlyMap<string, NfzTimeline>;
}

/** The view with other timelines in their places. */
function overlay(view: ClusterView, others: Others): ClusterView {
  const otherOf = (kind: KindName, name: string): unknown =>
    kind in others ? others[kind as keyof Others].get(name) : undefined;
  return viewWith(view, {
    entities: <K extends KindName>(kind: K) => {
      // Under a kind stand timelines of that kind.
      type Kind = TimelineOf[K];
      const replaced: KindName = kind;
      if (replaced === "rollout" || replaced === "nfz")
        return [...others[replaced].values()] as unknown as Kind[];
      const real = [...view.entities(kind)];
      if (!(kind in others)) return real;
      return real.map((each) => {
        const { node } = each as NodeTimeline;
        return (others.node.get(node) as unknown as Kind | undefined) ?? each;
      });
    },
    names: (kind) =>
      kind === "rollout" || kind === "nfz" ? [...others[kind].keys()] : view.names(kind),
    entity: <K extends KindName>(kind: K, name: string) => {
      const other = otherOf(kind, name) as TimelineOf[K] | undefined;
      if (other !== undefined) return other;
      return kind === "rollout" || kind === "nfz" ? null : view.entity(kind, name);
    },
    within: (window) => overlay(view.within(window), others),
  });
}
