/** Adds what a payload tells to what was told of a series: what of it is news. */
import type { Claim } from "./claims.ts";
import { outagesOf } from "./claims.ts";
import type { BareEnd, Started, Withdrawn } from "./observation.ts";
import type { Series, Told } from "./told.ts";

/** What is new in a set of claims, and has to be in the ledger for it to be read back. */
export type News =
  | { readonly what: "start"; readonly start: number }
  | { readonly what: "end"; readonly start: number; readonly end: number }
  | { readonly what: "bare-end"; readonly end: number }
  /** The end that was told with the start is taken back. */
  | { readonly what: "lasts"; readonly start: number }
  | { readonly what: "withdrawn"; readonly start: number }
  | { readonly what: "told-again"; readonly start: number }
  /** The cause is known by now. */
  | { readonly what: "cause"; readonly start: number };

/** The news of a start; none if all of it is known. `toldIn` is when the file that tells it was written. */
export function tellStart(
  told: Told,
  series: Series,
  { from, to, says, onlyIfOver }: Started,
  toldIn: number | null,
): News[] {
  if (told.struckOf(series).has(from)) return [];
  const { byStart } = series.claims;
  const news: News[] = [];
  const withdrawn = series.withdrawn.get(from);
  if (withdrawn !== undefined) {
    if (!isLater(toldIn, withdrawn.toldIn)) return [];
    series.withdrawn.delete(from);
    byStart.set(from, withdrawn);
    news.push({ what: "told-again", start: from });
  }
  const claim = byStart.get(from);
  if (claim !== undefined) {
    if (told.touching) news.push(...tellCause(claim, says));
    return [...news, ...tellEnd(claim, to, toldIn, told.touching)];
  }
  if (onlyIfOver === true && lastsBy(told, series, Infinity)) return [];
  byStart.set(from, { start: from, end: to, says, toldIn, endToldIn: to === null ? null : toldIn });
  const start: News = { what: "start", start: from };
  return to === null ? [start] : [start, { what: "end", start: from, end: to }];
}

function tellEnd(
  claim: Claim,
  to: number | null,
  toldIn: number | null,
  lastsAgain: boolean,
): News[] {
  const { start, end } = claim;
  if (to === null) {
    if (!lastsAgain || end === null || !isLater(toldIn, claim.endToldIn)) return [];
    claim.end = null;
    claim.toldIn = toldIn;
    return [{ what: "lasts", start }];
  }
  if (end !== null && to <= end) return [];
  if (end === null && lastsAgain && isLater(claim.toldIn, toldIn)) return [];
  claim.end = to;
  claim.endToldIn = toldIn;
  return [{ what: "end", start, end: to }];
}

function tellCause(claim: Claim, says: Started["says"]): News[] {
  if (claim.says.category !== "unknown" || says.category === "unknown") return [];
  claim.says = says;
  return [{ what: "cause", start: claim.start }];
}

function isLater(a: number | null, b: number | null): boolean {
  return a !== null && (b === null || a > b);
}

/** The news of an end without a start: it is kept if an outage that has begun by then lasts. */
export function tellBareEnd(told: Told, series: Series, { at }: BareEnd): News[] {
  if (!lastsBy(told, series, at)) return [];
  series.claims.bareEnds.add(at);
  return [{ what: "bare-end", end: at }];
}

function lastsBy(told: Told, series: Series, at: number): boolean {
  return outagesOf(told.standingClaims(series), told.touching).some(
    ({ from, to }) => to === null && from <= at,
  );
}

/** The news that a start is something else by now; an older file does not say so. */
export function withdraw(series: Series, { from }: Withdrawn, toldIn: number | null): News[] {
  const claim = series.claims.byStart.get(from);
  if (claim === undefined || !isLater(toldIn, latest(claim))) return [];
  series.claims.byStart.delete(from);
  claim.toldIn = toldIn;
  series.withdrawn.set(from, claim);
  return [{ what: "withdrawn", start: from }];
}

function latest({ toldIn, endToldIn }: Claim): number | null {
  return toldIn === null || endToldIn === null ? (toldIn ?? endToldIn) : Math.max(toldIn, endToldIn);
}
