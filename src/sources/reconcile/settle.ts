/**
 * Settling: the difference between the outages that follow from what a source has told of a series, and its faults as
 * they stand in the ledger, as drafts of events. Maintenance and lost observation are settled in the same way.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Claim, Outage, ToldEnd } from "./claims.ts";
import { latestFile, outagesOf } from "./claims.ts";
import { type Circumstances, type Draft, Drafts, endKey, startKey } from "./drafts.ts";
import { readClaimName } from "./names.ts";
import type { News } from "./news.ts";
import type { Stated } from "./stated.ts";
import { lastsAgain, type Series, type Told } from "./told.ts";

/** The drafts by which the ledger comes to say what was told, `news` among it. */
export function settle(
  told: Told,
  series: Series,
  news: readonly News[],
  when: Circumstances,
): Draft[] {
  const drafts = new Drafts(told, series, when);
  const outages = outagesOf(told.standingClaims(series), told.byFile);
  const kept = new Map<Outage, string>();
  for (const outage of outages) kept.set(outage, settleOutage(told, series, drafts, outage));
  for (const each of news) {
    if (each.what === "withdrawn") retractWithdrawn(series, drafts, each.start);
    else keepNews(series, drafts, each, outages, kept);
  }
  return drafts.made;
}

/** The id of the fault that the outage keeps. */
function settleOutage(told: Told, series: Series, drafts: Drafts, outage: Outage): string {
  const candidates = series.starts.filter((each) => isOfOutage(told, each, outage));
  const standing = candidates.filter((each) => !each.isRetracted);
  const kept = standing[0] ?? candidates.find((each) => !each.isForeign);
  const first = at(outage.claims, 0);
  // Somebody else has touched the retraction of what would come back: it is left alone.
  const left = candidates.find((each) => each.isForeign);
  if (kept === undefined && left !== undefined) return left.of;
  if (kept === undefined) {
    drafts.start(first.start, saysOf(outage));
    settleEnd(told, series, drafts, { of: drafts.claim(first.start), outage });
    return drafts.claim(first.start);
  }
  if (kept.isRetracted) bringBack(drafts, kept);
  if (!kept.isForeign) {
    if (kept.occurredAt !== first.start)
      drafts.correctStart(kept.event.id, first.start, `it began at ${formatInstant(first.start)}`);
    if (told.byRow && series.kind === "fault") restate(drafts, kept, outage);
    else if (told.byFile && series.kind === "fault") refine(drafts, kept, outage);
  }
  settleEnd(told, series, drafts, { of: kept.of, outage });
  for (const other of standing.slice(1)) {
    // What somebody else has touched stays, so it has to end with the outage.
    if (other.isForeign) settleEnd(told, series, drafts, { of: other.of, outage });
    else retractMerged(series, drafts, other, kept.of);
  }
  return kept.of;
}

function bringBack(drafts: Drafts, stated: Stated): void {
  for (const id of stated.ownRetractions()) drafts.retract(id, stated.of, "it holds again");
  drafts.declare(stated.of);
}

function isOfOutage({ place }: Told, { of, isStruck }: Stated, { claims }: Outage): boolean {
  const start = readClaimName(place.source, of)?.start ?? null;
  return !isStruck && claims.some((claim) => claim.start === start);
}

/** The cause that the first claim with a known one says. */
function saysOf({ claims }: Outage) {
  const known = claims.find(({ says }) => says.category !== "unknown");
  return (known ?? at(claims, 0)).says;
}

/** States the cause of a fault that had none. */
function refine(drafts: Drafts, kept: Stated, outage: Outage): void {
  const says = saysOf(outage);
  if (kept.data["category"] !== "unknown" || says.category === "unknown") return;
  const claim = outage.claims.find((each) => each.says === says) ?? at(outage.claims, 0);
  drafts.correctData(kept.event.id, { ...kept.data, ...says }, claim.start, "its cause is known");
}

/** States another cause than the one that an earlier file gave. */
function restate(drafts: Drafts, { event, data }: Stated, outage: Outage): void {
  const { category, component, codes, ...rest } = data;
  const says = saysOf(outage);
  const before = { category, component, codes };
  if (canonicalJson(JSON.parse(JSON.stringify(before))) === canonicalJson(says)) return;
  const claim = outage.claims.find((each) => each.says === says) ?? at(outage.claims, 0);
  drafts.correctData(event.id, { ...rest, ...says }, claim.start, "its cause is another");
}

function retractMerged(series: Series, drafts: Drafts, other: Stated, kept: string): void {
  const reason = `part of ${kept}`;
  drafts.retract(other.event.id, kept, reason);
  for (const end of series.ends) {
    if (end.of === other.of && !end.isRetracted && !end.isForeign)
      drafts.retract(end.event.id, kept, reason);
  }
}

/** Brings the end of a fault to that of its outage. */
function settleEnd(
  told: Told,
  series: Series,
  drafts: Drafts,
  { of, outage }: { readonly of: string; readonly outage: Outage },
): void {
  const { to } = outage;
  const ends = series.ends.filter((each) => each.of === of);
  const standing = ends.find((each) => !each.isRetracted);
  if (to === null) {
    if (standing === undefined || standing.isForeign) return;
    // Another row may have told the end last: the one that lasts by now says so, and is read back.
    takeBack(drafts, standing, (told.byFile ? lastingOf(outage) : null) ?? standing.toldBy);
    return;
  }
  const reason = `it ended at ${formatInstant(to.at)}`;
  if (standing !== undefined) {
    if (standing.occurredAt !== to.at && !standing.isForeign)
      drafts.correctEnd(standing.event.id, to.at, to.claim, reason);
    return;
  }
  // One that somebody else has retracted has been told, and is left alone.
  if (ends.some((each) => each.isStruck && each.event.occurredAt === to.at)) return;
  const own = ends.filter((each) => !each.isForeign);
  const again =
    own.find((each) => each.occurredAt === to.at) ??
    own.find((each) => each.event.id === drafts.endId(of, to.at));
  if (again === undefined) {
    const isTaken = ends.some((each) => each.event.id === drafts.endId(of, to.at));
    if (!isTaken) drafts.end(of, to.at, to.claim);
    return;
  }
  for (const id of again.ownRetractions())
    drafts.retract(id, drafts.claim(to.claim), "it holds again");
  if (again.occurredAt !== to.at) drafts.correctEnd(again.event.id, to.at, to.claim, reason);
}

/** The start of the claim without an end that was told last. */
function lastingOf({ claims }: Outage): number | null {
  const fileOf = (claim: Claim) => latestFile(claim) ?? -Infinity;
  const lasting = claims.filter(({ end }) => end === null);
  const last = Math.max(...lasting.map(fileOf));
  return lasting.findLast((claim) => fileOf(claim) === last)?.start ?? null;
}

/** Takes an end back that a later file does not tell any more, in the name of the claim that lasts. */
function takeBack(drafts: Drafts, { event }: Stated, start: number | null): void {
  const claim = drafts.claim(start);
  drafts.retract(event.id, claim, lastsAgain);
  drafts.declare(`lasts: ${claim}`);
}

function retractWithdrawn(series: Series, drafts: Drafts, start: number): void {
  const of = drafts.claim(start);
  const reason = "it was something else";
  const stated = series.starts.find((each) => each.of === of);
  // A start that was told by a correction has no event of its own to be retracted.
  const id = stated?.event.id ?? drafts.start(start, { category: "unknown" });
  if (stated?.isForeign === true) return;
  drafts.retract(id, of, reason);
  for (const end of series.ends) {
    if (end.of === of && !end.isRetracted && !end.isForeign)
      drafts.retract(end.event.id, of, reason);
  }
}

/** News that none of the drafts says is stated and retracted at once, so that it can be read back. */
function keepNews(
  series: Series,
  drafts: Drafts,
  news: Exclude<News, { what: "withdrawn" }>,
  outages: readonly Outage[],
  kept: ReadonlyMap<Outage, string>,
): void {
  const keptAround = (instant: number) => {
    const around = outages.filter(({ from }) => from <= instant).at(-1);
    return (around === undefined ? undefined : kept.get(around)) ?? drafts.claim(instant);
  };
  switch (news.what) {
    case "start": {
      if (drafts.declares(startKey(news.start))) return;
      const claim = series.claims.byStart.get(news.start);
      const of = keptAround(news.start);
      const id = drafts.start(news.start, claim?.says ?? { category: "unknown" });
      drafts.retract(id, of, `part of ${of}`);
      return;
    }
    case "end":
      // The same payload told a later one.
      if (series.claims.byStart.get(news.start)?.end !== news.end) return;
      keepEnd(series, drafts, { at: news.end, claim: news.start }, keptAround(news.start));
      return;
    case "bare-end":
      keepEnd(series, drafts, { at: news.end, claim: null }, keptAround(news.end));
      return;
    case "told-again": {
      const stated = series.starts.find((each) => each.of === drafts.claim(news.start));
      if (stated === undefined || drafts.declares(stated.of)) return;
      bringBack(drafts, stated);
      const of = keptAround(news.start);
      drafts.retract(stated.event.id, of, `part of ${of}`);
      return;
    }
    case "lasts": {
      const end = series.ends.findLast(({ toldBy }) => toldBy === news.start);
      if (end === undefined || end.isForeign) return;
      if (!drafts.declares(`lasts: ${drafts.claim(news.start)}`)) takeBack(drafts, end, news.start);
      return;
    }
    case "cause":
  }
}

function keepEnd(series: Series, drafts: Drafts, told: ToldEnd, kept: string): void {
  if (drafts.declares(endKey(told.claim, told.at))) return;
  const of = told.claim === null ? kept : drafts.claim(told.claim);
  const reason = `part of ${kept}`;
  const taken = drafts.endId(of, told.at);
  const before = series.ends.find(({ event }) => event.id === taken);
  if (before?.isForeign === true) return;
  const isTaken = before !== undefined || drafts.made.some(({ id }) => id === taken);
  // An event of that id says it with another claim: a correction of it that is taken back says it with this one.
  const id = isTaken
    ? drafts.correctEnd(taken, told.at, told.claim, reason)
    : drafts.end(of, told.at, told.claim);
  drafts.retract(id, kept, reason);
}
