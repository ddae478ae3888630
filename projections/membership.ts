/** What counts of a stretch of a node's time: what lies in the first membership that it touches. */
import { firstEndingAfter } from "./intervals.ts";
import type { Membership } from "./node-timeline.ts";

/** A stretch as it counts. `decommissionedBy` is set if the node's decommissioning ended it. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly membership: Membership;
  readonly decommissionedBy: string | null;
}

/**
 * Cuts a stretch to the first membership that it touches; `null` if it touches none. One of no duration
 * touches the membership that it lies in. An end at the very instant of the decommissioning is its own.
 */
export function cutToMembership(
  stretch: { readonly from: number; readonly to: number },
  memberships: readonly Membership[],
): Cut | null {
  for (let i = firstEndingAfter(memberships, stretch.from); i < memberships.length; i++) {
    const membership = memberships[i];
    if (membership === undefined || membership.from === membership.to) continue;
    const touches = membership.from < stretch.to || membership.from <= stretch.from;
    if (!touches) return null;
    const overtaken = membership.to < stretch.to;
    return {
      from: Math.max(stretch.from, membership.from),
      to: overtaken ? membership.to : stretch.to,
      membership,
      decommissionedBy: overtaken ? membership.decommissionedBy : null,
    };
  }
  return null;
}
