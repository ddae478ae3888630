/**
 * What a source has told of one series on a node, as a set, and the outages that follow from it. The outages are a
 * function of the set alone, so that order and repetition of what was told change nothing.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import type { Says } from "../config/rule.ts";

/** A start that was told, with the latest end that was told with it. Instants in milliseconds since the epoch. */
export interface Claim {
  readonly start: number;
  end: number | null;
  says: Says;
  /** When the file was written that told the start, and the one that told the end; `null` where it does not matter. */
  toldIn: number | null;
  endToldIn: number | null;
}

/** The claims of one series, by start, and the ends that were told without a start. */
export interface Claims {
  readonly byStart: Map<number, Claim>;
  readonly bareEnds: Set<number>;
}

/** An end, and the claim that it was told with; `null` for a bare one. */
export interface ToldEnd {
  readonly at: number;
  readonly claim: number | null;
}

export interface Outage {
  /** In order of their start. */
  readonly claims: readonly Claim[];
  readonly from: number;
  /** `null`: it lasts. */
  readonly to: ToldEnd | null;
}

export function noClaims(): Claims {
  return { byStart: new Map(), bareEnds: new Set() };
}

/**
 * The outages, by start. With `touching`, a claim that begins at the end of the outage before it goes on with it, and
 * its own end counts from there.
 */
export function outagesOf({ byStart, bareEnds }: Claims, touching: boolean): Outage[] {
  const claims = [...byStart.values()].sort((a, b) => a.start - b.start);
  const bare = [...bareEnds].sort((a, b) => a - b);
  const outages: { claims: Claim[]; from: number; to: ToldEnd | null }[] = [];
  for (const claim of claims) {
    const end = endOf(claim, bare);
    const last = outages.at(-1);
    if (last === undefined || !joins(last.to, claim.start, touching)) {
      outages.push({ claims: [claim], from: claim.start, to: end });
      continue;
    }
    last.claims.push(claim);
    if (touching && last.to?.at === claim.start) last.to = end;
    else if (end !== null && (last.to === null || end.at > last.to.at)) last.to = end;
  }
  return outages;
}

function joins(to: ToldEnd | null, start: number, touching: boolean): boolean {
  return to === null || start < to.at || (touching && start === to.at);
}

/** Its own end, else the first bare end at or after its start. */
function endOf({ start, end }: Claim, bare: readonly number[]): ToldEnd | null {
  if (end !== null) return { at: end, claim: start };
  let low = 0;
  let high = bare.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(bare, middle) < start) low = middle + 1;
    else high = middle;
  }
  const first = bare[low];
  return first === undefined ? null : { at: first, claim: null };
}
