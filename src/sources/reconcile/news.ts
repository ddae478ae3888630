/** Adds what a payload tells to what was told of a series: what of it is news. */
import { canonicalJson } from "../../events/canonical/canonical.ts";
import type { Claim, Outage } from "./claims.ts";
import { latestFile, outagesOf } from "./claims.ts";
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
  observation: Started,
  toldIn: number | null,
): News[] {
  const { from, to, says, onlyIfOver } = observation;
  if (told.struckOf(series).has(from)) return [];
  const { byStart } = series.claims;
  const news: News[] = [];
  const withdrawn = series.withdrawn.get(from);
  if (withdrawn !== undefined) {
    if (!isLater(toldIn, withdrawn.toldIn)) return [];
    series.withdrawn.delete(from);
    // As it is read back: what it was told with before counts as of this file, unless this file says otherwise.
    withdrawn.toldIn = toldIn;
    byStart.set(from, withdrawn);
    news.push({ what: "told-again", start: from });
  }
  const claim = byStart.get(from);
  if (claim !== undefined) {
    if (!told.byFile) return tellEnd(claim, to, toldIn);
    const outages = outagesOf(told.standingClaims(series), true);
    const around = outages.find(({ claims }) => claims.includes(claim));
    const cause = told.byRow ? tellOtherCause(claim, says, toldIn) : tellCause(claim, says);
    news.push(...cause, ...tellRow(claim, observation, toldIn, around));
    return news;
  }
  if (onlyIfOver === true && lastsBy(told, series, Infinity)) return [];
  byStart.set(from, { start: from, end: to, says, toldIn, endToldIn: to === null ? null : toldIn });
  const start: News = { what: "start", start: from };
  return to === null ? [start] : [start, { what: "end", start: from, end: to }];
}

/** Of the ends that were told with a start the latest counts. */
function tellEnd(claim: Claim, to: number | null, toldIn: number | null): News[] {
  const { start, end } = claim;
  if (to === null || (end !== null && to <= end)) return [];
  claim.end = to;
  claim.endToldIn = toldIn;
  return [{ what: "end", start, end: to }];
}

/**
 * Files are more than messages: what a later one says of a row replaces what an earlier one said, and an earlier one says
 * nothing any more. But what a file lacks says nothing: only one that has what came next moves an end back.
 */
function tellRow(
  claim: Claim,
  { to, isFinal = false }: Started,
  toldIn: number | null,
  outage: Outage | undefined,
): News[] {
  const known = outage?.to?.at ?? null;
  if (to === known || (outage?.toldIn ?? -Infinity) > (toldIn ?? -Infinity)) return [];
  const { start } = claim;
  if (to === null) {
    claim.end = null;
    claim.toldIn = toldIn;
    return [{ what: "lasts", start }];
  }
  if (known !== null && to < known && !isFinal) return [];
  claim.end = to;
  claim.endToldIn = toldIn;
  return [{ what: "end", start, end: to }];
}

function tellCause(claim: Claim, says: Started["says"]): News[] {
  if (claim.says.category !== "unknown" || says.category === "unknown") return [];
  claim.says = says;
  return [{ what: "cause", start: claim.start }];
}

/** Of a row, what the latest file says of its cause holds. */
function tellOtherCause(claim: Claim, says: Started["says"], toldIn: number | null): News[] {
  const isSame = canonicalJson(claim.says) === canonicalJson(says);
  if (isSame || (toldIn ?? -Infinity) < (latestFile(claim) ?? -Infinity)) return [];
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
  return outagesOf(told.standingClaims(series), told.byFile).some(
    ({ from, to }) => to === null && from <= at,
  );
}

/** The news that a start is something else by now; an older file does not say so. */
export function withdraw(series: Series, { from }: Withdrawn, toldIn: number | null): News[] {
  const starts = from === null ? [...series.claims.byStart.keys()] : [from];
  return starts.flatMap((start) => withdrawOne(series, start, toldIn));
}

/** The news that a series has this start alone; nothing where an earlier file says so. */
export function withdrawOthers(series: Series, keep: number | null, toldIn: number | null): News[] {
  const others = [...series.claims.byStart.keys()].filter((start) => start !== keep);
  return others.flatMap((start) => withdrawOne(series, start, toldIn));
}

/** Whether a later file, or the same, has told another start of the series. */
export function isOutdated(series: Series, start: number | null, toldIn: number | null): boolean {
  return [...series.claims.byStart.values()].some(
    (claim) => claim.start !== start && !isLater(toldIn, latestFile(claim)),
  );
}

function withdrawOne(series: Series, start: number, toldIn: number | null): News[] {
  const claim = series.claims.byStart.get(start);
  if (claim === undefined || !isLater(toldIn, latestFile(claim))) return [];
  series.claims.byStart.delete(start);
  claim.toldIn = toldIn;
  series.withdrawn.set(start, claim);
  return [{ what: "withdrawn", start }];
}
