/** Whether a cluster is frozen at an instant, until when, and how much of it. */
import type { KnownNfz } from "../../../projections/nfz/in-force.ts";
import { holdOf, inForceAt, nfzsKnownAt } from "../../../projections/nfz/in-force.ts";
import type { Members } from "../../../projections/nodes/places.ts";
import { membersAt, placesOf } from "../../../projections/nodes/places.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { nodesAt } from "../../answers/timeline-json.ts";

export interface Freeze {
  /** Names of the zones in force. */
  readonly nfzs: readonly string[];
  /** Names of those that begin before `until`, by their begin. */
  readonly followedBy: readonly string[];
  /** The first instant at which none of them is in force; `null` if none is known. */
  readonly until: number | null;
  /** How much is frozen in words, such as `10 of 20 racks`; `null` for the whole cluster. */
  readonly part: string | null;
}

/** `null` if no zone is in force. */
export function freezeAt(view: ClusterView, at: number): Freeze | null {
  const known = nfzsKnownAt(view.entities("nfz"), at);
  const inForce = known.filter((each) => inForceAt(each, at) !== null);
  if (inForce.length === 0) return null;
  const { until, followedBy } = holdOf(known, at);
  return {
    nfzs: inForce.map(({ nfz }) => nfz),
    followedBy: followedBy.map((each) => each.known.nfz),
    until,
    part: partOf(inForce, membersAt(nodesAt(view, at), at)),
  };
}

function partOf(inForce: readonly KnownNfz[], members: Members): string | null {
  const frozen = new Set<string>();
  for (const { scope } of inForce) {
    const places = placesOf(scope, members);
    if (places === null) return null;
    for (const node of places) if (members.nodes.has(node)) frozen.add(node);
  }
  const racks = [...members.byRack.values()];
  const whole = racks.filter((nodes) => nodes.every((node) => frozen.has(node)));
  const inRacks = whole.reduce((sum, nodes) => sum + nodes.length, 0);
  if (racks.length > 0 && inRacks === frozen.size)
    return `${whole.length} of ${racks.length} racks`;
  return `${frozen.size} of ${members.nodes.size} nodes`;
}
