/** Timelines as answers show them: instants as text, and `null` for the end of what has not ended. */
import type { ClusterView } from "../../projections/view.ts";
import { isInForce, occurrencesAt } from "../../projections/nfz/kind.ts";
import type { Fact } from "../../projections/facts/fact.ts";
import { statusBefore } from "../../projections/rollouts/kind.ts";
import { shownState } from "../../projections/rollouts/status.ts";
import type { Finding } from "../../projections/facts/finding.ts";
import type { NodeState } from "../../projections/nodes/packed-segments.ts";
import type { CountedFault, NodeTimeline } from "../../projections/nodes/timeline.ts";
import type { NfzTimeline } from "../../projections/nfz/timeline.ts";
import type { RolloutTimeline } from "../../projections/rollouts/timeline.ts";
import type { JobPiece } from "../../projections/jobs/pieces.ts";
import type { Interruption, JobTimeline } from "../../projections/jobs/timeline.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { instantOrNull } from "./look-back.ts";

interface Ends {
  readonly from: number;
  readonly to: number;
}

const between = ({ from, to }: Ends) => ({ from: instantOrNull(from), to: instantOrNull(to) });

/** A piece of a timeline with both ends as text and its other members unchanged. */
function shown<T extends Ends>(piece: T) {
  return { ...piece, ...between(piece) };
}

function findingJson({ kind, at, factId }: Finding) {
  return { kind, at: formatInstant(at), eventId: factId };
}

function faultJson(fault: CountedFault) {
  const { faultId, category, component, outcome, how, eventId, endedBy } = fault;
  return {
    faultId,
    category,
    component,
    outcome,
    how,
    ...between(fault),
    failedAt: formatInstant(fault.failedAt),
    detectedAt: fault.detectedAt === null ? null : formatInstant(fault.detectedAt),
    phases: fault.phases.map(({ phase, at }) => ({ phase, at: formatInstant(at) })),
    eventId,
    endedBy,
  };
}

const hourMs = 3_600_000;

/**
 * The nodes at an instant; parts of their timelines far from it may be missing. The whole hour is folded: a page of the
 * present has a new instant each time, but can reuse what was folded for the one before.
 */
export function nodesAt(view: ClusterView, at: number | null): NodeTimeline[] {
  if (at === null) return [];
  const from = Math.floor(at / hourMs) * hourMs;
  return [...view.within({ from, to: from + hourMs }).entities("node")];
}

/** The state of a node at an instant; `null` if it is not a member, or the instant is in the future. */
export function nodeStateAt({ segments }: NodeTimeline, at: number | null): NodeState | null {
  if (at === null) return null;
  return segments.containing(at)?.state ?? null;
}

export function nodeJson(timeline: NodeTimeline, at: number | null) {
  return {
    node: timeline.node,
    state: nodeStateAt(timeline, at) ?? "not-a-member",
    memberships: timeline.memberships.map(shown),
    segments: Array.from(timeline.segments, shown),
    faults: timeline.faults.map(faultJson),
    maintenance: timeline.maintenance.map(({ announcements, ...interval }) => ({
      ...shown(interval),
      announcedBy: announcements.map(({ id }) => id),
    })),
    announcements: timeline.announcements.map((each) => ({
      ...each,
      recordedAt: formatInstant(each.recordedAt),
      plannedFrom: formatInstant(each.plannedFrom),
      plannedTo: formatInstant(each.plannedTo),
    })),
    unknown: timeline.unknown.map(shown),
    findings: timeline.findings.map(findingJson),
  };
}

/** In answers, the number of nodes held is called `nodes`. */
function pieceJson({ nodeCount, ...piece }: JobPiece) {
  return { ...shown(piece), nodes: nodeCount };
}

function interruptionJson({ held: _held, nodeCount, resumedAt, ...interruption }: Interruption) {
  return {
    ...shown(interruption),
    resumedAt: resumedAt === null ? null : formatInstant(resumedAt),
    nodes: nodeCount,
  };
}

export function jobJson(timeline: JobTimeline) {
  return {
    job: timeline.job,
    runs: timeline.runs.map(shown),
    running: timeline.running.map(pieceJson),
    paused: timeline.paused.map(pieceJson),
    interruptions: timeline.interruptions.map(interruptionJson),
    kept: Array.from(timeline.kept, pieceJson),
    checkpointing: Array.from(timeline.checkpointing, pieceJson),
    lost: timeline.lost.map(pieceJson),
    checkpoints: Array.from(timeline.checkpoints, (each) => ({
      ...each,
      at: formatInstant(each.at),
    })),
    findings: timeline.findings.map(findingJson),
  };
}

function appliedJson({ type, id, occurredAt }: Fact) {
  return { type, at: formatInstant(occurredAt), eventId: id };
}

/** `untested`: the rollouts that their co-tests hold. */
export function rolloutJson(
  timeline: RolloutTimeline,
  atMs: number | null,
  untested: Pick<ReadonlySet<string>, "has">,
) {
  const { submission } = timeline;
  const at = atMs ?? -Infinity;
  const progress = timeline.progress.findLast((each) => each.at < at);
  return {
    rollout: timeline.rollout,
    state: shownState(statusBefore(timeline, at).state, untested.has(timeline.rollout)),
    submittedAt: submission === null ? null : formatInstant(submission.occurredAt),
    targets: submission?.data.targets ?? null,
    updates: submission?.data.updates ?? [],
    impact: submission?.data.impact ?? null,
    urgency: submission?.data.urgency ?? null,
    deadline: submission?.data.deadline ?? null,
    nodesDone: progress?.nodesDone ?? null,
    nodesTotal: progress?.nodesTotal ?? null,
    blocked: timeline.blocked.map(({ refusals, ...interval }) => ({
      ...shown(interval),
      refusals: refusals.map((refusal) => ({ ...refusal, at: formatInstant(refusal.at) })),
    })),
    overrides: timeline.overrides.map(({ id, occurredAt, data }) => ({
      eventId: id,
      at: formatInstant(occurredAt),
      role: data.role,
      nfzIds: data.nfzIds,
      expiresAt: data.expiresAt,
    })),
    history: timeline.applied.map(appliedJson),
    findings: timeline.findings.map(findingJson),
  };
}

export function nfzJson(timeline: NfzTimeline, atMs: number | null) {
  const { declaration } = timeline;
  return {
    nfz: timeline.nfz,
    scope: declaration?.data.scope ?? null,
    inFlight: declaration?.data.inFlight ?? null,
    recurrence: declaration?.data.recurrence ?? null,
    noFastPath: declaration?.data.noFastPath ?? false,
    tzdata: declaration?.data.tzdata ?? null,
    resolvedUntil: timeline.resolvedUntil === null ? null : formatInstant(timeline.resolvedUntil),
    inForce: atMs !== null && isInForce(occurrencesAt(timeline, atMs), atMs),
    occurrences: timeline.occurrences.map(between),
    history: timeline.applied.map(appliedJson),
    findings: timeline.findings.map(findingJson),
  };
}
