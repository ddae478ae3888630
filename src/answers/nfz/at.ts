/** Which no-fly zones are in force at an instant, and what changes next. */
import {
  type KnownNfz,
  NfzMatching,
  inForceAt,
  nfzsKnownAt,
} from "../../../projections/nfz/in-force.ts";
import { ResolvedPlaces, membersAt } from "../../../projections/nodes/places.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { unionSorted } from "../../../projections/arithmetic/intervals.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { type InForceJson, inForceJson } from "../../decisions/rollouts/start.ts";
import { LedgerError } from "../../errors.ts";
import { nodesAt } from "../timeline-json.ts";

/** Only zones that affect these. */
interface NfzFilter {
  readonly node?: string | undefined;
  readonly rollout?: string | undefined;
}

interface NfzAtJson {
  /** Ordered by name. */
  readonly inForce: readonly InForceJson[];
  readonly nextChange: string | null;
  readonly resolvedUntil: string | null;
}

/** According to facts with `occurredAt` up to the instant. Throws `not-found` for a node or rollout that no fact names. */
export function nfzAt(view: ClusterView, at: number, filter: NfzFilter): NfzAtJson {
  const known = filtered(view, nfzsKnownAt(view.entities("nfz"), at), at, filter);
  const next = Math.min(...known.map((each) => nextEdge(each, at)));
  const until = Math.min(...known.map(({ resolvedUntil }) => resolvedUntil ?? Infinity));
  return {
    inForce: known.flatMap((each) => inForceAt(each, at) ?? []).map(inForceJson),
    nextChange: Number.isFinite(next) ? formatInstant(next) : null,
    resolvedUntil: Number.isFinite(until) ? formatInstant(until) : null,
  };
}

/** The next instant at which it comes into force or ends; Infinity if none is recorded. */
function nextEdge({ occurrences }: KnownNfz, at: number): number {
  const edges = unionSorted(occurrences).flatMap(({ from, to }) => [from, to]);
  return edges.find((edge) => edge > at) ?? Infinity;
}

function filtered(
  view: ClusterView,
  known: readonly KnownNfz[],
  at: number,
  { node, rollout }: NfzFilter,
): readonly KnownNfz[] {
  if (node === undefined && rollout === undefined) return known;
  let kept = known;
  if (node !== undefined) {
    const timeline = view.entity("node", node);
    if (timeline === null) throw notFound("node", node, view);
    // Of all members only this one matters.
    const members = membersAt([timeline], at);
    const matching = new NfzMatching(known, new ResolvedPlaces(() => members), at);
    kept = kept.filter((each) => matching.holdsNode(each, node));
  }
  if (rollout !== undefined) {
    const timeline = view.entity("rollout", rollout);
    if (timeline === null) throw notFound("rollout", rollout, view);
    const { submission } = statusBefore(timeline, at + 1);
    const members = membersAt(nodesAt(view, at), at);
    const places = new ResolvedPlaces(() => members);
    const held = new NfzMatching(known, places, at).matching(places.of(submission?.data.targets));
    kept = kept.filter((each) => held.includes(each));
  }
  return kept;
}

function notFound(kind: "node" | "rollout", name: string, { cluster }: ClusterView): LedgerError {
  return new LedgerError("not-found", `No fact names a ${kind} ${name} in ${cluster}.`, {
    errors: [{ path: `/query/${kind}`, message: "is not known" }],
  });
}
