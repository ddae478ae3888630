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
  /** When the file was written that told how it ends; -Infinity where it does not matter. */
  readonly toldIn: number;
}

export function noClaims(): Claims {
  return { byStart: new Map(), bareEnds: new Set() };
}

type Growing = { -readonly [M in keyof Outage]: Outage[M] } & { readonly claims: Claim[] };

/**
 * The outages, by start. With `byFile`, claims are rows of files: one that begins at the end of the outage before it
 * goes on with it, and of two that overlap the one that a later file told says how the outage ends.
 */
export function outagesOf({ byStart, bareEnds }: Claims, byFile: boolean): Outage[] {
  const claims = [...byStart.values()].sort((a, b) => a.start - b.start);
  const bare = [...bareEnds].sort((a, b) => a - b);
  const outages: Growing[] = [];
  for (const claim of claims) {
    const to = endOf(claim, bare);
    const toldIn = latestFile(claim) ?? -Infinity;
    const last = outages.at(-1);
    if (last === undefined || !joins(last.to, claim.start, byFile)) {
      outages.push({ claims: [claim], from: claim.start, to, toldIn });
      continue;
    }
    last.claims.push(claim);
    if (byFile) joinRow(last, claim.start, to, toldIn);
    else last.to = later(last.to, to);
  }
  return outages;
}

function joins(to: ToldEnd | null, start: number, byFile: boolean): boolean {
  return to === null || start < to.at || (byFile && start === to.at);
}

/** The later of two ends; none is no end. */
function later(a: ToldEnd | null, b: ToldEnd | null): ToldEnd | null {
  if (a === null || b === null) return a ?? b;
  return b.at > a.at ? b : a;
}

function joinRow(outage: Growing, start: number, to: ToldEnd | null, toldIn: number): void {
  if (outage.to?.at === start) {
    outage.to = to;
    outage.toldIn = toldIn;
  } else if (toldIn === outage.toldIn) {
    outage.to = later(outage.to, to);
  } else if (toldIn > outage.toldIn) {
    outage.to = to === null ? null : later(outage.to, to);
    outage.toldIn = toldIn;
  }
}

/** When the latest file was written that told something of the claim. */
export function latestFile({ toldIn, endToldIn }: Claim): number | null {
  return toldIn === null || endToldIn === null
    ? (toldIn ?? endToldIn)
    : Math.max(toldIn, endToldIn);
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
