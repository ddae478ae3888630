/** What a declaration would do: its occurrences, and the rollouts that it would hold or find in flight. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { matches } from "../../../projections/nfz/in-force.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import {
  type QueuePlace,
  compareQueuePlaces,
  queuePlace,
} from "../../../projections/rollouts/queue-order.ts";
import {
  type RolloutState,
  type RolloutStatus,
  isInFlight,
  isQueued,
} from "../../../projections/rollouts/status.ts";
import { LedgerError } from "../../errors.ts";
import type { Caller } from "../command/asked.ts";
import type { Deciding } from "../command/deciding.ts";
import type { ResolvedOccurrence } from "../recurrence/resolution.ts";
import { type World, rolloutsAround, worldAt } from "../command/world.ts";
import type { DeclareBody } from "./declare.ts";
import { triedDeclaration } from "./nfz.ts";

/** A rollout that the zone affects. */
export interface MetRollout {
  readonly rollout: string;
  readonly state: RolloutState;
  readonly urgency: string | null;
  readonly deadline: string | null;
}

interface PreviewInCluster {
  readonly cluster: string;
  /** Queued rollouts that would wait while it is in force, most urgent first. */
  readonly waiting: readonly MetRollout[];
  /** Rollouts in flight that it would affect. */
  readonly inFlight: readonly MetRollout[];
}

export interface NfzPreview {
  readonly nfz: string;
  readonly at: string;
  readonly asOf: { readonly sequence: number };
  readonly occurrences: readonly PreviewedOccurrence[];
  readonly resolvedUntil: string | null;
  readonly tzdata: string | null;
  readonly clusters: readonly PreviewInCluster[];
}

export interface PreviewedOccurrence {
  readonly from: string;
  readonly to: string;
  readonly local: ResolvedOccurrence["local"];
  readonly note: ResolvedOccurrence["note"];
}

/** Throws the refusal that the declaration would get. */
export async function previewNfz(
  deciding: Deciding,
  caller: Caller,
  body: DeclareBody,
  P: number,
): Promise<NfzPreview> {
  const { at, decision } = await triedDeclaration(deciding, caller, body, P);
  const { outcome, resolution } = decision;
  if (outcome.kind === "refused") {
    const { code, detail, extra } = outcome.refusal;
    const members = { nfz: body.nfz, at: formatInstant(at), asOf: { sequence: P } };
    throw new LedgerError(code, detail, { extra: { ...extra, ...members } });
  }
  if (resolution === null) throw new LedgerError("internal", "a declaration came to nothing");
  const { occurrences, resolvedUntil, tzdata } = resolution;
  return {
    nfz: body.nfz,
    at: formatInstant(at),
    asOf: { sequence: P },
    occurrences: occurrences.map(({ from, to, local, note }) => ({
      from: formatInstant(from),
      to: formatInstant(to),
      local,
      note,
    })),
    resolvedUntil: resolvedUntil === null ? null : formatInstant(resolvedUntil),
    tzdata,
    clusters: decision.clusters.map(({ cluster }) => ({
      cluster,
      ...metIn(worldAt(deciding.ledger.view(cluster, P), at), body),
    })),
  };
}

function metIn(world: World, { scope }: DeclareBody): Omit<PreviewInCluster, "cluster"> {
  const place = world.places.of(scope);
  const met: MetTimeline[] = [];
  for (const timeline of rolloutsAround(world.view, world.at)) {
    const status = statusBefore(timeline, world.at + 1);
    if (!isQueued(status.state) && !isInFlight(status.state)) continue;
    if (!matches(place, world.places.of(status.submission?.data.targets))) continue;
    met.push({ status, turn: queuePlace(timeline.rollout, status) });
  }
  met.sort((a, b) => compareQueuePlaces(a.turn, b.turn));
  const rollouts = met.map(({ status, turn: { rollout } }) => metJson(rollout, status));
  return {
    waiting: rollouts.filter(({ state }) => isQueued(state)),
    inFlight: rollouts.filter(({ state }) => isInFlight(state)),
  };
}

interface MetTimeline {
  readonly status: RolloutStatus;
  readonly turn: QueuePlace;
}

function metJson(rollout: string, { state, submission }: RolloutStatus): MetRollout {
  const { urgency = null, deadline = null } = submission?.data ?? {};
  return { rollout, state, urgency, deadline };
}
