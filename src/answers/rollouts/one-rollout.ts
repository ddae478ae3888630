/** One rollout at an instant, as answers show it: what holds it, what lets it pass, and who did what. */
import type { Fact } from "../../../projections/facts/fact.ts";
import { viewBefore, nfzTimelines } from "../../../projections/figures/queue/near.ts";
import {
  type InForce,
  NfzMatching,
  holdOf,
  inForceAt,
  nfzsKnownAt,
} from "../../../projections/nfz/in-force.ts";
import { ResolvedPlaces, membersAt } from "../../../projections/nodes/places.ts";
import { type Held, heldBy, runsOnFastPath } from "../../../projections/rollouts/cover.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import { type Grant, type RolloutStatus } from "../../../projections/rollouts/status.ts";
import type { RolloutTimeline } from "../../../projections/rollouts/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { needingCoTest } from "../co-tests/needing-co-test.ts";
import { knownCluster } from "../known-cluster.ts";
import { type PageAsked, pageOf } from "../lists/rows.ts";
import { instantOrNull } from "../look-back.ts";
import { inForceJson } from "../../decisions/rollouts/start.ts";
import { rolloutJson } from "../timeline-json.ts";
import type { Asked } from "./queue.ts";

export interface RolloutAsked extends Asked {
  readonly rollout: string;
}

/** According to the facts before the instant. Throws `not-found`, and `invalid-request` if several clusters use the id. */
export async function rolloutAnswer(ledger: Ledger, asked: RolloutAsked, page: PageAsked) {
  const { rollout, sequence } = asked;
  const cluster = clusterOf(ledger, asked);
  const at = asked.at ?? -Infinity;
  const { timeline, status, held, nextStart, followedBy, untested } = await ledger.answer(
    cluster,
    sequence,
    (view) => ({
      ...standingOf(view, rollout, at),
      untested: needingCoTest(view, at, rollout),
    }),
  );
  const facts = ledger
    .view(cluster, sequence)
    .facts("rollout", rollout)
    .filter(({ occurredAt }) => occurredAt < at);
  const { rows, next } = pageOf(facts, ({ id }) => id, page.after, page.limit);
  return {
    cluster,
    ...rolloutJson(timeline, asked.at, untested),
    untested: untested.get(rollout) ?? [],
    nfzs: held.held.map(inForceJson),
    covered: held.covered,
    nextStart: nextStart === null ? null : formatInstant(nextStart),
    followedBy: followedBy.map(inForceJson),
    overrides: status.grants.map((grant) => grantJson(grant, at)),
    history: await historyJson(ledger, timeline, rows),
    next,
  };
}

/** The only cluster of the key in which facts use the id. */
export function clusterOf(
  ledger: Ledger,
  { rollout, cluster, sequence }: Omit<RolloutAsked, "at">,
): string {
  if (cluster !== undefined) knownCluster(ledger, cluster, sequence);
  const names = cluster === undefined ? ledger.clusters(sequence) : [cluster];
  const using = names.filter(
    (name) => ledger.view(name, sequence).entity("rollout", rollout) !== null,
  );
  const [first, second] = using;
  if (first === undefined) {
    const where = cluster === undefined ? "" : ` in cluster "${cluster}"`;
    throw new LedgerError(
      "not-found",
      `There is no rollout "${rollout}"${where} at this position.`,
    );
  }
  if (second === undefined) return first;
  const message = `must be said: "${rollout}" is a rollout of ${using.join(" and of ")}`;
  throw new LedgerError("invalid-request", `cluster ${message}`, {
    errors: [{ path: "/query/cluster", message }],
  });
}

interface Standing {
  readonly timeline: RolloutTimeline;
  readonly status: RolloutStatus;
  readonly held: Held;
  /** `null` also if the rollout has ended. */
  readonly nextStart: number | null;
  /** Zones that begin before it may start. */
  readonly followedBy: readonly InForce[];
}

function standingOf(view: ClusterView, rollout: string, at: number): Standing {
  const timeline = view.entity("rollout", rollout);
  if (timeline === null) throw new RangeError(`no fact is about rollout ${rollout}`);
  const status = statusBefore(timeline, at);
  if (status.endedBy !== null || at === -Infinity)
    return {
      timeline,
      status,
      held: { held: [], covered: [] },
      nextStart: null,
      followedBy: [],
    };
  const known = nfzsKnownAt(nfzTimelines(view), at - 1);
  const places = new ResolvedPlaces(() => membersAt(viewBefore(view, at).entities("node"), at - 1));
  const targets = status.submission?.data.targets;
  const matching = new NfzMatching(known, places, at).matching(places.of(targets));
  const inForce = matching.flatMap((each) => inForceAt(each, at) ?? []);
  const held = heldBy(status, inForce, at, runsOnFastPath(status));
  const { until: nextStart, followedBy } = holdOf(matching, at);
  return { timeline, status, held, nextStart, followedBy };
}

export const grantStates = ["holds", "revoked", "expired"] as const;

function grantJson(grant: Grant, at: number) {
  const { id, from, expiresAt, revokedAt, revokedBy, role, nfzIds, isDecided } = grant;
  const isRevoked = revokedAt < expiresAt;
  const state: (typeof grantStates)[number] = isRevoked
    ? "revoked"
    : expiresAt <= at
      ? "expired"
      : "holds";
  return {
    eventId: id,
    at: formatInstant(from),
    role,
    nfzIds,
    expiresAt: formatInstant(expiresAt),
    state,
    revokedAt: instantOrNull(revokedAt),
    revokedBy,
    reported: !isDecided,
  };
}

/** Who stated each fact and why, after its corrections. */
async function historyJson(ledger: Ledger, { applied }: RolloutTimeline, facts: readonly Fact[]) {
  const events = await ledger.store.findByIds(facts.map(({ id }) => id));
  const stated = new Map(events.map((event) => [event.id, event]));
  const fitting = new Set(applied.map(({ id }) => id));
  return facts.map(({ id, type, occurredAt, sequence, amendedBy, decision }) => {
    const attribution = stated.get(id)?.attribution;
    return {
      sequence,
      eventId: id,
      type,
      at: formatInstant(occurredAt),
      actor: attribution?.actor ?? null,
      reason: attribution?.reason ?? null,
      reported: decision === undefined,
      corrected: amendedBy.length > 0,
      fits: fitting.has(id),
    };
  });
}

export type RolloutAnswer = Awaited<ReturnType<typeof rolloutAnswer>>;
