/** A node's time in lanes, one for each kind of thing that can happen to it; every edge has its event. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import type { Fact } from "../../../../projections/facts/fact.ts";
import type { LanePiece } from "../../charts/bars.ts";
import { durationText } from "../../frame/times.ts";
import { causeWords } from "./fault-list.ts";
import { jobLane } from "./job-lane.ts";
import { maintenanceLane } from "./maintenance-lane.ts";
import type { NodeFacts, ZoneOverNode } from "./node-facts.ts";
import { shownPieces } from "./repair-bar.ts";
import { stateKinds, stateWords } from "./state-words.ts";
import { stacked } from "./stacked.ts";

export interface LaneEdge {
  readonly at: number;
  readonly eventId: string;
  readonly words: string;
}

export interface Lane {
  readonly name: string;
  readonly pieces: readonly LanePiece[];
  readonly edges: readonly LaneEdge[];
  /** Lines that lie side by side in it. */
  readonly lines: number;
}

/** The facts about an entity, by `occurredAt`. */
export type FactsOf = (kind: "node" | "job", name: string) => readonly Fact[];

export function lanesOf(facts: NodeFacts, factsOf: FactsOf): readonly Lane[] {
  const ofNode = factsOf("node", facts.node);
  return [
    { name: "state", pieces: statePieces(facts), edges: stateEdges(facts), lines: 1 },
    faultLane(facts, ofNode),
    maintenanceLane(facts),
    unobservedLane(facts),
    jobLane(facts, factsOf),
    zoneLane(facts),
  ];
}

/** What touches the window. */
function near<T extends Interval>(list: readonly T[], { window }: NodeFacts): readonly T[] {
  return list.filter(({ from, to }) => from <= window.to && to >= window.from);
}

export function statePieces(facts: NodeFacts): LanePiece[] {
  return near([...facts.timeline.segments], facts).map(({ state, from, to }) => ({
    kind: stateKinds[state],
    from,
    to: Math.min(to, facts.at),
    title: stateWords[state],
  }));
}

/** A state changes where a membership, a fault, a maintenance or lost observation begins or ends. */
function stateEdges(facts: NodeFacts): LaneEdge[] {
  const { memberships, faults, maintenance, unknown, segments } = facts.timeline;
  const causes = new Map<number, string>();
  const ends = [
    ...memberships.map((each) => [each, each.commissionedBy, each.decommissionedBy] as const),
    ...unknown.map((each) => [each, each.startId, each.endId] as const),
    ...maintenance.map((each) => [each, each.startId, each.endId] as const),
    ...faults.map((each) => [each, each.eventId, each.endedBy] as const),
  ];
  for (const [{ from, to }, startId, endId] of ends) {
    if (endId !== null) causes.set(to, endId);
    causes.set(from, startId);
  }
  return near([...segments], facts).flatMap(({ state, from }) => {
    const eventId = causes.get(from);
    return eventId === undefined ? [] : [{ at: from, eventId, words: stateWords[state] }];
  });
}

function faultLane(facts: NodeFacts, ofNode: readonly Fact[]): Lane {
  const faults = near(facts.timeline.faults, facts);
  const { places, lines } = stacked(faults);
  const pieces = faults.flatMap((fault, i) =>
    shownPieces(fault, facts.at).map(({ kind, from, to, words }) => ({
      kind,
      from,
      to,
      title: `${causeWords(fault)}: ${words}, ${durationText(to - from)}`,
      ...places[i],
    })),
  );
  const edges = faults.flatMap((fault) => [
    { at: fault.from, eventId: fault.eventId, words: `failed: ${causeWords(fault)}` },
    ...fault.phases.flatMap(({ phase, at }) => {
      const event = ofNode.find(
        (fact) =>
          fact.type === "NodeRepairStarted" &&
          fact.occurredAt === at &&
          fact.data.faultId === fault.faultId &&
          fact.data.phase === phase,
      );
      return event === undefined ? [] : [{ at, eventId: event.id, words: `${phase} began` }];
    }),
    ...(fault.endedBy === null
      ? []
      : [
          {
            at: fault.to,
            eventId: fault.endedBy,
            words: fault.outcome === "censored" ? "the node left" : "returned",
          },
        ]),
  ]);
  return { name: "faults", pieces, edges, lines };
}

function unobservedLane(facts: NodeFacts): Lane {
  const losses = near(facts.timeline.unknown, facts);
  return {
    name: "unobserved",
    pieces: losses.map(({ from, to }) => ({
      kind: "unknown",
      from,
      to: Math.min(to, facts.at),
      title: "unobserved",
    })),
    edges: losses.flatMap(({ from, to, startId, endId }) => [
      { at: from, eventId: startId, words: "no longer observed" },
      ...(endId === null ? [] : [{ at: to, eventId: endId, words: "observed again" }]),
    ]),
    lines: 1,
  };
}

function zoneLane(facts: NodeFacts): Lane {
  const { places, lines } = stacked(facts.zones);
  return {
    name: "no-fly zones",
    pieces: facts.zones.map(({ nfz, from, to }, i) => ({
      kind: "nfz-box",
      pattern: "hatch-nfz",
      from,
      to,
      title: nfz,
      ...places[i],
    })),
    edges: facts.zones.flatMap(zoneEdges),
    lines,
  };
}

/** An occurrence begins as it was declared; what changed it last says where it ends. */
function zoneEdges({ nfz, from, to, zone }: ZoneOverNode): LaneEdge[] {
  const { declaration, applied } = zone;
  if (declaration === null) return [];
  const last = applied.findLast(({ type }) => type !== "NfzResolved") ?? declaration;
  return [
    { at: from, eventId: declaration.id, words: `${nfz} begins` },
    ...(Number.isFinite(to) ? [{ at: to, eventId: last.id, words: `${nfz} ends` }] : []),
  ];
}
